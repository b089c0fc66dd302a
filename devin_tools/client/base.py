"""What both clients show of their state."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from copy import copy
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ..errors import Hint, MissingSetting
from ..reading import unreadable
from ..settings import MEANINGS, Settings
from ..tool import Output, Tool
from .call_limits import CallLimits
from .state import ClientState

if TYPE_CHECKING:
    from inspect import Signature
    from pathlib import Path

    from pydantic import SecretStr

    from ..paging.page import Page
    from .preview import Preview

OutT = TypeVar("OutT", bound=Output)
P = TypeVar("P", bound="Page[Any]")

log = logging.getLogger("devin_tools")


class _Signature:
    """The signature of a client with each setting by its name, for `help()`, notebooks and IDEs."""

    def __get__(self, client: object, owner: type[BaseClient]) -> Signature:
        from inspect import Parameter, Signature, signature

        _, *parameters, _ = signature(owner.__init__).parameters.values()
        settings = [
            Parameter(one.name, Parameter.KEYWORD_ONLY, default=None, annotation=one.type)
            for one in fields(Settings)
            if one.name in MEANINGS
        ]
        return Signature([*parameters, *settings])


class BaseClient:
    """What both clients show of their state."""

    __signature__ = _Signature()

    state: ClientState
    """What it knows and decides; engines that drive flows themselves ask it."""

    @property
    def settings(self) -> Settings:
        """Its settings."""
        return self.state.settings

    @property
    def limits(self) -> CallLimits:
        """What the settings allow, and how many sessions were started under them."""
        return self.state.limits

    @limits.setter
    def limits(self, limits: CallLimits) -> None:
        """Take over the limits of another client, with their count."""
        self.state.limits = limits

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.settings.base_url!r}, org_id={self.state.org_id!r})"

    def preview(self, call: Tool[Any]) -> Preview:
        """Return what a call would send, without sending it: a dry run."""
        from .preview import preview

        return preview(call, self.settings)

    def now(self) -> float:
        """Return the time of this client's clock, in seconds since 1970."""
        return self.state.clock.now()

    def acting_as(self, *, api_key: SecretStr | str | None = None, org_id: str | None = None) -> Self:
        """Return a client of another account, over the same connections and under the same rules.

        Close the client it came from, not this one.
        """
        other = copy(self)
        other.state = self.state.for_account(api_key, org_id)
        return other


def chosen_settings(
    settings: Settings | None, env_file: str | Path | None, given: Mapping[str, Any]
) -> Settings:
    """Return the settings of a client: single ones win over all that are given together.

    Raises `MissingSetting` for what is not an instance of `Settings`, and for values that do not fit.
    """
    if settings is None:
        return Settings.load(env_file=env_file, **given)
    if not isinstance(settings, Settings):
        raise MissingSetting(
            "The first argument of a client is an instance of Settings.",
            hint=Hint(python="Pass single settings by name: Client(api_key=..., org_id=...)."),
        )
    if env_file is not None:
        raise MissingSetting(
            "A client takes settings or env_file, not both.",
            hint=Hint(python="Read the file with Settings.load(env_file=...)."),
        )
    changed = {name: value for name, value in given.items() if value is not None}
    return replace(settings, **changed) if changed else settings


def with_warning(page: P) -> P:
    """Warn of rows that could not be read: whoever walks over the items sees no page that says so."""
    if places := unreadable(page):
        log.warning("not as documented, so left out of %s: %s", page.items_field, ", ".join(places))
    return page
