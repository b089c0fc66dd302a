"""Things of one kind that are made, read, changed and removed: notes, playbooks, schedules, secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from .paging import Row, page_of
from .refusal import Refusal

if TYPE_CHECKING:
    from .world import World

Resource: TypeAlias = dict[str, Any]


class ResourceStore:
    """Resources of one kind by their ids, in the order they were made."""

    def __init__(self, noun: str):
        self._noun = noun
        self._things: dict[str, Resource] = {}
        self._made = 0
        self._numbers: dict[str, int] = {}

    def add(self, thing_id: str, thing: Resource) -> Resource:
        """Take in a new thing."""
        self._things[thing_id], self._numbers[thing_id] = thing, self._made
        self._made += 1
        return thing

    def find(self, thing_id: str) -> Resource:
        """Find a thing; refuse with 404."""
        if thing_id not in self._things:
            raise Refusal(404, f"{self._noun} not found")
        return self._things[thing_id]

    def remove(self, thing_id: str) -> Resource:
        """Take a thing away and give it; refuse with 404."""
        thing = self.find(thing_id)
        del self._things[thing_id]
        return thing

    def all(self) -> list[Resource]:
        """Return everything, oldest first."""
        return list(self._things.values())

    def page(self, world: World, call: Any, test: Callable[[Resource], bool] = bool) -> Resource:
        """Cut one page of what passes the test, oldest first."""
        passing = self._passing(test)

        def rows_after(number: int | None) -> Iterable[Row]:
            return (row for row in passing if number is None or row[0] > number)

        return page_of(world, rows_after, call, total=len(passing))

    def offset_page(self, call: Any, test: Callable[[Resource], bool] = bool) -> Resource:
        """Cut one page by limit and offset.

        The envelope stays empty: the vendor documents it for such lists, and not that it is filled.
        """
        start = int(call.after or 0)
        items = [thing for _, thing in self._passing(test)[start : start + call.limit]]
        return {"items": items, "end_cursor": None, "has_next_page": False, "total": None}

    def _passing(self, test: Callable[[Resource], bool]) -> list[Row]:
        return [(self._numbers[key], thing) for key, thing in self._things.items() if test(thing)]


def check_owned(thing: Resource) -> None:
    """Refuse with 403 to change what the organisation inherits from its enterprise."""
    if thing["access_type"] == "enterprise":
        raise Refusal(403, "It belongs to the enterprise, and changing it needs a permission there")


def check_required(call: Any, *required: str) -> None:
    """Refuse with 422 a request to replace a thing that does not say all it must."""
    missing = [name for name in required if name not in call.model_fields_set]
    errors = [{"loc": ["body", name], "msg": "Field required", "type": "missing"} for name in missing]
    if errors:
        raise Refusal(422, "The request is not valid", errors)
