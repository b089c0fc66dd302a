"""The index of a package's tools: their specs as generated data, so that no tool is imported to be listed.

A folder holds three files of JSON Lines: `tools.jsonl` with the facts of a tool in each line, `schemas.jsonl`
with a line for the JSON Schema of its input and one for that of its output, and `inline.jsonl` with the same
without references, as lists for models have them. A schema is parsed when it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from .errors import PluginError
from .locations import Paging, Place
from .spec import Schema, Source, Spec
from .tool import Effect, Output, Spending, Tool, effect_of, output_of, user_only_of
from .wire import Route

__all__ = ["index_files", "indexed", "own_spec", "read_index"]

TOOLS, SCHEMAS, INLINE = "tools.jsonl", "schemas.jsonl", "inline.jsonl"

OWN = Path(__file__).with_name("index")
"""The index of the tools of this package."""

AGAIN = "Write the index again with `write_index`, or in a checkout of devin-tools with `generate`."

_BY_CLASS: dict[tuple[str, str], Spec] = {}
"""The specs of every index that was read, by the module and the name of their classes."""

_INDEXED: dict[type[Tool[Any]], Spec] = {}
"""The specs of the classes that were asked for."""

_READ: dict[Path, tuple[Spec, ...]] = {}
"""The specs of each folder."""


def read_index(folder: Path | str = OWN) -> tuple[Spec, ...]:
    """Return the specs of an index, in its order; raise `PluginError` when it cannot be read.

    It is read once in a process. For the hook `devin_tools_provide_tools` of a plugin that keeps an index, as
    docs/plugins.md shows.
    """
    folder = folder if isinstance(folder, Path) else Path(folder)
    if (specs := _READ.get(folder)) is None:
        # Threads that begin together may read it twice; all go on with the specs that were found first.
        found = [_BY_CLASS.setdefault((spec.module, spec.class_name), spec) for spec in _read(folder)]
        specs = _READ.setdefault(folder, tuple(found))
    return specs


def own_spec(name: str) -> Spec:
    """Return the spec of a tool of this package, without importing it."""
    return next(spec for spec in read_index() if spec.name == name)


def _read(folder: Path) -> tuple[Spec, ...]:
    with _reading(folder):
        rows = _lines(folder / TOOLS)
        files = _Schemas(folder, SCHEMAS, len(rows)), _Schemas(folder, INLINE, len(rows))
        for file in files:
            file.require()
        return tuple(_spec(from_json(row), files, number) for number, row in enumerate(rows))


def indexed(tool: type[Tool[Any]]) -> Spec | None:
    """Return the spec of a class that stands in an index; `None` for any other."""
    if (known := _INDEXED.get(tool)) is not None:  # each call asks for it more than once
        return known
    if tool.__module__.startswith("devin_tools."):
        read_index()
    spec = _BY_CLASS.get((tool.__module__, tool.__qualname__))
    # A class made at run time can bear the name of another: only the one that the module has is in the index.
    if spec is None or spec.tool is not tool:
        return None
    return _INDEXED.setdefault(tool, spec)


def index_files(specs: Iterable[Spec]) -> dict[str, str]:
    """Return the files of an index, by their names, for specs that were described by their classes."""
    rows, schemas, inline = [], [], []
    for spec in specs:
        names = [one.name for one in fields(spec) if one.name not in LEFT_OUT]
        facts = {name: getattr(spec, name) for name in (*names, "places")}
        rows.append(_line(facts | {name: DUMPED[name](facts[name]) for name in DUMPED}))
        schemas += [_line(spec.input_schema), _line(spec.output_schema)]
        inline += [_line(spec.source.inline_input()), _line(spec.source.inline_output())]
    return {TOOLS: "".join(rows), SCHEMAS: "".join(schemas), INLINE: "".join(inline)}


LEFT_OUT = ("source", "is_chosen")
DUMPED: Mapping[str, Any] = {
    "effect": asdict,
    "route": lambda route: route and asdict(route),
    "places": lambda places: [asdict(place) for place in places],
    "user_only": sorted,
    "comma_lists": sorted,
    "times": sorted,
    "from_flow": sorted,
    "paging": lambda paging: paging and asdict(paging),
}
"""How facts that are not plain data are written."""


def _line(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        text = _in_archive(path)
    return text.removesuffix("\n").split("\n")


def _in_archive(path: Path) -> str:
    """Read a file in an archive that Python imports from; raise the `OSError` of one that is nowhere."""
    from zipimport import zipimporter  # here, as hardly a package is in one

    for parent in path.parents:
        if parent.is_file():
            return zipimporter(str(parent)).get_data(str(path)).decode()
    raise FileNotFoundError(path.name)


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Raise `PluginError` for files that are missing or not as they were written."""
    try:
        yield
    except (OSError, ImportError, ValueError, LookupError, TypeError) as error:
        raise PluginError(
            f"The index {folder.parent.name}/{folder.name} cannot be read: {type(error).__name__}.",
            hint=AGAIN,
        ) from error


