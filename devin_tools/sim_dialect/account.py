"""`apiKey` and `orgId`: the account of one call, given among its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from ..errors import MissingSetting

__all__ = ["API_KEY", "BLANKS", "ORG_ID", "Account"]

API_KEY, ORG_ID = "apiKey", "orgId"

BLANKS = (
    " \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
)
BLANKS += "\u202f\u205f\u3000\ufeff"
"""What JavaScript trims, which is not all that Python does, and the other way round."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose call it is; `None`: what the settings say. The key shows in no text of it."""

    api_key: SecretStr | None = None
    org_id: str | None = None

    @classmethod
    def among(cls, params: Mapping[str, Any]) -> Account:
        """Find the account among parameters.

        Raises `MissingSetting` for one that is there and empty: an unset variable of a workflow must not
        make the call run as somebody else.
        """
        key, org_id = _text(params, API_KEY), _text(params, ORG_ID)
        return cls(None if key is None else SecretStr(key), org_id)

    def overrides(self) -> dict[str, Any]:
        """Give the settings that it replaces."""
        given = {"api_key": self.api_key, "org_id": self.org_id}
        return {name: value for name, value in given.items() if value is not None}


def _text(params: Mapping[str, Any], name: str) -> str | None:
    if name not in params:
        return None
    value = params[name]
    text = value.strip(BLANKS) if isinstance(value, str) else ""
    if not text:
        raise MissingSetting(
            f"{name} is among the parameters, but holds no text.",
            hint="Give it a value, or leave it out to use the settings (DEVIN_API_KEY, DEVIN_ORG_ID).",
        )
    return text
