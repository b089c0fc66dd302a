"""Which tools to offer: presets by what tools do, and patterns over their names.

A preset looks at a tool's resource and effect, never at its name, so that a plugin's tool falls where it
belongs: one that only reads is in `observe`, one of a resource that a preset names is in that preset, and
`admin` has everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from .catalog import Catalog, unknown_tool
from .errors import UsageError
from .model_input import for_a_model, for_models
from .settings import Settings
from .spec import Spec
from .text.suggestions import one_of

__all__ = ["PRESETS", "Preset", "chosen", "is_permitted", "narrowed", "offered"]

SESSIONS = frozenset({"sessions", "messages", "tags", "attachments", "insights"})
STANDING = frozenset({"schedules", "playbooks", "knowledge"})


@dataclass(frozen=True, slots=True)
class Preset:
    """A choice of tools: of some resources, or of all; only those that read, or all."""

    summary: str
    resources: frozenset[str] | None = None
    reads_only: bool = False

    def has(self, spec: Spec) -> bool:
        """Return whether a tool is in it."""
        is_near = self.resources is None or spec.resource in self.resources
        return is_near and (spec.effect.only_reads or not self.reads_only)


PRESETS = {
    "observe": Preset("every tool that only reads", reads_only=True),
    "operate": Preset("sessions with their messages, tags, files, insights and waits", SESSIONS),
    "automate": Preset("operate, and schedules, playbooks and knowledge", SESSIONS | STANDING),
    "admin": Preset("every tool"),
}
"""Each preset by its name."""


def chosen(
    specs: Iterable[Spec],
    preset: str | None = None,
    *,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] = (),
) -> list[Spec]:
    """Choose tools: those of the preset and those that `include` names, without those `exclude` names.

    With neither it begins with all. Patterns are those of a shell (`devin_*_note`). Raises `UnknownTool`
    for a pattern that fits no tool, and `UsageError` for a preset that there is not.
    """
    known = list(specs)
    if preset is not None and preset not in PRESETS:
        raise UsageError("No preset has this name.", hint=one_of(preset, PRESETS, "presets"))
    for pattern in (*(include or ()), *exclude):
        if not any(fnmatchcase(spec.name, pattern) for spec in known):
            raise unknown_tool(pattern, [spec.name for spec in known], ", or fits that pattern")
    if preset is not None or include is not None:
        known = [
            spec.chosen()
            for spec in known
            if (preset and PRESETS[preset].has(spec)) or _fits(spec, include or ())
        ]
    return [spec for spec in known if not _fits(spec, exclude)]


def _fits(spec: Spec, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(spec.name, pattern) for pattern in patterns)


def narrowed(
    catalog: Catalog,
    settings: Settings,
    *,
    preset: str | None = None,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] = (),
    read_only: bool = False,
) -> Settings:
    """Return settings that allow less: what they refuse already stays refused.

    Raises what `chosen` raises, and `Refused` for a name of a tool that is offered to no model.
    """
    for name in include or ():
        if name in catalog.specs:
            for_a_model(catalog.specs[name].chosen())
    allowed = settings.allowed_tools
    if preset is not None or include is not None or exclude:
        found = chosen(catalog, preset, include=include, exclude=exclude)
        is_kept = settings.allow_unbounded or allowed is not None
        named = [spec.name for spec in found if is_kept or spec.is_chosen or not spec.is_standing]
        allowed = tuple(name for name in named if allowed is None or name in allowed)
    return replace(settings, allowed_tools=allowed, read_only=settings.read_only or read_only)


def offered(catalog: Catalog, settings: Settings) -> dict[str, Spec]:
    """Find the tools that models can call and the settings do not refuse whatever their arguments are."""
    found = for_models(catalog, settings)
    return {spec.name: spec.chosen() for spec in found if is_permitted(spec, settings)}


def is_permitted(spec: Spec, settings: Settings) -> bool:
    """Return whether the settings do not refuse a tool whatever its arguments are."""
    if settings.read_only and not spec.effect.only_reads:
        return False
    is_allowed = settings.allowed_tools is None or spec.name in settings.allowed_tools
    return is_allowed and spec.name not in settings.denied_tools
