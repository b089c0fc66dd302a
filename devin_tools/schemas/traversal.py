"""JSON Schema traversal: walk, map, follow references, inline, drop null. Pure.

What walks a schema of somebody else (`children`, `walk`, `reachable`, `resolve`, `objects_in`) takes any
JSON, passes over what is not a schema, and uses no recursion. The rest (`alternatives`, `map_children`,
`transform`, `inlined`, and what leaves parts out) is for schemas of our own declarations: it recurses, and
expects no reference of a union to itself.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote

Schema = dict[str, Any]

JsonPath = tuple[str | int, ...]
"""The keys and indexes that lead from the root of a JSON value to a part of it."""

S = TypeVar("S", bound=Mapping[str, Any])

TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
DEFINITIONS = ("$defs", "definitions")

SCHEMA_MAPS = ("properties", "patternProperties", "dependentSchemas", *DEFINITIONS)
"""Keywords that hold schemas under names."""

SCHEMA_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
"""Keywords that hold a list of schemas."""

SINGLE_SCHEMAS = (
    "items", "additionalProperties", "additionalItems", "not", "if", "then", "else", "contains",
    "propertyNames", "unevaluatedProperties", "unevaluatedItems",
)  # fmt: skip
"""Keywords that hold one schema, or a boolean; `items` held a list, too, up to draft 2019-09."""

# Schemas come from strangers, so depth and size are bounded. Agent libraries stop at the same bounds:
# github.com/openai/openai-agents-python, strict_schema.py
MAX_LEVELS = 100
MAX_NODES = 100_000


class Child(NamedTuple):
    """A schema directly inside another."""

    keyword: str
    path: JsonPath
    """The steps to it: the keyword, and a name or index where that holds several."""
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """One schema object inside a schema."""

    schema: Mapping[str, Any]
    path: JsonPath
    keyword: str
    """The keyword it stands under; empty for the root."""
    unit: JsonPath
    """The path of the root, or of the definition it is part of: providers count each alone."""
    objects: int
    """How many objects lie on the way from its unit to it, itself included."""
    level: int


@dataclass(frozen=True, slots=True)
class Walk:
    """The nodes of a schema, and the first path that was not read because a bound was met."""

    nodes: tuple[Node, ...]
    cut: JsonPath | None = None


def children(schema: Mapping[str, Any]) -> Iterator[Child]:
    """Yield each schema directly inside a schema, in the order of the document."""
    for keyword, value in schema.items():
        pairs: Iterable[tuple[JsonPath, Any]] = ()
        if keyword in SCHEMA_MAPS and isinstance(value, Mapping):
            pairs = (((keyword, name), part) for name, part in value.items())
        elif keyword in (*SCHEMA_LISTS, "items") and isinstance(value, list):
            pairs = (((keyword, index), part) for index, part in enumerate(value))
        elif keyword in SINGLE_SCHEMAS:
            pairs = (((keyword,), value),)
        yield from (Child(keyword, path, part) for path, part in pairs if isinstance(part, Mapping))


def walk(schema: Any, path: JsonPath = ()) -> Walk:
    """List every schema object in a schema, in the order of the document; references are not followed."""
    if not isinstance(schema, Mapping):
        return Walk(())
    nodes: list[Node] = []
    cut: JsonPath | None = None
    stack = [Node(schema, path, "", path, int(is_object(schema)), 0)]
    while stack:
        node = stack.pop()
        if len(nodes) == MAX_NODES:
            return Walk(tuple(nodes), cut or node.path)
        nodes.append(node)
        if node.level < MAX_LEVELS:
            stack += reversed([_below(node, child) for child in children(node.schema)])
        elif cut is None and any(children(node.schema)):
            cut = node.path
    return Walk(tuple(nodes), cut)


def _below(node: Node, child: Child) -> Node:
    path = (*node.path, *child.path)
    is_unit = child.keyword in DEFINITIONS
    objects = int(is_object(child.schema)) + (0 if is_unit else node.objects)
    return Node(child.schema, path, child.keyword, path if is_unit else node.unit, objects, node.level + 1)


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a JSON value, itself included, wherever it stands."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
        waiting.extend(part.values() if isinstance(part, dict) else part if isinstance(part, list) else ())


def types_of(schema: Any) -> tuple[str, ...]:
    """Return the types a schema names, in lower case; empty when it names none."""
    given = schema.get("type") if isinstance(schema, Mapping) else None
    names = given if isinstance(given, list) else [given]
    return tuple(name.lower() for name in names if isinstance(name, str))


def properties_of(schema: Any) -> Mapping[str, Any]:
    """Return a schema's properties; empty when it has none, or something else in their place."""
    given = schema.get("properties") if isinstance(schema, Mapping) else None
    return given if isinstance(given, Mapping) else {}


