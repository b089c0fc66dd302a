"""Arguments that came as text, read for what their fields hold. It makes no call: it looks at types. Pure.

A field of any tool that holds a list or an object takes it as JSON text too, and refuses text that only
looks like it. Its type says all that is needed, so a declaration says nothing of it.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import math
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AliasChoices, BaseModel, BeforeValidator, Json, PlainValidator, WrapValidator
from pydantic.alias_generators import to_camel

from .encoding import Location
from .listed import LIST_FORM, NotJson, json_in

__all__ = ["Fault", "names_of", "read_values"]

LISTS = (
    list, tuple, set, frozenset, collections.deque, collections.abc.Sequence, collections.abc.Set,
    collections.abc.Iterable, collections.abc.Collection, collections.abc.MutableSequence,
)  # fmt: skip
GIVEN_LISTS = (list, tuple, set, frozenset)
JSON_READER: Any = Json
OWN_READERS = (BeforeValidator, PlainValidator, WrapValidator)

OBJECTS_FORM = 'give a list, or one as JSON text, such as [{"a": 1}]'
OBJECT_FORM = 'give an object, or one as JSON text, such as {"a": 1}'

SPLIT = f"holds the parts of one list that was split at its commas: {LIST_FORM}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where an argument is text that nobody can read for sure, and why."""

    where: Location
    reason: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a type decides how text is read."""

    item: Shape | None = None
    """Of lists: the shape of what is in them."""
    value: Shape | None = None
    """Of objects with any keys: the shape of their values."""
    is_object: bool = False
    is_text: bool = False
    """Whether a text is a value of it as it stands."""
    is_number: bool = False
    is_flag: bool = False
    reads_text: bool = False
    """Whether it has a reading of text of its own, for what is not JSON."""
    reads_json: bool = False
    """Whether it wants the JSON as text, to read it itself."""

    def __or__(self, other: Shape) -> Shape:
        return Shape(
            item=_either(self.item, other.item),
            value=_either(self.value, other.value),
            is_object=self.is_object or other.is_object,
            is_text=self.is_text or other.is_text,
            is_number=self.is_number or other.is_number,
            is_flag=self.is_flag or other.is_flag,
            reads_text=self.reads_text or other.reads_text,
            reads_json=self.reads_json or other.reads_json,
        )

    @property
    def form(self) -> str:
        """The form to give a value in, in words."""
        if self.item is None:
            return OBJECT_FORM
        return OBJECTS_FORM if self.item.is_object and not self.item.is_text else LIST_FORM

    @property
    def takes_text(self) -> bool:
        """Whether text that is not JSON may be a value."""
        is_scalar = self.is_text or self.is_number or self.is_flag
        return is_scalar or self.reads_text or not (self.item or self.is_object)


def _either(one: Shape | None, other: Shape | None) -> Shape | None:
    return one | other if one and other else one or other


ANYTHING = Shape(is_text=True)
NOTHING = Shape()
SCALARS: Mapping[Any, Shape] = {
    bool: Shape(is_flag=True),
    int: Shape(is_number=True),
    float: Shape(is_number=True),
}


def read_values(model: type[BaseModel], given: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Fault]]:
    """Return arguments with lists and objects in place of their JSON text, and what of them is not clear.

    What is given is never changed: with something to read it is another mapping.
    """
    fields = _fields(model)
    faults: list[Fault] = []
    read: dict[str, Any] = {}
    for key, value in given.items():
        if key in fields:
            name, shape = fields[key]
            now = _read(value, shape, (name,), faults)
            if now is not value:
                read[key] = now
    return ({**given, **read} if read else given), faults


@cache
def _fields(model: type[BaseModel]) -> Mapping[str, tuple[str, Shape]]:
    """Map every name under which a field may be given to its own name, with the shape of its type."""
    own = _own_readers(model)
    found: dict[str, tuple[str, Shape]] = {}
    for name, info in model.model_fields.items():
        shape = _shape(info.annotation, info.metadata)
        if name in own or "*" in own:
            shape = dataclasses.replace(shape, reads_text=True)
        if shape not in (ANYTHING, NOTHING):
            found |= dict.fromkeys(_names(name, info.validation_alias), (name, shape))
    return found


def names_of(model: type[BaseModel]) -> frozenset[str]:
    """Return every name under which some field of a model may be given."""
    fields = model.model_fields.items()
    return frozenset(each for name, info in fields for each in _names(name, info.validation_alias))


def _own_readers(model: type[BaseModel]) -> frozenset[str]:
    """Name the fields that a validator of the class itself reads before their types do."""
    decorators = model.__pydantic_decorators__.field_validators.values()
    return frozenset(name for one in decorators if one.info.mode != "after" for name in one.info.fields)


def _names(name: str, alias: Any) -> Iterator[str]:
    yield from (name, to_camel(name))
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    yield from (choice for choice in choices if isinstance(choice, str))


def _shape(annotation: Any, marks: Iterable[Any] = ()) -> Shape:
    """Return the shape of a type with its marks."""
    shape = _shape_of_type(annotation)
    for mark in marks:
        if mark is JSON_READER or isinstance(mark, JSON_READER):
            shape = dataclasses.replace(shape, reads_json=True)
        elif isinstance(mark, OWN_READERS):
            shape = dataclasses.replace(shape, reads_text=True)
    return shape


def _shape_of_type(annotation: Any) -> Shape:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(arguments[0], annotation.__metadata__)
    if origin in (Union, types.UnionType):
        return reduce(Shape.__or__, map(_shape, arguments))
    if origin is Literal:
        return Shape(is_text=any(isinstance(one, str) for one in arguments))
    kind = origin or annotation
    if hasattr(kind, "__value__"):  # a name that `type` gave
        return _shape(kind.__value__)
    if annotation in (None, types.NoneType):
        return NOTHING
    if kind in LISTS:
        items = [_shape(one) for one in arguments if one is not ...]
        return Shape(item=reduce(Shape.__or__, items) if items else ANYTHING)
    if kind in (dict, collections.abc.Mapping, collections.abc.MutableMapping):
        return Shape(is_object=True, value=_shape(arguments[1]) if len(arguments) == 2 else None)
    if not isinstance(kind, type):
        return ANYTHING
    if issubclass(kind, BaseModel | dict) or dataclasses.is_dataclass(kind):  # a TypedDict is a dict
        return Shape(is_object=True)
    return SCALARS.get(kind, ANYTHING)


def _read(value: Any, shape: Shape, where: Location, faults: list[Fault]) -> Any:
    """Return a value with what its text stands for; the value itself where there is nothing to read."""
    if isinstance(value, str):
        return _from_text(value, shape, where, faults)
    if isinstance(value, GIVEN_LISTS) and shape.item is not None:
        return _from_list(value, shape.item, where, faults)
    if isinstance(value, dict) and shape.value not in (None, ANYTHING):
        read = {key: _read(part, shape.value, (*where, str(key)), faults) for key, part in value.items()}
        return read if any(read[key] is not part for key, part in value.items()) else value
    if isinstance(value, bool) and shape.is_number and not shape.is_flag:
        faults.append(Fault(where, "must be a number, not true or false"))
    elif isinstance(value, float) and shape.is_number and not math.isfinite(value):
        faults.append(Fault(where, "must be a finite number"))
    return value


def _from_text(text: str, shape: Shape, where: Location, faults: list[Fault]) -> Any:
    if shape.is_number and _is_infinite(text):
        faults.append(Fault(where, "must be a finite number"))
    if shape.reads_json or not (shape.item or shape.is_object):
        return text
    try:
        held = json_in(text)
    except NotJson as error:
        if not shape.is_text:
            faults.append(Fault(where, f"{error}: {shape.form}"))
        return text
    if isinstance(held, list) and shape.item is not None:
        return _from_list(held, shape.item, where, faults)
    if isinstance(held, dict) and shape.is_object:
        return _read(held, shape, where, faults)
    if held is not None and not shape.is_text:
        is_list = isinstance(held, list)
        what, wanted = ("a list", "an object") if is_list else ("an object", "a list")
        faults.append(Fault(where, f"is {what} as JSON text, and must be {wanted}: {shape.form}"))
    elif held is None and not shape.takes_text:
        wanted = "list" if shape.item else "object"
        faults.append(Fault(where, f"is text that does not hold a JSON {wanted}: {shape.form}"))
    return text


def _is_infinite(text: str) -> bool:
    try:
        return not math.isfinite(float(text))
    except ValueError:
        return False


def _from_list(
    values: list[Any] | tuple[Any, ...] | set[Any] | frozenset[Any],
    item: Shape,
    where: Location,
    faults: list[Fault],
) -> Any:
    if not (item.item or item.is_object) and all(map(_is_bare, values)):
        return values
    read = []
    for number, value in enumerate(values):
        place = (*where, number)
        if isinstance(value, str) and not (item.item or item.is_object):
            _require_element(value, place, faults)
            read.append(value)
        elif isinstance(value, str):
            before = len(faults)
            read.append(_from_text(value, item, place, faults))
            if item.is_text and len(faults) == before and read[-1] is value:
                _require_element(value, place, faults)
        else:
            read.append(_read(value, item, place, faults))
    if item.is_text and _is_split(read):
        faults.append(Fault(where, SPLIT))
    is_same = all(one is other for one, other in zip(read, values, strict=True))
    return values if is_same else read


def _is_bare(value: Any) -> bool:
    """Return whether a value is text without brackets, so that there is surely nothing to read in it."""
    return isinstance(value, str) and "[" not in value and "{" not in value


def _require_element(text: str, where: Location, faults: list[Fault]) -> None:
    """Note a list or an object that stands as text where a text is wanted."""
    try:
        held = json_in(text)
    except NotJson:  # text may begin with a bracket
        return
    if held is not None:
        what = "a list" if isinstance(held, list) else "an object"
        faults.append(Fault(where, f"is {what} as JSON text within a list: give what it holds in its place"))


def _is_split(values: list[Any]) -> bool:
    """Return whether texts are the parts of `[a, b]`: one opens what a later one closes."""
    is_open = False
    for value in values:
        if isinstance(value, str):
            bare = value.strip()
            if is_open and bare.endswith("]") and bare.count("]") > bare.count("["):
                return True
            is_open = is_open or (bare.startswith("[") and bare.count("[") > bare.count("]"))
    return False
