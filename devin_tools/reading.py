"""Answers to outputs, whatever their text is like. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import AliasChoices, BaseModel, ValidationError

from .encoding import Location, load_json, told

__all__ = ["REPLACED_TEXT", "read"]

M = TypeVar("M", bound=BaseModel)

REPLACED_TEXT = "replaced_text"
"""The extra field of an output that says which of its texts are not as the API sent them."""


def read(model: type[M], body: bytes) -> M:
    """Read an answer; text in it that cannot be encoded is replaced, and told where it was.

    U+FFFD stands for each lone surrogate and each byte that is not UTF-8. The innermost model around
    such a text says so in a field that no answer documents: `replaced_text`, a list of places.
    Raises `ValidationError`.
    """
    try:
        return _without_odd_nulls(model, body)
    except ValidationError as error:
        if error.errors(include_url=False)[0]["type"] != "json_invalid":
            raise
        try:
            answer, places = load_json(body)
        except (RecursionError, ValueError):
            raise error from None
    output = _without_odd_nulls(model, json.dumps(answer).encode())
    for where in places:
        _mark(output, where)
    return output


def _mark(output: BaseModel, where: Location) -> None:
    """Say in the innermost model around a text that it was replaced."""
    holder, inner, part = output, where, cast(Any, output)
    for depth, step in enumerate(where):
        if isinstance(part, BaseModel):
            part = getattr(part, _field_of(type(part), str(step)), None)
        elif isinstance(part, Mapping):
            part = part.get(step)
        else:
            part = part[step] if isinstance(part, list) and isinstance(step, int) else None
        if isinstance(part, BaseModel) and part.model_extra is not None:
            holder, inner = part, where[depth + 1 :]
    if holder.model_extra is not None:
        holder.model_extra.setdefault(REPLACED_TEXT, []).append(told(inner))
        holder.model_fields_set.add(REPLACED_TEXT)


def _field_of(model: type[BaseModel], wire: str) -> str:
    """Find the field that an answer's key fills."""
    for name, info in model.model_fields.items():
        alias = info.validation_alias
        if wire in (alias.choices if isinstance(alias, AliasChoices) else (alias,)):
            return name
    return wire


def _without_odd_nulls(model: type[M], body: bytes) -> M:
    """Read an answer; a null where the documents have none says no more than a key left out.

    A create that was paid for must not fail for `"tags": null`. Only an answer that does not fit is
    looked through, so the others cost nothing more.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        nulls = [item["loc"] for item in error.errors(include_url=False) if item["input"] is None]
        if len(nulls) < error.error_count():
            raise
        answer = json.loads(body)
        if not all(_left_out(answer, place) for place in nulls):
            raise
        return model.model_validate_json(json.dumps(answer))


def _left_out(answer: Any, place: tuple[int | str, ...]) -> bool:
    """Take a key away from where it is; say whether there was one."""
    try:
        for part in place[:-1]:
            answer = answer[part]
        return isinstance(answer, dict) and answer.pop(place[-1], "") is None
    except (IndexError, KeyError, TypeError):
        return False