def required_of(schema: Mapping[str, Any]) -> list[str]:
    """Return the names a schema requires."""
    given = schema.get("required")
    return [name for name in given if isinstance(name, str)] if isinstance(given, list) else []


def is_object(schema: Mapping[str, Any]) -> bool:
    """Return whether a schema describes an object."""
    return "object" in types_of(schema) or "properties" in schema


def holds_secret(schema: Mapping[str, Any]) -> bool:
    """Return whether a value of an inlined schema is a secret, or has one somewhere in it."""
    return any(node.schema.get("format") == "password" for node in walk(schema).nodes)


INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
"""An index of a list in a pointer (RFC 6901)."""


def pointer(reference: str) -> tuple[str, ...] | None:
    """Return the steps of a local reference, such as `#/$defs/x`; `None` for one that leads elsewhere."""
    if reference in ("#", "#/"):
        return ()
    if not reference.startswith("#/"):
        return None
    return tuple(unquote(part).replace("~1", "/").replace("~0", "~") for part in reference[2:].split("/"))


def locate(root: Any, steps: Iterable[str]) -> JsonPath | None:
    """Follow the steps of a pointer, with indexes of lists as numbers; `None` when they lead nowhere."""
    path: list[str | int] = []
    for step in steps:
        if isinstance(root, Mapping) and step in root:
            path.append(step)
        elif isinstance(root, list) and INDEX.fullmatch(step) and int(step) < len(root):
            path.append(int(step))
        else:
            return None
        root = root[path[-1]]
    return tuple(path)


def resolve(root: Any, reference: str) -> Any:
    """Return what a reference leads to within a schema; raise `LookupError` when that is nothing.

    Nothing is fetched, and no `$id` or anchor is looked for.
    """
    steps = pointer(reference)
    path = None if steps is None else locate(root, steps)
    if path is None:
        raise LookupError("the reference leads nowhere")
    for step in path:
        root = root[step]
    return root


