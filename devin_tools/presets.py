"""Which tools to offer: one choice, the same at every door.

A choice (`ToolChoice`) is the name of a preset, names of tools, patterns over them, classes, specs, or a mix;
`chosen` reads it, and `chosen_for_models` leaves out of it what no model may call. A preset other than `core`
looks at a tool's resource, scope and effect, never at its name, so that a plugin's tool falls where it
belongs: one that only reads is in `observe`, one of a resource that a preset names is in that preset, as far
as it is an organisation's. One that administers accounts is in no other than `administer`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from .catalog import Catalog, installed_catalog, unknown_tool
from .declarations import describe
from .errors import Hint, UsageError, what_is
from .model_input import for_a_model, for_models, unasked
from .permissions import is_permitted
from .settings import Settings
from .spec import Spec
from .text.listed import split_names
from .text.suggestions import one_of
from .tool import Tool

__all__ = [
    "PRESETS",
    "Preset",
    "ToolChoice",
    "chosen",
    "chosen_for_models",
    "narrowed",
    "offered",
    "older_name",
    "require_catalog",
]

ToolChoice: TypeAlias = "str | Spec | type[Tool[Any]] | Iterable[str | Spec | type[Tool[Any]]]"
"""What chooses tools: a preset, a tool's name, a pattern as of a shell (several with commas between them), a
tool's class, a spec, or any of these in a list, a catalog or a generator."""

CORE = frozenset(
    {
        "devin_create_session",
        "devin_wait_session",
        "devin_get_session",
        "devin_send_message",
        "devin_list_sessions",
        "devin_list_session_messages",
        "devin_list_session_attachments",
        "devin_append_session_tags",
    }
)
SESSIONS = frozenset({"sessions", "messages", "tags", "attachments", "insights"})
STANDING = frozenset({"schedules", "playbooks", "knowledge", "automations"})
ACCOUNTS = frozenset(
    f"enterprise_{name}"
    for name in (
        *("organizations", "organization_tags", "users", "roles", "service_users", "api_keys", "idp_groups"),
        *("git", "ip_access", "acu_limits"),
    )
)
"""The resources whose tools read what administrators change."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A choice of tools, by what is said of each."""

    summary: str
    test: Callable[[Spec], bool]

    def has(self, spec: Spec) -> bool:
        """Return whether a tool is in it."""
        return self.test(spec)


def _is_ordinary(spec: Spec) -> bool:
    return spec.scope == "organization" and not spec.effect.is_administrative


def _observes(spec: Spec) -> bool:
    return _is_ordinary(spec) and spec.effect.only_reads and not spec.effect.is_private


def _audits(spec: Spec) -> bool:
    return spec.effect.only_reads and spec.scope == "enterprise" and not spec.effect.is_administrative


def _administers(spec: Spec) -> bool:
    is_near = spec.resource in ACCOUNTS and spec.effect.only_reads
    return is_near or (spec.effect.is_administrative and spec.scope != "outposts")


PRESETS = {
    "core": Preset(
        "sessions: start, wait, look, answer, list, read messages and files, tag",
        lambda spec: spec.name in CORE,
    ),
    "observe": Preset("what only reads in an organisation, and nothing private", _observes),
    "operate": Preset(
        "sessions with their messages, tags, files, insights and waits",
        lambda spec: spec.resource in SESSIONS and _is_ordinary(spec),
    ),
    "automate": Preset(
        "operate, and schedules, automations, playbooks and knowledge",
        lambda spec: spec.resource in SESSIONS | STANDING and _is_ordinary(spec),
    ),
    "audit": Preset("what only reads in an enterprise: logs, people, spend, limits, sessions", _audits),
    "administer": Preset(
        "accounts, roles, keys, access and limits: the only preset with what changes them", _administers
    ),
}
"""Each preset by its name. Whoever means every tool says `*`."""

Known: TypeAlias = Callable[[], Mapping[str, Spec]]
"""What gives the tools that there are, when a choice names any: specs and classes need no catalog."""

Check: TypeAlias = Callable[[list[Spec]], list[Spec]]
"""What is left of the tools that one name, pattern, preset or class stands for."""


def chosen(
    specs: Iterable[Spec],
    preset: str | None = None,
    *,
    tools: ToolChoice | None = None,
    exclude: ToolChoice = (),
    include: ToolChoice | None = None,
) -> list[Spec]:
    """Choose among specs: those of the preset, then those of `tools`, without those of `exclude`.

    With neither a preset nor `tools` it begins with all; an empty list chooses none. Each tool comes once, in
    the order given. `include` is the older name of `tools`.

    Raises `UnknownTool` for a name or pattern that fits no tool, and `UsageError` for an unknown preset, an
    empty text, and what cannot choose a tool.
    """
    known = {spec.name: spec for spec in specs}
    return _chosen(lambda: known, preset, older_name(tools, include), exclude)


def chosen_for_models(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    exclude: ToolChoice = (),
    catalog: Catalog | None = None,
    settings: Settings | None = None,
) -> list[Spec]:
    """Choose the tools that a model is offered, and so may call: from a catalog, or all that are installed.

    What no model may call is left out; `settings` may choose too, as `for_models` says.
    Raises what `chosen` raises, and `Refused` for a name, a class or a pattern that stands for nothing else.
    """
    require_catalog(catalog)

    def known() -> Mapping[str, Spec]:
        return (installed_catalog() if catalog is None else catalog).specs

    return for_models(_chosen(known, preset, tools, exclude, _with_some_for_models), settings)