def _spec(row: dict[str, Any], files: tuple[_Schemas, _Schemas], number: int) -> Spec:
    effect, spending, route, paging = row["effect"], row["effect"]["spending"], row["route"], row["paging"]
    if spending is not None:
        once = spending["once"]
        spending = Spending(**spending | {"once": once and tuple(once)})
    made = {
        "effect": Effect(**effect | {"spending": spending}),
        "route": route and Route(**route),
        "user_only": frozenset(row["user_only"]),
        "missing_from_models": tuple(row["missing_from_models"]),
        "comma_lists": frozenset(row["comma_lists"]),
        "times": frozenset(row.get("times", ())),  # an index of an older version says nothing of them
        "keywords": tuple(row.get("keywords", ())),  # nor of these
        "from_flow": frozenset(row["from_flow"]),
        "paging": paging and Paging(**paging),
        "examples": tuple(row["examples"]),
    }
    source = _Row(row | made, files, number)
    if "scope" not in row:  # as above
        row["scope"] = Route(**route).scope if route else "organization"
    del row["places"]
    return Spec(**row | made, source=source)


class _Schemas:
    """A file with the schemas of all tools, read when the first of them is asked for."""

    def __init__(self, folder: Path, name: str, tools: int):
        self._folder, self._name, self._tools = folder, name, tools

    @cached_property
    def _lines(self) -> list[str]:
        found = _lines(self._folder / self._name)
        if len(found) != 2 * self._tools:  # as a merge may leave it: each tool would have another's schemas
            raise ValueError(f"{self._name} does not fit {TOOLS}")
        return found

    def require(self) -> None:
        """Raise `OSError` for a file that is missing."""
        if not (self._folder / self._name).is_file():
            _ = self._lines  # which looks into archives too

    def only(self, number: int) -> _Schemas:
        """Return the schemas of one tool by themselves."""
        one = _Schemas(self._folder, self._name, 1)
        with _reading(self._folder):
            vars(one)["_lines"] = self._lines[2 * number : 2 * number + 2]
        return one

    def of_input(self, number: int) -> dict[str, Any]:
        """Return the schema of the input of a tool, parsed anew."""
        return self._parsed(2 * number)

    def of_output(self, number: int) -> dict[str, Any]:
        """Return the schema of the output of a tool, parsed anew."""
        return self._parsed(2 * number + 1)

    def texts(self, number: int) -> tuple[str, str]:
        """Return both schemas of a tool as they stand there."""
        with _reading(self._folder):
            return self._lines[2 * number], self._lines[2 * number + 1]

    def _parsed(self, line: int) -> dict[str, Any]:
        with _reading(self._folder):
            return {**from_json(self._lines[line])}


class _Row(Source):
    """The parts of a spec that are made of its line in the index, and of the class that it names."""

    def __init__(self, facts: Mapping[str, Any], files: tuple[_Schemas, _Schemas], number: int):
        self._facts, self._number = facts, number
        self._schemas, self._inline = files

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what this tool needs, and not the files with the schemas of all."""
        files = self._schemas.only(self._number), self._inline.only(self._number)
        return _Row, (self._facts, files, 0)

    @cached_property
    def input_schema(self) -> Schema:
        return self._schemas.of_input(self._number)

    @cached_property
    def output_schema(self) -> Schema:
        return self._schemas.of_output(self._number)

    def inline_input(self) -> dict[str, Any]:
        return self._inline.of_input(self._number)

    def inline_output(self) -> dict[str, Any]:
        return self._inline.of_output(self._number)

    def inline_texts(self) -> tuple[str, str]:
        return self._inline.texts(self._number)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return tuple(Place(**place) for place in self._facts["places"])

    @cached_property
    def tool(self) -> type[Tool[Any]]:
        """Import the class; raise `PluginError` for one that cannot be, or that is not as the index says.

        That is one that sends or spends otherwise, or keeps other fields from models.
        """
        facts = self._facts
        try:
            found: Any = import_module(facts["module"])
        except (Exception, SystemExit) as error:  # as where plugins are loaded
            lacking = f" of {error.name}" if isinstance(error, ModuleNotFoundError) else ""
            raise PluginError(
                f"{facts['module']}, the module of {facts['name']}, cannot be imported: "
                f"{type(error).__name__}{lacking}.",
                hint="Install what it needs, or leave its plugin out of DEVIN_TOOLS_PLUGINS.",
            ) from error
        for part in facts["class_name"].split("."):
            found = getattr(found, part, None)
        if not (isinstance(found, type) and issubclass(found, Tool)):
            raise _stale(facts)
        told = facts["effect"], facts["route"], facts["user_only"]
        if (effect_of(found), found.route, user_only_of(found)) != told:
            raise _stale(facts)
        return found

    @cached_property
    def output(self) -> type[Output]:
        return output_of(self.tool)


def _stale(facts: Mapping[str, Any]) -> PluginError:
    return PluginError(
        f"{facts['module']}.{facts['class_name']} is not as the index of its package says.",
        hint=AGAIN,
    )