def alternatives(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema, what it refers to, and every schema of their unions, at any depth."""
    yield schema
    if "$ref" in schema:
        yield from alternatives(resolve(root, schema["$ref"]), root)
    for keyword in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(keyword, ()):
            yield from alternatives(part, root)


def not_null(schemas: Iterable[S]) -> list[S]:
    """Return the schemas of a union without null."""
    return [schema for schema in schemas if schema.get("type") != "null"]


def map_children(schema: Mapping[str, Any], change: Callable[[Schema], Schema]) -> Schema:
    """Copy a schema with each schema directly inside it changed."""

    def changed(part: Any) -> Any:
        return change(part) if isinstance(part, dict) else _copied(part)

    copied: Schema = {}
    for keyword, value in schema.items():
        if keyword in SCHEMA_MAPS:
            copied[keyword] = {name: changed(part) for name, part in value.items()}
        elif keyword in SCHEMA_LISTS:
            copied[keyword] = [changed(part) for part in value]
        else:
            copied[keyword] = changed(value) if keyword in SINGLE_SCHEMAS else _copied(value)
    return copied


def _copied(value: Any) -> Any:
    """Copy a value; most are texts and numbers, and need none."""
    return copy.deepcopy(value) if isinstance(value, dict | list) else value


def transform(schema: Mapping[str, Any], change: Callable[[Schema], Schema]) -> Schema:
    """Copy a schema with `change` applied to each schema in it, the innermost first."""
    return change(map_children(schema, lambda part: transform(part, change)))


def without_keywords(schema: Mapping[str, Any], is_noise: Callable[[str, Any], bool]) -> Schema:
    """Copy a schema without the keywords that are noise, as `is_noise(keyword, value)` says, at any depth."""
    kept = {key: value for key, value in schema.items() if not is_noise(key, value)}
    return map_children(kept, lambda part: without_keywords(part, is_noise))


def without_properties(schema: Mapping[str, Any], names: Collection[str]) -> Schema:
    """Return an object schema without some properties, and without definitions that only they refer to."""
    slim = {key: value for key, value in schema.items() if key != "$defs"}
    slim["properties"] = {name: part for name, part in properties_of(schema).items() if name not in names}
    if isinstance(schema.get("required"), list):
        slim["required"] = [name for name in schema["required"] if name not in names]
    used = reachable(slim, schema.get("$defs"))
    return slim | {"$defs": used} if used else slim


def reachable(schema: Any, definitions: Any) -> dict[str, Any]:
    """Return the definitions that a schema refers to, directly or through others, in their order."""
    found: set[str] = set()
    waiting = [schema]
    while waiting and isinstance(definitions, Mapping):
        for node in walk(waiting.pop()).nodes:
            reference = node.schema.get("$ref")
            steps = (pointer(reference) if isinstance(reference, str) else None) or ()
            name = steps[1] if len(steps) > 1 and steps[0] == "$defs" else ""
            if name in definitions and name not in found:
                found.add(name)
                waiting.append(definitions[name])
    return {name: definitions[name] for name in definitions if name in found} if found else {}


def inlined(schema: Mapping[str, Any]) -> Schema:
    """Copy a schema with no `$ref` and no `$defs`; a recursive reference becomes its bare type."""
    return _inlined({key: value for key, value in schema.items() if key != "$defs"}, schema, ())


def _inlined(node: Schema, root: Mapping[str, Any], inside: tuple[str, ...]) -> Schema:
    """Inline one schema; keywords beside a `$ref` win, as a field's own description should.

    `inside` holds the references that are being inlined around it: one of them again is a recursion.
    """
    reference = node.get("$ref", "")
    wrapped = node.get("allOf", ())
    if reference.startswith("#/$defs/"):
        target = resolve(root, reference)
        if reference in inside:
            target = {key: target[key] for key in ("type", "description") if key in target}
        inside = (*inside, reference)
    elif len(wrapped) == 1:  # how pydantic before 2.9 puts keywords beside a reference
        target = wrapped[0]
    else:
        if "discriminator" in node:
            node = {key: value for key, value in node.items() if key != "discriminator"}
        return map_children(node, lambda part: _inlined(part, root, inside))
    beside = {key: value for key, value in node.items() if key not in ("$ref", "allOf")}
    return _inlined({**target, **beside}, root, inside)


def without_null(schema: Schema) -> Schema:
    """Return a schema without null; a union that is left with one part becomes that part."""
    if isinstance(schema.get("type"), list) and "null" in schema["type"]:
        types = [name for name in schema["type"] if name != "null"]
        schema = schema | {"type": types[0] if len(types) == 1 else types}
    if None in schema.get("enum", ()):
        schema = schema | {"enum": [value for value in schema["enum"] if value is not None]}
    parts = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    if len(parts) == 1:
        only: Schema = parts[0] | rest
        return only
    return rest | {"anyOf": parts} if parts else schema


def without_null_properties(schema: Mapping[str, Any], *, even_required: bool = False) -> Schema:
    """Copy a schema without null in its optional properties; with `even_required`, in all."""

    def change(node: Schema) -> Schema:
        required = () if even_required else node.get("required", ())
        named = {
            name: part if name in required else without_null(part)
            for name, part in node.get("properties", {}).items()
        }
        return node | {"properties": named} if "properties" in node else node

    return transform(schema, change)
