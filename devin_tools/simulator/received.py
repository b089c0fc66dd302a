"""Calls as the API takes them: of the bounds of this package, those that the vendor's documents state.

A tool refuses more than the API does, and takes more: empty text is a mistake of whoever calls, and an id may
be pasted in many forms. Neither is so on the wire.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BeforeValidator, Field, create_model
from pydantic.fields import FieldInfo

from ..locations import Prefixed, Upload, Wire
from ..tool import DOCUMENTED, Input

I = TypeVar("I", bound=Input)  # noqa: E741 - an input

PLACES = (Wire, Upload, Prefixed)


@cache
def received(model: type[I]) -> type[I]:
    """Return a model for calls off the wire: without bounds of our own, and with all keys inside."""
    fields: dict[str, Any] = {
        name: (_received(info.annotation, info.metadata), _default(info))
        for name, info in model.model_fields.items()
    }
    more = {"extra": "allow"}
    made: type[I] = create_model(
        model.__name__, __base__=model, __module__=model.__module__, __cls_kwargs__=more, **fields
    )
    made.takes_text = False
    return made


def _default(info: FieldInfo) -> Any:
    factory = info.default_factory
    return Field(default=info.default) if factory is None else Field(default_factory=factory)


def _received(annotation: Any, marks: Iterable[Any] = ()) -> Any:
    """Return a type without what of it is this package's own."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    kept = tuple(mark for mark in marks if _is_kept(mark, DOCUMENTED in marks))
    if kept:
        return Annotated[(_received(annotation), *kept)]
    if origin is Annotated:
        return _received(arguments[0], annotation.__metadata__)
    if origin in (Union, UnionType):
        return reduce(or_, map(_received, arguments))
    if origin is list:
        return list[_received(arguments[0])]  # type: ignore[misc]
    if origin is dict:
        return dict[_received(arguments[0]), _received(arguments[1])]  # type: ignore[misc]
    if isinstance(annotation, type) and issubclass(annotation, Input):
        return received(annotation)
    return annotation


def _is_kept(mark: Any, is_documented: bool) -> bool:
    return isinstance(mark, PLACES) or (is_documented and not isinstance(mark, BeforeValidator))
