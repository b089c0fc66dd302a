"""Bounded validation: untrusted JSON Schemas on untrusted values, in steps that are counted.

A validator that does only what a schema says can be made to work for ever: by patterns that go back, by
unions in unions, by comparing each item with each. It would also fetch what an `$id` names, and take another
draft where a part names one. Here none of that is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from .patterns import TooMuchWork, searcher
from .traversal import objects_in, resolve

MAX_STEPS = 100_000
"""About the keywords that are applied to values: a second's work."""

MAX_DEPTH = 150
"""Keywords within keywords. jsonschema stands on Rust code that panics, past every `except Exception`, where
Python's own recursion ends: so it must never get there."""

MAX_FAULTS = 20

UNREADABLE = "the schema cannot be applied: a $ref in it leads nowhere, or back to itself"
GIVEN_UP = "the check was given up: with this schema it takes too long"

Keyword = Callable[[Any, Any, Any, Any], Iterable[Any] | None]


def check(schema: Mapping[str, Any]) -> None:
    """Raise `ValueError` unless a schema is one of draft 7 that can be applied safely."""
    from jsonschema import Draft7Validator, FormatChecker

    if _has_inner_bases(schema):
        raise ValueError("only the root of the schema may name $schema or $id")
    formats = FormatChecker(formats=())
    formats.checks("regex", raises=ValueError)(lambda text: not isinstance(text, str) or bool(searcher(text)))
    try:
        rules = Draft7Validator.META_SCHEMA
        error = next(validator(rules, formats).iter_errors(schema), None)
    except RecursionError:
        raise ValueError("the schema is nested too deeply") from None
    except TooMuchWork:
        raise ValueError("the schema takes too long to check: it is too large") from None
    if error is None:
        return
    place = "/".join(str(part) for part in error.absolute_path)
    if error.cause is not None:
        raise ValueError(f"the pattern at /{place} {error.cause}")
    raise ValueError(f"not a valid draft 7 JSON Schema at /{place}")


def _has_inner_bases(schema: Mapping[str, Any]) -> bool:
    """Return whether references or keywords mean something else somewhere below the root."""
    below = islice(objects_in(schema), 1, None)  # the root itself comes first
    return any(isinstance(node.get(name), str) for node in below for name in ("$schema", "$id"))


def faults(value: Any, schema: Mapping[str, Any]) -> list[str]:
    """Return where a value does not fit a schema, or that this cannot be said; at most 20."""
    found = []
    try:
        for error in validator(schema).iter_errors(value):
            found.append(f"{error.json_path}: {error.message[:200]}")
            if len(found) == MAX_FAULTS:
                break
    except TooMuchWork:
        return [GIVEN_UP]
    except Exception:  # a schema may be legal and still refer to nothing, or to itself for ever
        return [UNREADABLE]
    return found


def validator(schema: Mapping[str, Any], formats: Any = None) -> Any:
    """Make a validator of draft 7 that raises `TooMuchWork` when all it does takes too long."""
    from jsonschema import Draft7Validator, validators

    root = {key: value for key, value in schema.items() if key != "$schema"}
    if _has_inner_bases(root):
        raise ValueError("only the root of the schema may name $schema or $id")
    plain: dict[str, Keyword] = dict(Draft7Validator.VALIDATORS)
    work = _Work(root, plain)
    counted = {name: work.counted(keyword) for name, keyword in (plain | work.keywords()).items()}
    made: Any = validators.extend(Draft7Validator, counted)  # type: ignore[no-untyped-call]
    return made(root, format_checker=formats)


class _Work:
    """Counts what is done for one root, and bounds what could take for ever or lead out of it."""

    def __init__(self, root: Mapping[str, Any], plain: Mapping[str, Keyword]):
        self._root, self._plain = root, plain
        self._left, self._depth = MAX_STEPS, 0

    def keywords(self) -> dict[str, Keyword]:
        """Return the keywords that take the place of the plain ones."""
        return {
            "$ref": self._ref,
            "pattern": self._pattern,
            "patternProperties": self._pattern_properties,
            "additionalProperties": self._additional,
            "uniqueItems": self._unique,
            "const": self._compared(self._plain["const"]),
            "enum": self._compared(self._plain["enum"]),
        }

    def counted(self, keyword: Keyword) -> Keyword:
        """Count what a keyword does."""

        def apply(known: Any, value: Any, instance: Any, part: Any) -> Iterator[Any]:
            self._spend(1 + _breadth(value) + _breadth(instance))
            if refusals := _refusals(value):  # their messages repeat the value, whatever its size
                self._spend(refusals * len(repr(instance)) // 1_000)
            self._depth += 1
            try:
                if self._depth > MAX_DEPTH:
                    raise RecursionError
                for error in keyword(known, value, instance, part) or ():
                    self._spend(2 + len(error.message) // 1_000)  # and so do those of keywords
                    yield error
            finally:
                self._depth -= 1

        return apply

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise TooMuchWork

    def _matches(self, pattern: str, text: str) -> bool:
        search = searcher(pattern)
        self._spend(search.work(len(text)) // 1_000)
        return search.is_in(text)

    def _ref(self, known: Any, place: str, instance: Any, part: Any) -> Iterable[Any]:
        found: Iterable[Any] = known.descend(instance, resolve(self._root, place))
        return found

    def _pattern(self, known: Any, value: str, instance: Any, part: Any) -> Iterator[Any]:
        from jsonschema import ValidationError

        if isinstance(instance, str) and not self._matches(value, instance):
            yield ValidationError(f"{instance!r} does not match {value!r}")

    def _pattern_properties(self, known: Any, value: Any, instance: Any, part: Any) -> Iterator[Any]:
        for text, inner in value.items() if isinstance(instance, dict) else ():
            for name in [name for name in instance if self._matches(text, name)]:
                yield from known.descend(instance[name], inner, path=name, schema_path=text)

    def _additional(self, known: Any, value: Any, instance: Any, part: Any) -> Iterable[Any] | None:
        patterns = part.get("patternProperties", ())
        names = instance if isinstance(instance, dict) and patterns else ()
        matched = {name: True for name in names if any(self._matches(text, name) for text in patterns)}
        others = {"properties": part.get("properties", {}) | matched}
        return self._plain["additionalProperties"](known, value, instance, others)

    def _unique(self, known: Any, value: Any, instance: Any, part: Any) -> Iterator[Any]:
        from jsonschema import ValidationError

        if value and isinstance(instance, list):
            self._spend(len(repr(instance)) // 20)
            if len({_frozen(item) for item in instance}) < len(instance):
                yield ValidationError(f"{instance!r} has non-unique elements")

    def _compared(self, plain: Keyword) -> Keyword:
        def compare(known: Any, value: Any, instance: Any, part: Any) -> Iterable[Any] | None:
            self._spend(len(repr(value)) // 50)
            return plain(known, value, instance, part)

        return compare


def _breadth(value: Any) -> int:
    """Return how many steps the values in a list or an object are worth, those in them left aside."""
    return len(value) // 2 if isinstance(value, list | dict) else 0


def _refusals(value: Any) -> int:
    """Count the schemas right under a keyword that are `false`."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return sum(part is False for part in parts)


def _frozen(value: Any) -> Any:
    """Make of a JSON value one that is equal where it is, and can stand in a set."""
    if isinstance(value, dict):
        return frozenset((name, _frozen(item)) for name, item in value.items())
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return type(value).__name__, repr(value)  # as text: numbers can be chosen so that their hashes are one
