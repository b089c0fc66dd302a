"""What a model is offered: tools that it is shown at once, and those that it has to find.

Whoever runs a model's calls asks an offer what a call is of. One of a meta tool becomes one of the tool that
it names, before anything is checked: rules, consent and guards see that tool and its arguments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..catalog import Catalog
from ..errors import Hint, InvalidArguments, UnknownTool
from ..model_input import call_from_model, not_offered, object_from_model
from ..presets import ToolChoice, chosen
from ..schemas.traversal import without_properties
from ..spec import Spec
from ..tool_index import read_index
from .areas import by_area, listed_names
from .finder import Finder, Found

if TYPE_CHECKING:
    from .meta_tools import FindTools, FoundTool, FoundTools

__all__ = ["CALL_READ", "CALL_WRITE", "FIND", "Offer", "in_offered_names"]

FIND, CALL_READ, CALL_WRITE = read_index(Path(__file__).with_name("index"))

CALLERS = frozenset({CALL_READ.name, CALL_WRITE.name})
"""Those that call others."""

FORM = 'What the tool takes goes into arguments: {"name": "devin_...", "arguments": {...}}.'

SCHEMA_BUDGET = 8_000
"""Characters of schemas that one answer holds: some 2,000 tokens. The first schema is there in any case."""

TOOL_ID = re.compile(r"\bdevin_\w+")
"""The id of a tool of ours, where a text mentions it."""

USE = "Call a tool with what its call_with names."
DOUBT = (
    "None of these surely does what was asked; there may be no tool for it. Look at what each does before "
    "you call it, or ask again in other words."
)
NOTHING = (
    "No tool has any of these words; there may be no tool for it. Ask in other words, or with neither a "
    "query nor names for the names of all tools."
)


def in_offered_names(text: str, names: Mapping[str, str]) -> str:
    """Return a text with the names that a model is shown in place of the ids of tools."""
    return TOOL_ID.sub(lambda found: names.get(found[0], found[0]), text) if names else text


class Offer:
    """The tools that a model may call: some are shown, the others are found.

    `loaded` chooses those that are shown, of `specs`; of a preset, those that are among them. `names` maps
    ids of tools, the meta tools' too, to the names that a model is shown in their place: an offer takes and
    returns those alone. Raises what `presets.chosen` raises.
    """

    def __init__(
        self, specs: Iterable[Spec], loaded: ToolChoice = "core", names: Mapping[str, str] | None = None
    ):
        self.specs = {spec.name: spec for spec in specs}
        shown = {spec.name for spec in chosen(self.specs.values(), tools=loaded)} if self.specs else set()
        self.loaded = {name: spec for name, spec in self.specs.items() if name in shown}
        self.deferred = {name: spec for name, spec in self.specs.items() if name not in shown}
        self._names = dict(names or {})
        self._ids = {name: tool for tool, name in self._names.items()}

    def __iter__(self) -> Iterator[Spec]:
        return iter(self.specs.values())

    @cached_property
    def find_tool(self) -> Spec:
        """The tool that finds others, with the areas of what is offered in its description."""
        areas = ", ".join(by_area(self.specs.values()))
        told = f"The areas are: {areas}." if areas else "None are offered here."
        return replace(FIND, description=f"{FIND.description} {told}")

    @property
    def meta(self) -> tuple[Spec, ...]:
        """The tools that find and call the others; one that calls what writes only where something does."""
        writes = any(not spec.effect.only_reads for spec in self.specs.values())
        return (self.find_tool, CALL_READ, CALL_WRITE) if writes else (self.find_tool, CALL_READ)

    @property
    def listed(self) -> list[Spec]:
        """The tools that a model is shown where it calls what it finds by the meta tools."""
        return [*self.loaded.values(), *self.meta]

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.specs.values())

    @cached_property
    def _meta_catalog(self) -> Catalog:
        return Catalog({spec.name: spec for spec in (FIND, CALL_READ, CALL_WRITE)})

    def name_of(self, tool: str) -> str:
        """Return the name that a model is shown of a tool."""
        return self._names.get(tool, tool)

    def id_of(self, name: str) -> str | None:
        """Return the id of the tool that a model calls by a name; `None` where that goes by another name."""
        return self._ids.get(name, None if name in self._names else name)

    def renamed(self, text: str) -> str:
        """Return a text that mentions tools as a model reads it: by the names that it is shown of them."""
        return in_offered_names(text, self._names)

    def find(self, query: str, limit: int = 5) -> Found:
        """Return the tools of this offer that fit a query best."""
        return self._finder.find(query, limit)

    def search(self, arguments: Mapping[str, Any] | str | None) -> FoundTools:
        """Answer a call of `devin_find_tools`.

        Raises `InvalidArguments` for what it does not take, and `UnknownTool` for a name that is not offered.
        """
        from .meta_tools import FoundTools

        call: FindTools = cast("FindTools", call_from_model(self._meta_catalog, FIND.name, arguments))
        found = [self._named(name) for name in call.names or ()]
        if not (call.query or "").strip():  # models fill what they may leave out with empty text
            names = listed_names(self.specs.values(), self.name_of)
            note = USE if found else f"These are all tools:\n{names}"
            return FoundTools(tools=self._rows(found), fits=True, note=note)
        result = self.find(call.query or "", call.limit)
        return FoundTools(
            tools=self._rows([*found, *result.specs]),
            fits=result.fits,
            note=USE if result.fits else DOUBT if result.specs else NOTHING,
        )

    def inner(
        self, name: str, arguments: Mapping[str, Any] | str | None
    ) -> tuple[str, Mapping[str, Any] | str | None]:
        """Return the tool that a call is of, and its arguments: for a meta tool, those that it names.

        Raises what `meant` does, and `UnknownTool` for a tool that a meta tool names and that is not offered,
        as a meta tool is not.
        """
        meant, given = self.meant(name, arguments)
        if name in CALLERS and meant not in self.specs:
            raise self.unknown(meant)
        return meant, given

    def meant(
        self, name: str, arguments: Mapping[str, Any] | str | None
    ) -> tuple[str, Mapping[str, Any] | str | None]:
        """Return what `inner` does, whether that tool is offered or not: for who refuses it by other rules.

        Raises `InvalidArguments` for a call of a meta tool without a name, or of an offered tool of the other
        kind, and `UnknownTool` for a tool by its id where it goes by another name, and for a meta tool.
        """
        if name not in CALLERS:
            return name, arguments
        try:
            call: Any = call_from_model(self._meta_catalog, name, _without_blank(arguments))
        except InvalidArguments as error:
            error.more_hints = Hint(FORM)
            raise
        tool = self.id_of(call.name)
        if tool is None:
            raise self.unknown(call.name)
        self._require_no_meta(tool)
        spec = self.specs.get(tool)
        if name == CALL_READ.name and spec is not None and not spec.effect.only_reads:
            raise InvalidArguments(
                f"{self.name_of(name)} calls only tools that read, and {call.name} does not.",
                hint=f"Call it with {self.name_of(CALL_WRITE.name)}.",
            )
        return tool, call.arguments

    def to_call(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the call by which a model that sees `listed` makes another: its name and its arguments."""
        direct = {"name": self.name_of(name), "arguments": dict(arguments)}
        if name in self.loaded or name not in self.specs:
            return direct
        return {"name": self._call_with(self.specs[name]), "arguments": direct}

    def readable(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return an output as data whose `resume_with`, if it has one, is a call that a model can make."""
        rest = content.get("resume_with")
        return {**content, "resume_with": self.to_call(**rest)} if rest else dict(content)

    def _named(self, name: str) -> Spec:
        tool = self.id_of(name) or ""
        self._require_no_meta(tool)
        spec = self.specs.get(tool)
        if spec is None:
            raise self.unknown(name)
        return spec

    def _require_no_meta(self, tool: str) -> None:
        """Raise `UnknownTool` for a meta tool that is named where the name of another tool belongs."""
        if tool in self.specs or tool not in {spec.name for spec in self.meta}:
            return
        name = self.name_of(tool)
        raise UnknownTool(
            f"{name!r} is not one of the tools that are found and called by name; nothing was run.",
            hint="Name the tool that does what you want. Tools that you were shown are called directly.",
        )

    def unknown(self, name: str, also: Iterable[str] = ()) -> UnknownTool:
        """Return the error of a name that is not offered: it says how the others are found.

        `also` are the meta tools that the name may have been meant for, where one can be called.
        """
        error = not_offered(name, map(self.name_of, (*self.specs, *also)))
        if self.deferred:
            error.more_hints = Hint(f"{self.name_of(FIND.name)} finds tools by what you want to do.")
        return error

    def _rows(self, specs: Iterable[Spec]) -> list[FoundTool]:
        from .meta_tools import FoundTool

        rows: list[FoundTool] = []
        left = SCHEMA_BUDGET
        for spec in dict.fromkeys(specs):
            schema = without_properties(spec.source.inline_input(), spec.user_only)
            left -= len(json.dumps(schema))
            rows.append(
                FoundTool(
                    name=self.name_of(spec.name),
                    summary=self.renamed(spec.summary),
                    effect=str(spec.effect),
                    call_with=self._call_with(spec),
                    input_schema=schema if left >= 0 or not rows else None,
                )
            )
        return rows

    def _call_with(self, spec: Spec) -> str:
        if spec.name in self.loaded:
            return self.name_of(spec.name)
        return self.name_of(CALL_READ.name if spec.effect.only_reads else CALL_WRITE.name)


def _without_blank(arguments: Mapping[str, Any] | str | None) -> Mapping[str, Any]:
    """Return a meta tool's arguments; those of the other tool are left out where they are blank text."""
    given = object_from_model(arguments)
    inner = given.get("arguments")
    is_blank = isinstance(inner, str) and not inner.strip()
    return {key: value for key, value in given.items() if not (is_blank and key == "arguments")}
