"""Brief outputs: the main fields only, and the names of what was left out. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache, cached_property
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import model_serializer
from pydantic_core import to_jsonable_python

from ..flow import Flow
from ..locations import Wire
from ..reading import REPLACED_TEXT, UNREADABLE
from ..tool import Output, Tool

A = TypeVar("A", bound="Abridged")
OutT = TypeVar("OutT", bound=Output)

LONG = 200
"""Characters of JSON beyond which a field is not part of a brief output, where its model does not say."""


class Abridged(Output):
    """An output that may be given in part.

    Once something is left out, it is written without the fields that it does not have.
    """

    from_flow = frozenset({"left_out"})

    left_out: list[str] = []
    """What there was and is not here: a field by its name, `text[500:]` for the rest of a text,
    `items[20:]` for items, which `after` goes on to."""

    @model_serializer(mode="wrap")
    def _serialize(self, write):  # type: ignore[no-untyped-def]  # a type here would replace the schema
        written = write(self)
        left_out = written.pop("left_out", [])
        return {**_compact(self, written), "left_out": left_out} if left_out else written


class Detailed(Tool[A], Generic[A]):
    """A tool whose output can be long; that output is `Abridged`."""

    detail: Annotated[Literal["brief", "full"], Wire(None)] = "full"
    """`brief`: the main fields only; `left_out` in the output names the others that there are."""

    def flow(self) -> Flow[A]:
        """Perform the call, and keep what was asked for."""
        output = yield from super().flow()
        return in_brief(output) if self.detail == "brief" else output


def in_brief(output: A) -> A:
    """Keep the main fields of an output and of what it holds, and say which others there were."""
    kept, dropped = _brief(output)
    left_out = [*output.left_out, *dict.fromkeys(dropped)]
    return kept.model_copy(update={"left_out": left_out}) if left_out else kept


def _brief(output: OutT) -> tuple[OutT, list[str]]:
    """Return an output with its main fields only, and the names of the others."""
    has, main, keeps_short = values_of(output), _main(type(output)), output.brief is None
    gone = [
        name
        for name, value in has.items()
        if name not in main and not (keeps_short and length_of(value) <= LONG)
    ]
    dropped = [name for name in gone if _is_there(has.pop(name))]
    parts: dict[str, Any] = {}
    for name, value in has.items():
        if outputs := _outputs_in(value):
            briefs = [_brief(part) for part in outputs]
            is_list = isinstance(value, list)
            parts[name] = [part for part, _ in briefs] if is_list else briefs[0][0]
            dropped += [f"{name}{'[]' if is_list else ''}.{inner}" for _, names in briefs for inner in names]
    return _changed(output, gone, parts), dropped


@cache
def _main(model: type[Output]) -> frozenset[str]:
    """Return the fields that a brief output keeps whatever is in them."""
    required = {name for name, info in model.model_fields.items() if info.is_required()}
    return frozenset({"left_out", REPLACED_TEXT, UNREADABLE} | required | (model.brief or frozenset()))


def _is_there(value: Any) -> bool:
    return value is not None and value not in ("", [], {})


def _outputs_in(value: Any) -> list[Output]:
    """Return the outputs that a field holds: itself, or the items of a list of such."""
    parts = value if isinstance(value, list) else [value]
    return parts if all(isinstance(part, Output) for part in parts) else []


def _compact(value: Any, written: Any) -> Any:
    """Take out of what was written the fields that the output, or one in it, does not have."""
    if isinstance(value, list) and isinstance(written, list) and len(value) == len(written):
        return [_compact(*pair) for pair in zip(value, written, strict=True)]
    if not isinstance(value, Output):
        return written
    has = values_of(value)
    return {name: _compact(has[name], part) for name, part in written.items() if name in has}


def length_of(value: Any) -> int:
    """Count the characters of a value as JSON."""
    return len(json.dumps(to_jsonable_python(value), ensure_ascii=False))


def values_of(output: Output) -> dict[str, Any]:
    """Return the fields that an output has, those that nobody documented included."""
    has = output.model_fields_set | (output.model_extra or {}).keys()
    return {name: value for name, value in output if name in has}


def without(output: OutT, names: Collection[str]) -> OutT:
    """Return an output without some fields, as if they had never been there."""
    return _changed(output, names, {})


def _changed(output: OutT, gone: Collection[str], parts: dict[str, Any]) -> OutT:
    """Return a copy without some fields and with others in place of what it has.

    Pydantic's `model_construct` would do, and takes ten times as long: a page has many rows.
    """
    if not _can_be_copied(type(output)):
        kept = {name: value for name, value in values_of(output).items() if name not in gone} | parts
        return type(output).model_construct(_fields_set=set(kept), **kept)
    fields = type(output).model_fields
    defaults = {name: fields[name].get_default(call_default_factory=True) for name in gone if name in fields}
    changed = output.model_copy(update=defaults | parts)
    changed.model_fields_set.difference_update(gone)
    if extra := changed.model_extra:
        for name in gone:
            extra.pop(name, None)
    return changed


@cache
def _can_be_copied(model: type[Output]) -> bool:
    """Return whether a copy without some fields is like one that never had them.

    It is not where a default is made of other fields, or where a property of a field is kept in the copy.
    """
    defaults = (
        getattr(info, "default_factory_takes_validated_data", None) for info in model.model_fields.values()
    )
    kept = (isinstance(value, cached_property) for cls in model.__mro__ for value in vars(cls).values())
    return not any(defaults) and not any(kept)
