"""Where the fields of a call travel, by the marks on them, and how a list goes on. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from .wire import Route


@dataclass(frozen=True, slots=True)
class Wire:
    """The name a field has on the wire, where the API's differs from ours; `None`: it is not sent."""

    name: str | None


@dataclass(frozen=True, slots=True)
class InQuery:
    """Marks a field that travels in the query, though its route sends the others in a body."""


@dataclass(frozen=True, slots=True)
class Upload:
    """Marks a field that holds the path of a file to send; the API wants it as a part named `file`."""


@dataclass(frozen=True, slots=True)
class Prefixed:
    """Marks an id that people paste in several forms and the API wants in one: with this before it."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where one field travels."""

    field: str
    where: Literal["path", "query", "body", "file", "nowhere"]
    wire: str
    is_list: bool
    keeps_slashes: bool = False
    """In a path: whether the value's slashes separate segments."""
    prefix: str = ""
    """What an id, or each id of a list, has before it on the wire, whatever the form it was given in."""


@dataclass(frozen=True, slots=True)
class Paging:
    """How to walk a list without this package: names on the wire and in the output."""

    items: str
    item_id: str
    wire_items: str = "items"
    cursor: str = "end_cursor"
    more: str = "has_next_page"
    cursor_field: str = "after"
    size_field: str = "limit"
    style: Literal["cursor", "offset"] = "cursor"
    """Whether the API's answer names the next page, or the caller counts the items before it."""


@cache
def places(model: type[BaseModel], route: Route) -> tuple[Place, ...]:
    """Return where each field of a call travels: path, query or body, and under which name."""
    return tuple(_place(name, info, route) for name, info in model.model_fields.items())


@cache
def places_by_field(model: type[BaseModel], route: Route) -> dict[str, Place]:
    """Return the place of each field: most calls set few of them."""
    return {place.field: place for place in places(model, route)}


def _place(name: str, info: Any, route: Route) -> Place:
    wire = next((m.name for m in info.metadata if isinstance(m, Wire)), name)
    where: Literal["path", "query", "body", "file", "nowhere"] = "body" if route.sends_body else "query"
    if any(isinstance(mark, InQuery) for mark in info.metadata):
        where = "query"
    if name in route.placeholders:
        where = "path"
    if any(isinstance(mark, Upload) for mark in info.metadata):
        where, wire = "file", "file"
    if wire is None:
        where = "nowhere"
    is_list, keeps_slashes = _holds_list(info.annotation), route.keeps_slashes(name)
    return Place(name, where, wire or name, is_list, keeps_slashes, _prefix(info.annotation, info.metadata))


def _prefix(annotation: Any, marks: Iterable[Any] = ()) -> str:
    """Find what ids of a field, or of the list it holds, have before them."""
    found = next((mark.prefix for mark in marks if isinstance(mark, Prefixed)), "")
    if get_origin(annotation) is Annotated:
        found = found or _prefix(None, annotation.__metadata__)
    return found or next((inner for part in get_args(annotation) if (inner := _prefix(part))), "")


def _holds_list(annotation: Any) -> bool:
    if get_origin(annotation) is list:
        return True
    return any(_holds_list(part) for part in get_args(annotation))
