"""Sim's parameters to a tool's arguments: camelCase names, text from forms, nothing for empty text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic.alias_generators import to_camel

from ....errors import InvalidArguments
from ....spec import Spec
from ....text.encoding import parse_json
from ....text.listed import trimmed
from ..fields import Field, fields_of
from .declarations import SIM_TOOLS, declaration_of

API_KEY, ORG_ID = "apiKey", "orgId"
ORG_FIELD = "organization_id"

JS_WHITESPACE = "".join(map(chr, (*range(9, 14), *range(0x2000, 0x200B))))
JS_WHITESPACE += " \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What JavaScript trims, which is not all that Python does, and the other way round."""

OPERATION = "operation"
"""Which tool a block of Sim runs: where it is, all the values of the block are among the parameters."""

EXECUTOR_PARAMS = frozenset(
    {
        API_KEY, ORG_ID, OPERATION, "workflowId", "envVars", "workflowVariables", "blockData",
        "blockNameMapping", "_context", "_toolSchema",
    }
)  # fmt: skip
"""What Sim's executor and blocks put among the parameters, for others than the tool."""

IN_BLOCK = frozenset(
    name for sim in SIM_TOOLS.values() for name in (*map(to_camel, sim.params.split()), *sim.block.values())
)
"""What Sim's own block asks for, for any of its operations."""

UNRESOLVED = re.compile(r"\[object \w+\]|\{\{[^{}]*\}\}|<[A-Za-z_][\w ]*(?:\.[\w\[\]-]+)+>")
"""What Sim leaves of a reference that leads nowhere (`<agent.content>`, `{{NAME}}`), and of an object."""

UNSET = object()

ABRIDGED_BY = "detail"

ABRIDGING = frozenset({ABRIDGED_BY, "max_chars"})
"""Fields that leave parts of the output out, which Sim's outputs never do."""


def param_of(name: str) -> str:
    """Return a field's name as Sim writes it; `orgId` is that of the account, for each tool."""
    return to_camel(ORG_FIELD if name == "org_id" else name)


def fields_for_sim(spec: Spec) -> list[Field]:
    """List the fields that a tool has in the dialect."""
    left = ABRIDGING if ABRIDGED_BY in spec.input_schema["properties"] else ()
    return [field for field in fields_of(spec) if field.name not in left]


def arguments_from(spec: Spec, params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn Sim's parameters into arguments for `catalog.call`; the account is not among them.

    Raises `InvalidArguments` for a name that the tool does not have, and for text that is not what it
    stands for; never with a value in it.
    """
    arguments: dict[str, Any] = {}
    fields = _by_param(spec)
    for name, value in params.items():
        field = fields.get(name)
        if (field is None and name in EXECUTOR_PARAMS) or _is_for_another_operation(spec, name, params):
            continue
        if field is None:
            raise _refused(spec, str(name)[:64], "is not a parameter of this tool")
        if value is None or value == "" or _means_unset(spec, field, value):
            continue
        if field.name in arguments:
            raise _refused(spec, str(name)[:64], "is given twice, under two names")
        _require_resolved(spec, field, value)
        read = _read(spec, field, value)
        if field.is_secret:
            for text in _texts_in(read):
                _require_resolved(spec, field, text)
        if read != declaration_of(spec).unsent.get(field.name, UNSET):
            arguments[field.name] = read
    return arguments


def _require_resolved(spec: Spec, field: Field, value: Any) -> None:
    """Refuse a reference that Sim did not resolve, alone or as one of several texts."""
    is_list = field.kind in ("texts", "choices")
    parts = value.split(",") if is_list and isinstance(value, str) else value
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, str) and UNRESOLVED.fullmatch(part.strip(JS_WHITESPACE)):
            raise _refused(spec, field.name, "holds a reference that was not resolved")


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts_in(part)


def _is_for_another_operation(spec: Spec, name: str, params: Mapping[str, Any]) -> bool:
    """Return whether Sim's block holds a value for another of its operations: Sim's tools pass over those."""
    if OPERATION not in params or spec.name not in SIM_TOOLS:
        return False
    own = SIM_TOOLS[spec.name]
    mine = {param_of(field) for field in own.params.split()} | set(own.block.values())
    return name in IN_BLOCK and name not in mine


@cache
def _by_param(spec: Spec) -> dict[str, Field]:
    """Map every name that a field may be given under: Sim's, our own, the one its block asks under."""
    fields = {field.name: field for field in fields_for_sim(spec)}
    in_block = {asked: fields[name] for name, asked in declaration_of(spec).block.items()}
    return fields | {param_of(name): field for name, field in fields.items()} | in_block


def _means_unset(spec: Spec, field: Field, value: Any) -> bool:
    """Find the 0 by which a form leaves the size of a page to the API, and optional tags that are empty."""
    is_size = spec.paging is not None and field.name == spec.paging.size_field
    is_tags = isinstance(value, list) and not field.is_required and field.name in spec.comma_lists
    return (is_size and value == 0) or (is_tags and not value)


def _read(spec: Spec, field: Field, value: Any) -> Any:
    if field.kind == "flag" and isinstance(value, str | int):
        return _flag(spec, field, value)
    if spec.paging and field.name == spec.paging.cursor_field and isinstance(value, str):
        return value.strip(JS_WHITESPACE)
    if field.kind == "texts" and field.name in spec.comma_lists:
        return _tags(spec, field, value)
    if field.kind in ("texts", "choices", "json") and isinstance(value, str):
        return _parsed(spec, field, value)
    return value


def _flag(spec: Spec, field: Field, value: str | int) -> bool:
    flag = {"true": True, "false": False, "1": True, "0": False}.get(str(value).lower().strip(JS_WHITESPACE))
    if flag is None:
        raise _refused(spec, field.name, "must be true or false")
    return flag


def _tags(spec: Spec, field: Field, value: Any) -> list[str]:
    """Read tags as Sim does, but take nothing that holds no tag for the wish to have none."""
    if isinstance(value, str) and trimmed(value).startswith(("[", "{")):
        value = _parsed(spec, field, value)
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(_is_plain(part) for part in parts):
        raise _refused(spec, field.name, "must be text with commas, or a list of texts")
    tags = [tag for part in parts if (tag := _as_text(part).strip(JS_WHITESPACE))]
    if parts and not tags:
        raise _refused(spec, field.name, "holds no tag; to mean none, give an empty list")
    return tags


def _is_plain(part: Any) -> bool:
    return isinstance(part, str | int | float) and not isinstance(part, bool)


def _as_text(part: str | int | float) -> str:
    """Write a number as JavaScript does."""
    return str(int(part)) if isinstance(part, float) and part.is_integer() else str(part)


def _parsed(spec: Spec, field: Field, text: str) -> Any:
    try:
        value = parse_json(trimmed(text), is_strict=False)
    except ValueError:
        raise _refused(spec, field.name, "is text, but not JSON") from None
    if field.is_made_of_parts and not isinstance(value, list | dict):  # null would be as if it was left out
        raise _refused(spec, field.name, "is text, but not a JSON list or object")
    return value


def _refused(spec: Spec, name: str, reason: str) -> InvalidArguments:
    details = [{"path": name, "reason": reason}]
    refused = InvalidArguments(f"The parameters do not fit {spec.name}: {name} {reason}.", details=details)
    refused.tool = spec.name
    return refused
