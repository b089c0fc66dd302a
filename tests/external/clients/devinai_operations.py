"""The operations that the `devinai` package offers, found by looking at it, and arguments for each."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

__all__ = ["Operation", "operations", "single_values"]

OF_EVERY_CALL = frozenset({"self", "extra_headers", "extra_query", "extra_body", "timeout"})


@dataclass(frozen=True)
class Operation:
    """One method of a resource of the package."""

    path: tuple[str, ...]
    """The attributes from the client to the method."""
    required: Mapping[str, Any]
    optional: Mapping[str, Any]
    """Arguments with their types."""
    returns: Any
    """The type of its answer; `None` for a file."""

    @property
    def name(self) -> str:
        return ".".join(self.path)

    def call(self, client: Any, arguments: Mapping[str, Any]) -> Any:
        """Call it; return the answer, held against the type that the package declares for it."""
        *resources, method = self.path
        target = client
        for resource in resources:
            target = getattr(target, resource)
        if self.returns is None:
            return getattr(target, method)(**arguments)
        answer = getattr(target.with_raw_response, method)(**arguments)
        TypeAdapter(self.returns).validate_json(answer.http_response.content)
        return answer.parse()


def operations(client: Any) -> Iterator[Operation]:
    """Yield every operation that a client of the package has."""
    yield from _of(client, ())


def _of(owner: Any, path: tuple[str, ...]) -> Iterator[Operation]:
    for name in sorted(vars_of(type(owner))):
        member = inspect.getattr_static(type(owner), name)
        if isinstance(member, cached_property) and not name.startswith("with_"):
            yield from _of(getattr(owner, name), (*path, name))
        elif inspect.isfunction(member) and path:
            yield _operation((*path, name), member)


def vars_of(kind: type) -> set[str]:
    """Return the public names that a class has of its own."""
    return {name for name in vars(kind) if not name.startswith("_")}


def _operation(path: tuple[str, ...], method: Any) -> Operation:
    hints = get_type_hints(method)
    taken = [p for p in inspect.signature(method).parameters.values() if p.name not in OF_EVERY_CALL]
    parts: dict[bool, dict[str, Any]] = {True: {}, False: {}}
    for parameter in taken:
        parts[parameter.default is parameter.empty][parameter.name] = hints[parameter.name]
    returns = hints["return"]
    return Operation(path, parts[True], parts[False], None if returns is object else returns)


def single_values(annotation: Any) -> list[Any]:
    """Return every word of a closed set that an argument takes, alone or in a list; else nothing."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return list(arguments)
    if origin is list:
        return [[word] for word in single_values(arguments[0])]
    if origin is Union or type(annotation).__name__ == "UnionType":
        return [value for argument in arguments for value in single_values(argument)]
    return []
