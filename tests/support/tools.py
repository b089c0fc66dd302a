"""The tools that tests walk: all of the built-in catalog, and the few that stand for all.

The functions are called when a test runs, not when it is collected. The catalog is built once a session.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from typing import Any

from support.stand_ins import stood_for

from devin_tools import Catalog, Spec, load_catalog

__all__ = [
    "VERBS",
    "built_in",
    "composed",
    "each_kind",
    "examples",
    "routed",
    "routed_kinds",
    "starts_git",
    "tools",
    "with_verb",
]


def starts_git(name: str) -> bool:
    """Return whether a tool runs a program of this machine when it is called."""
    return stood_for(name) == "devin_handoff"


@cache
def built_in() -> Catalog:
    """Return the catalog without what other packages add."""
    return load_catalog(plugins=())


def tools() -> list[Spec]:
    """Return every built-in tool."""
    return list(built_in())


def routed() -> list[Spec]:
    """Return the tools that have a route."""
    return [spec for spec in tools() if spec.route is not None]


VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", None)
"""What a tool's one request is; `None` for tools that are made of others: laws that cost much are cut so."""


def with_verb(spec: Spec, verb: str | None) -> bool:
    """Return whether a tool's one request is such a one."""
    return (spec.route and spec.route.method) == verb


def composed() -> list[Spec]:
    """Return the tools that are made of others."""
    return [spec for spec in tools() if spec.route is None]


def examples() -> list[tuple[Spec, Mapping[str, Any]]]:
    """Return every example with its tool, but those of tools that start a program: tests/process has them."""
    return [(spec, example) for spec in tools() if not starts_git(spec.name) for example in spec.examples]


@cache
def each_kind() -> tuple[Spec, ...]:
    """Return few tools that have between them whatever a tool can have: see `traits`.

    For tests whose cost is high for each tool. The number grows with the kinds of fields, not with the tools.
    """
    return _cover(tools())


@cache
def routed_kinds() -> tuple[Spec, ...]:
    """Return the same for the tools that have a route."""
    return _cover(routed())


def _cover(specs: Iterable[Spec]) -> tuple[Spec, ...]:
    left = {spec.name: traits(spec) for spec in specs}
    by_name = {spec.name: spec for spec in specs}
    missing, chosen = frozenset[Hashable]().union(*left.values()), []
    while missing:
        best = max(left, key=lambda name: len(left[name] & missing))
        chosen.append(by_name[best])
        missing -= left.pop(best)
    return tuple(chosen)


def traits(spec: Spec) -> frozenset[Hashable]:
    """Return what sets kinds of tools apart: verbs, effects, and each form of a field in each place."""
    route = spec.route
    places = {place.field: place.where for place in spec.places}
    found: set[Hashable] = {
        ("verb", route and route.method), ("effect", spec.effect), ("one request", spec.is_one_request),
        ("paged", spec.paging and (spec.paging.cursor_field, spec.paging.size_field)),
        ("user only", bool(spec.user_only)), ("missing", bool(spec.missing_from_models)),
    }  # fmt: skip
    required = set(spec.input_schema.get("required", ()))
    for name, schema in spec.input_schema.get("properties", {}).items():
        found.add((places.get(name), name in required, _form(schema, spec.input_schema)))
    for name, schema in spec.output_schema.get("properties", {}).items():
        found.add(
            ("output", name in spec.output_schema.get("required", ()), _form(schema, spec.output_schema))
        )
    return frozenset(found)


def _form(schema: Any, root: Any, depth: int = 0) -> Hashable:
    """Return the shape of a schema without its words: types, keywords, and those of its parts."""
    if isinstance(schema, list):
        return tuple(_form(part, root, depth) for part in schema)
    if not isinstance(schema, Mapping) or depth > 2:
        return None
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    inner = tuple(
        (key, _form(schema[key], root, depth + 1)) for key in ("anyOf", "items", "oneOf") if key in schema
    )
    return (schema.get("type"), schema.get("format"), tuple(sorted(set(schema) - WORDS)), inner)


WORDS = frozenset({"description", "title", "examples", "default", "enum", "maximum", "minimum", "maxLength"})
"""Keywords that make no kind of their own: tools differ in their words and numbers."""
