"""The strings under the fields of a class, read from the source of its module once for all its classes.

Pydantic's own reading looks for the source of each class by itself when the class is made, which is half
the time that importing the declarations would take; only a schema needs them.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise


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
