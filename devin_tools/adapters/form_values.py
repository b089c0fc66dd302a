"""What people put into the forms of low-code builders, as arguments of a call."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import InvalidArguments
from ..export.builders.fields import Field
from ..text.listed import trimmed

FLAGS = {"true": True, "false": False}

Pairs = Iterable[tuple[Field, Any]]


def filled(values: Pairs) -> dict[str, Any]:
    """Read the values of a form; a field that was left empty is left out.

    Builders hand lists, objects, flags and numbers over as text, or as what they are. Raises
    `InvalidArguments`, which names the field and never repeats the value.
    """
    return {field.name: _read(field, value) for field, value in values if not _is_empty(value)}


def _is_empty(value: Any) -> bool:
    """An empty list is a value: the API reads it as none at all."""
    if isinstance(value, list):
        return bool(value) and all(item in (None, "") for item in value)
    return value is None or (isinstance(value, str) and not value.strip())


def _read(field: Field, value: Any) -> Any:
    if field.kind in ("texts", "choices"):
        return _listed(field, value)
    if not isinstance(value, str):
        return value
    if field.kind == "json":
        return _json(field, value)
    if field.kind == "flag":
        return FLAGS.get(value.strip().lower(), value)  # what is neither, the tool refuses with its reason
    if field.kind == "choice":
        return next((option for option in field.options if str(option) == value), value)
    if field.kind in ("integer", "number"):
        return _number(field, value)
    return value


def _listed(field: Field, value: Any) -> Any:
    """Take a list, or one text: JSON if it looks like a list, else what the tool makes of a text."""
    if not isinstance(value, list):
        return _json(field, value) if _looks_like_json(value) else value
    if None in value:  # a variable that is not set: nobody meant a shorter list
        raise _wrong(field, "a list without gaps")
    items = [item for item in value if item != ""]
    return _json(field, items[0]) if len(items) == 1 and _looks_like_json(items[0]) else items


def _looks_like_json(value: Any) -> bool:
    return isinstance(value, str) and trimmed(value).startswith(("[", "{"))


def _number(field: Field, text: str) -> int | float | str:
    if field.is_time:  # the tool reads dates too
        return text
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise _wrong(field, "a number") from None


def _json(field: Field, text: str) -> Any:
    """Read JSON; some builders put real line breaks into its strings."""
    try:
        value = json.loads(trimmed(text), strict=False)
    except (ValueError, RecursionError):
        raise _wrong(field, "JSON") from None
    if field.is_made_of_parts and not isinstance(value, list | dict):
        raise _wrong(field, "a JSON list or object")  # null, say, would be as if nothing was filled in
    return value


def _wrong(field: Field, form: str) -> InvalidArguments:
    detail: Mapping[str, Any] = {"path": field.name, "reason": f"is not {form}"}
    return InvalidArguments(f"{field.name} must be {form}.", details=[detail])
