"""Secrets that an output shows once: whoever called gets them, and whoever watches does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic.fields import FieldInfo

from ..tool import Output

OutT = TypeVar("OutT", bound=Output)

MARK = "x-secret"
"""What schemas say of a field that holds a secret."""

HIDDEN = "(a secret, shown once)"

UNDECLARED = "(not declared, so it may be a secret)"


def is_secret(field: FieldInfo) -> bool:
    """Return whether a field, or a part of it, holds a secret that is shown once."""
    return any(
        isinstance(mark.json_schema_extra, dict) and MARK in mark.json_schema_extra
        for mark in (field, *_marks(field.annotation))
        if isinstance(mark, FieldInfo)
    )


def _marks(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _marks(part)


def without_secrets(output: OutT) -> OutT:
    """Return a copy of an output in which no field holds such a secret, however deep in it.

    Texts in fields that are not declared are hidden too: the API may give a secret another name.
    """
    fields = type(output).model_fields
    shown = {
        name: _unknown(value) if name not in fields else _known(fields[name], value) for name, value in output
    }
    return output.model_copy(update=shown)


def _known(field: FieldInfo, value: Any) -> Any:
    return HIDDEN if is_secret(field) and value is not None else _plain(value)


def _unknown(value: Any) -> Any:
    if isinstance(value, str):
        return UNDECLARED
    if isinstance(value, list):
        return [_unknown(item) for item in value]
    return {name: _unknown(item) for name, item in value.items()} if isinstance(value, dict) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Output):
        return without_secrets(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {name: _plain(item) for name, item in value.items()} if isinstance(value, dict) else value
