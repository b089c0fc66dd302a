"""The strings under the fields of a class, read from the source of its module once for all its classes.

Pydantic's own reading looks for the source of each class by itself when the class is made, which is half
the time that importing the declarations would take; only a schema and `help()` need them.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache, reduce
from itertools import pairwise
from operator import or_
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

FIELDS = "\n\nFields:\n"
"""What parts the docstring of a model from its fields, where both are shown."""

WIDTH = 96


@cache
def attribute_docstrings(cls: type) -> Mapping[str, str]:
    """Return the string under each annotated name of a class, and of those that it derives from."""
    texts: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        texts |= _of_module(base.__module__).get(base.__qualname__, {})
    return texts


@cache
def _of_module(name: str) -> dict[str, dict[str, str]]:
    """Return the strings of each class of a module by its qualified name; none without a source."""
    try:
        source = inspect.getsource(sys.modules[name])
    except (KeyError, OSError, TypeError):
        return {}
    return dict(_of_classes(ast.parse(source).body, ""))


def _of_classes(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, dict[str, str]]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield f"{prefix}{node.name}", dict(_under_names(node.body))
            yield from _of_classes(node.body, f"{prefix}{node.name}.")


def _under_names(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for node, after in pairwise(body):
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
            continue
        if isinstance(after, ast.Expr) and isinstance(text := getattr(after.value, "value", None), str):
            yield node.target.id, inspect.cleandoc(text)


def own_docstring(cls: type) -> str | None:
    """Return the docstring of a class as its statement has it, without the fields that `help()` shows."""
    text: str | None = vars(cls).get("__doc__")
    return text and text.partition(FIELDS)[0]


def with_fields(model: type[BaseModel]) -> str | None:
    """Return the docstring of a model with its fields: their types, and the string under each."""
    from textwrap import fill

    text, described = own_docstring(model), attribute_docstrings(model)
    if not model.model_fields:
        return text
    lines = []
    for name, info in model.model_fields.items():
        kind = re.sub(r"\b(?:\w+\.)+(\w+)", r"\1", inspect.formatannotation(shown_type(info.annotation)))
        lines.append(f"  {name}: {kind}{' (required)' if info.is_required() else ''}")
        about = " ".join((info.description or described.get(name, "")).split())
        lines += [fill(about, WIDTH, initial_indent="      ", subsequent_indent="      ")] if about else []
    return inspect.cleandoc(text or "") + FIELDS + "\n".join(lines)


def signature_of(model: type[BaseModel]) -> inspect.Signature:
    """Return how a model is made: by the names and types that type checkers accept."""
    if not getattr(model.__init__, "__pydantic_base_init__", False):  # one of its own
        _, *taken = inspect.signature(model.__init__).parameters.values()
        return inspect.Signature(taken, return_annotation=None)
    return inspect.Signature(
        [_parameter(name, info) for name, info in model.model_fields.items()], return_annotation=None
    )


def _parameter(name: str, info: FieldInfo) -> inspect.Parameter:
    default = inspect.Parameter.empty if info.is_required() else info.get_default(call_default_factory=True)
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=shown_type(info.annotation))


def shown_type(annotation: Any) -> Any:
    """Return a type without what only validators read of it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shown_type(arguments[0])
    if origin in (Union, UnionType):
        return reduce(or_, map(shown_type, arguments))
    if origin in (list, dict, tuple):
        return origin[tuple(map(shown_type, arguments))]
    return annotation