def older_name(tools: ToolChoice | None, older: ToolChoice | None) -> ToolChoice | None:
    """Return a choice that was given as `tools` or by an older name; raise `UsageError` where by both."""
    if tools is not None and older is not None:
        raise UsageError("The choice of tools is given twice.", hint="Give all of it as tools.")
    return tools if older is None else older


def require_catalog(given: object) -> None:
    """Raise `UsageError` for what is not a catalog where one is taken, such as a list of specs."""
    if not isinstance(given, Catalog | None):
        raise UsageError(
            f"catalog takes a Catalog, and this is {what_is(given)}.",
            hint=Hint(python="Give a choice of tools as tools=..., or a preset as preset=...."),
        )


def _with_some_for_models(found: list[Spec]) -> list[Spec]:
    """Return what a name or pattern stands for; raise `Refused` when models can call nothing of it."""
    if found and not for_models(found):
        for_a_model(found[0])
    return found


def _chosen(
    known: Known,
    preset: str | None,
    tools: ToolChoice | None,
    exclude: ToolChoice,
    check: Check = list,
) -> list[Spec]:
    found: list[Spec] = []
    if preset is not None:
        found += check([spec.chosen() for spec in known().values() if _preset(preset).has(spec)])
    if tools is not None:
        found += _expanded(tools, known, check)
    if preset is None and tools is None:
        found = list(known().values())
    without = {spec.name for spec in _expanded(exclude, known, list)}
    by_name: dict[str, Spec] = {}
    for spec in found:
        by_name.setdefault(spec.name, spec)
    return [spec for name, spec in by_name.items() if name not in without]


def _preset(name: Any) -> Preset:
    if isinstance(name, str) and name in PRESETS:
        return PRESETS[name]
    raise UsageError("No preset has this name.", hint=one_of(str(name), PRESETS, "presets"))


def _expanded(choice: Any, known: Known, check: Check) -> Iterator[Spec]:
    """Yield the tools that a choice stands for; a spec stands for itself, checked or not."""
    if isinstance(choice, str):
        try:
            names = split_names(choice)
        except ValueError as error:
            raise UsageError(f"A choice of tools {error}.") from None
        if not names:
            raise UsageError(
                "A choice of tools is an empty text.",
                hint="Give a preset, names or patterns; an empty list chooses none, leaving it out all.",
            )
        for name in names:
            yield from check(_named(name, known()))
    elif isinstance(choice, Spec):
        yield choice
    elif isinstance(choice, type) and issubclass(choice, Tool):
        yield from check([describe(choice).chosen()])
    elif isinstance(choice, Mapping) and all(isinstance(spec, Spec) for spec in choice.values()):
        yield from choice.values()
    elif isinstance(choice, Iterable) and not isinstance(choice, Mapping | Tool | bytes):
        for part in choice:
            yield from _expanded(part, known, check)
    else:
        raise _not_a_choice(choice)


def _not_a_choice(given: Any) -> UsageError:
    what = what_is(given)
    hint = 'For instance tools="core", or tools=["devin_get_session", "devin_list_*"].'
    if isinstance(given, Tool):
        what, hint = f"a call of {type(given).__name__}", f"Give the class: {type(given).__name__}."
    elif isinstance(given, type):
        what += ", which is not a tool"
    elif isinstance(given, Mapping):
        hint = "Give what the payload was made of, not the payload."
    kinds = "presets, names, patterns, classes of tools and specs"
    return UsageError(f"A choice of tools holds {kinds}, and this is {what}.", hint=hint)


def _named(name: str, known: Mapping[str, Spec]) -> list[Spec]:
    """Return the tools of a preset, of a name or of a pattern."""
    if name in PRESETS:
        return [spec.chosen() for spec in known.values() if PRESETS[name].has(spec)]
    found = [_chosen_by(name, spec) for spec in known.values() if fnmatchcase(spec.name, name)]
    if not found:
        raise unknown_tool(name, [*known, *PRESETS], ", or fits that pattern")
    return found


def _chosen_by(pattern: str, spec: Spec) -> Spec:
    """Return a tool as chosen; what administers accounts is chosen by its whole name, and by no pattern."""
    return spec if spec.effect.is_administrative and pattern != spec.name else spec.chosen()


def narrowed(
    catalog: Catalog,
    settings: Settings,
    *,
    preset: str | None = None,
    tools: ToolChoice | None = None,
    exclude: ToolChoice = (),
    include: ToolChoice | None = None,
    read_only: bool = False,
) -> Settings:
    """Return settings that allow less: what they refuse already stays refused.

    `include` is the older name of `tools`. Raises what `chosen_for_models` raises.
    """
    tools = older_name(tools, include)
    allowed = settings.allowed_tools
    if preset is not None or tools is not None or exclude:
        found = _chosen(lambda: catalog.specs, preset, tools, exclude, _with_some_for_models)
        named = [spec.name for spec in found if not unasked(spec, settings)]
        allowed = tuple(name for name in named if allowed is None or name in allowed)
    return replace(settings, allowed_tools=allowed, read_only=settings.read_only or read_only)


def offered(catalog: Catalog, settings: Settings) -> dict[str, Spec]:
    """Find the tools that models can call and the settings do not refuse whatever their arguments are."""
    found = for_models(catalog, settings)
    return {spec.name: spec.chosen() for spec in found if is_permitted(spec, settings)}
