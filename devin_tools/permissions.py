"""Which tools the settings refuse, whatever their arguments are: decided once, for offers and for calls."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from .settings import Settings
from .spec import Spec
from .text.suggestions import nearest
from .tool_index import read_index

__all__ = ["Veto", "is_permitted", "veto_of"]


class Veto(NamedTuple):
    """A rule of the settings that refuses a tool, and why."""

    rule: str
    reason: str


def is_permitted(spec: Spec, settings: Settings) -> bool:
    """Return whether the settings do not refuse a tool whatever its arguments are."""
    return veto_of(spec, settings) is None


def veto_of(spec: Spec, settings: Settings, *, is_inside: bool = False) -> Veto | None:
    """Return the rule that refuses a tool; a part of another call needs no place among the allowed tools."""
    if settings.read_only and not spec.effect.only_reads:
        does = "changes something" if spec.effect.kind != "read" else "spends ACUs"
        return Veto("read_only", f"{spec.name} {does}, and only reads are allowed.")
    for denied in settings.denied_tools:
        if denied == spec.name:
            return Veto("denied_tools", f"{spec.name} is among the denied tools.")
        if _meant_by(denied) == spec.name:  # a rule that fits nothing would let pass what it was written for
            reason = f"{spec.name} may be meant: no tool is called {denied}, which the rule names."
            return Veto("denied_tools", reason)
    if not is_inside and settings.allowed_tools is not None and spec.name not in settings.allowed_tools:
        return Veto("allowed_tools", f"{spec.name} is not among the allowed tools.")
    return None


@cache
def _meant_by(name: str) -> str | None:
    """Return the tool that a name stands for which is nearly its own; `None` for that of any tool."""
    if name in {spec.name for spec in read_index()}:
        return None
    from .catalog import load_catalog  # here, as it looks for plugins

    known = load_catalog().specs
    return None if name in known else next(iter(nearest(name, known)), None)
