"""Answers to outputs, whatever their text and their rows are like. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast, get_args

from pydantic import AliasChoices, BaseModel, ValidationError

from .text.encoding import Location, format_location, load_json

__all__ = ["REPLACED_TEXT", "UNREADABLE", "read", "unreadable"]

M = TypeVar("M", bound=BaseModel)

REPLACED_TEXT = "replaced_text"
"""The extra field of an output that says which of its texts are not as the API sent them."""

UNREADABLE = "unreadable"
"""The extra field of a list, or of one of its rows, that says what was left out as not documented so."""


def read(model: type[M], body: bytes) -> M:
    """Read an answer; what is odd in it hides no more than it must, and its place is noted.

    - Text that cannot be encoded: U+FFFD stands for each lone surrogate and each byte that is not UTF-8.
      The innermost model around it says so in a field that no answer documents: `replaced_text`.
    - A null that the documents do not have counts as a key left out: a create that was paid for must not
      fail for `"tags": null`.
    - A list that comes as a bare array is taken as its rows, since sources differ on which of both comes. An
      empty one is taken only where it is documented: nothing may be sent again for an answer that is empty.
    - In a row of a list, a field that holds what the documents do not allow is left out, and the whole row
      when it cannot be without. The row, or else the list, says so in a field `unreadable`. A list of which
      no row can be read is another list.

    Raises `ValidationError` for anything else that does not fit. Only an answer that does not fit is looked
    through, so the others cost nothing more.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        misfit = error
    try:
        answer, replaced = load_json(body)
    except ValueError:
        raise misfit from None
    key = _key_of_items(model)
    if key and isinstance(answer, list) and (answer or not _faults(model, [])):  # with nothing around it
        answer, replaced = {key: answer}, [(key, *where) for where in replaced]
    _drop_odd_nulls(model, answer)
    rows = _Rows.of(model, answer)
    output = model.model_validate_json(json.dumps(answer))
    for where in replaced:
        if (now := rows.now(where)) is not None:
            _mark(output, REPLACED_TEXT, now)
    for where in rows.unreadable:
        _mark(output, UNREADABLE, where)
    return output


def unreadable(output: BaseModel) -> list[str]:
    """List what was left out of a list and of its rows: only a whole list shows what is not there."""
    name = getattr(output, "items_field", "")
    places = list((output.model_extra or {}).get(UNREADABLE, []))
    for number, row in enumerate(getattr(output, name, [])):
        if extra := row.model_extra:  # few rows have any
            places += [f"{name}[{number}].{place}" for place in extra.get(UNREADABLE, [])]
    return places


def _drop_odd_nulls(model: type[BaseModel], answer: Any) -> None:
    """Take the nulls away that do not fit where they are."""
    for fault in _faults(model, answer):
        holder, place = answer, fault["loc"]
        try:
            for step in place[:-1]:
                holder = holder[step]
            if isinstance(holder, dict) and holder[place[-1]] is None:
                del holder[place[-1]]
        except (IndexError, KeyError, TypeError):
            continue


@dataclass(slots=True)
class _Rows:
    """The rows of a list that could be read, and what of them could not."""

    key: str = ""
    kept: list[int] = field(default_factory=list)
    """Their numbers in the answer."""
    unreadable: list[Location] = field(default_factory=list)

    @classmethod
    def of(cls, model: type[BaseModel], answer: Any) -> _Rows:
        """Take what cannot be read away from the rows of a list; of anything else, take nothing."""
        rows = cls()
        name = getattr(model, "items_field", None)
        keys = [key for key in answer if _field_of(model, key) == name] if isinstance(answer, dict) else []
        if name is None or len(keys) != 1 or not isinstance(answer[keys[0]], list):
            return rows
        rows.key, (item,) = keys[0], get_args(model.model_fields[name].annotation)
        readable: list[Any] = []
        for number, row in enumerate(answer[rows.key]):
            gone = _drop_faulty_fields(item, row)
            if gone is None:
                rows.unreadable.append((f"{rows.key}[{number}]",))
            else:
                rows.unreadable += [(rows.key, len(readable), name) for name in gone]
                rows.kept.append(number)
                readable.append(row)
        if readable:  # else it is not a list of such rows
            answer[rows.key] = readable
        return rows

    def now(self, where: Location) -> Location | None:
        """Return where a place of the answer is now; `None` for one in a row that is gone."""
        if where[0] != self.key or not isinstance(where[1], int):
            return where
        return (self.key, self.kept.index(where[1]), *where[2:]) if where[1] in self.kept else None


def _drop_faulty_fields(model: type[BaseModel], row: Any) -> list[str] | None:
    """Take away the fields that do not fit, and return their names; `None` when nothing that is left fits."""
    gone: list[str] = []
    while faults := _faults(model, row):
        names = {str(fault["loc"][0]) for fault in faults if fault["loc"]}
        if not isinstance(row, dict) or not names <= row.keys():
            return None
        gone += sorted(names)
        for name in names:
            del row[name]
    return gone


def _faults(model: type[BaseModel], value: Any) -> list[Any]:
    try:
        model.model_validate_json(json.dumps(value))
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _mark(output: BaseModel, mark: str, where: Location) -> None:
    """Note in the innermost model around a place what became of it."""
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
        holder.model_extra.setdefault(mark, []).append(format_location(inner))
        holder.model_fields_set.add(mark)


def _key_of_items(model: type[BaseModel]) -> str:
    """Find the key that holds the rows of a list in an answer; an empty text for what is not a list."""
    name = getattr(model, "items_field", "")
    if name not in model.model_fields:
        return ""
    alias = model.model_fields[name].validation_alias
    return str(alias.choices[0] if isinstance(alias, AliasChoices) else alias or name)


def _field_of(model: type[BaseModel], wire: str) -> str:
    """Find the field that an answer's key fills."""
    for name, info in model.model_fields.items():
        alias = info.validation_alias
        if wire in (alias.choices if isinstance(alias, AliasChoices) else (alias,)):
            return name
    return wire
