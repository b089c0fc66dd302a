"""Who keys stand for: service users of an organisation, or of the enterprise that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import TypeAlias

from .refusal import Refusal

ORG_ID = "org-5e0f0000000000000000000000000001"
OTHER_ORG_ID = "org-5e0f0000000000000000000000000002"
"""The organisation beside the one that clients of the simulator are set to."""

SERVICE_USER_ID = "service-user-simulator"


@dataclass(frozen=True, slots=True)
class Principal:
    """A service user, and what its key may do."""

    service_user_id: str = SERVICE_USER_ID
    name: str = "devin-tools simulator"
    org_id: str | None = ORG_ID
    """Its organisation; `None` for one of the enterprise, who may be active in each."""
    is_of_enterprise: bool = True
    """Whether its key opens the paths of the enterprise."""
    permissions: Set[str] | None = None
    """The vendor's names of what it may do; `None` stands for everything."""
    by_scope: Callable[[str | None], Set[str]] | None = field(default=None, repr=False)
    """Returns that for an organisation, or with `None` for the enterprise, where its roles say it."""

    def may(self, permission: str, scope: str | None) -> bool:
        """Return whether it has a permission in an organisation, or with `None` in the enterprise."""
        permitted = self.permissions if self.by_scope is None else self.by_scope(scope)
        return not permission or permitted is None or permission in permitted

    def reaches(self, org_id: str) -> bool:
        """Return whether it may be active in an organisation."""
        if self.is_of_enterprise or self.org_id == org_id:
            return True
        return self.by_scope is not None and bool(self.by_scope(org_id))


Keys: TypeAlias = Mapping[str, Set[str] | Principal]
"""Principals, or permissions of the simulator's own service user, by key."""

ORGANIZATION_KEY = "cog_simulator_organization"
ENTERPRISE_KEY = "cog_simulator_enterprise"

KNOWN: Mapping[str, Principal] = {
    ORGANIZATION_KEY: Principal("service-user-organization", "Of the organisation", is_of_enterprise=False),
    ENTERPRISE_KEY: Principal("service-user-enterprise", "Of the enterprise", org_id=None),
}
"""Who these keys stand for where no others are given; any other may do everything, everywhere."""


@dataclass
class Token:
    """A key that was made in this world."""

    api_key_id: str
    name: str
    service_user_id: str
    created_at: float
    holder: Callable[[float], Principal | None] = field(repr=False)
    """Returns who it stands for by a time, `None` while nobody: roles change, and service users go."""
    expires_at: float | None = None
    last_used_at: float | None = None
    revoked_at: float | None = None

    def is_active(self, now: float) -> bool:
        """Return whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)

    def used(self, now: float) -> Principal | None:
        """Return who it stands for, and note the use; `None` once it no longer works."""
        principal = self.holder(now) if self.is_active(now) else None
        if principal is not None:
            self.last_used_at = now
        return principal


def principal_of(
    authorization: str | None, keys: Keys | None, tokens: Mapping[str, Token], now: float
) -> Principal:
    """Return who a key stands for; refuse with 401 one that is unknown, revoked or expired."""
    scheme, _, key = (authorization or "").partition(" ")
    if scheme.lower() == "bearer" and key.startswith("cog_"):
        if key in tokens:
            if (principal := tokens[key].used(now)) is not None:
                return principal
        elif keys is None:
            return KNOWN.get(key, Principal())
        elif key in keys:
            found = keys[key]
            return found if isinstance(found, Principal) else Principal(permissions=found)
    raise Refusal(401, "Invalid or missing API key: keys of v3 begin with cog_, after Bearer")
