"""Where an output holds text that other people and programs wrote, by the marks of its schema. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .traversal import alternatives

__all__ = ["MARK", "untrusted_paths"]

MARK = "x-untrusted"
"""The keyword of a schema whose values hold such text."""

Schema = Mapping[str, Any]


def untrusted_paths(schema: Schema, value: Any) -> list[str]:
    """Return the paths of a value at which there is text that others wrote, in the order of the value.

    `[]` stands for every item of a list and `*` for every name of an object that has names of any kind:
    `sessions[].title`. What is null or empty is not named, and what a schema does not know is not looked at.
    """
    return list(dict.fromkeys(_paths([schema], value, _Forms(schema), "")))


class _Forms:
    """The forms that each part of a schema may take, looked up once: lists have many values of one part."""

    def __init__(self, root: Schema):
        self._root = root
        self._known: dict[int, list[Schema]] = {}

    def of(self, parts: Sequence[Schema]) -> list[Schema]:
        """Return all alternatives of some parts of the schema."""
        found: list[Schema] = []
        for part in parts:
            if id(part) not in self._known:
                self._known[id(part)] = list(alternatives(part, self._root))
            found += self._known[id(part)]
        return found


def _paths(parts: Sequence[Schema], value: Any, forms: _Forms, path: str) -> Iterator[str]:
    found = forms.of(parts)
    if not found or value in (None, "", [], {}):
        return
    if any(form.get(MARK) for form in found):
        yield path
    elif isinstance(value, Mapping):
        for name, part in value.items():
            inner, is_known = _of_property(name, found)
            below = name if is_known else "*"
            yield from _paths(inner, part, forms, f"{path}.{below}" if path else below)
    elif isinstance(value, list):
        items = [form["items"] for form in found if isinstance(form.get("items"), Mapping)]
        for part in value:
            yield from _paths(items, part, forms, f"{path}[]")


def _of_property(name: str, forms: Sequence[Schema]) -> tuple[list[Schema], bool]:
    """Return the schemas of a property, and whether it stands in them by its name."""
    named = [form["properties"][name] for form in forms if name in form.get("properties", ())]
    if named:
        return named, True
    others = [form.get("additionalProperties") for form in forms]
    return [part for part in others if isinstance(part, Mapping)], False
