"""Resources that are created, read, updated and deleted: notes, playbooks, schedules, secrets."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from .paging import Cut, Row, page_of_rows
from .refusal import Refusal

Resource: TypeAlias = dict[str, Any]


class ResourceStore:
    """Resources of one kind by their ids, in the order in which they were created.

    One that is not there is refused with 404. What the organisation inherits from its enterprise can be read;
    to change or delete it is refused with 403.
    """

    def __init__(self, noun: str, numbers: Iterator[int] | None = None):
        """`numbers` place its resources among those of other stores, of which some lists show one's too."""
        self._noun = noun
        self._rows: dict[str, Row] = {}
        self._numbers = itertools.count() if numbers is None else numbers

    def add(self, resource_id: str, resource: Resource) -> Resource:
        """Keep a new resource, and return it."""
        self._rows[resource_id] = next(self._numbers), resource
        return resource

    def has(self, resource_id: str) -> bool:
        """Return whether a resource is there."""
        return resource_id in self._rows

    def find(self, resource_id: str) -> Resource:
        """Return a resource by its id."""
        if resource_id not in self._rows:
            raise Refusal(404, f"{self._noun} not found")
        resource: Resource = self._rows[resource_id][1]
        return resource

    def find_own(self, resource_id: str) -> Resource:
        """Return a resource that may be changed."""
        resource = self.find(resource_id)
        if resource.get("access_type") == "enterprise":
            raise Refusal(403, "It belongs to the enterprise, and changing it needs a permission there")
        return resource

    def remove(self, resource_id: str) -> Resource:
        """Delete a resource, and return what it was."""
        resource = self.find_own(resource_id)
        self.drop(resource_id)
        return resource

    def drop(self, resource_id: str) -> None:
        """Delete a resource that is there, whoever it belongs to."""
        del self._rows[resource_id]

    def all(self) -> list[Resource]:
        """Return everything, oldest first."""
        return [resource for _, resource in self.rows()]

    def rows(self) -> list[Row]:
        """Return everything with its number, oldest first."""
        return list(self._rows.values())

    def page(self, cut: Cut, call: Any, test: Callable[[Resource], bool] = bool) -> Resource:
        """Cut one page of what passes the test, oldest first."""
        return page_of_rows(cut, (row for row in self._rows.values() if test(row[1])), call)

    def offset_page(self, call: Any) -> Resource:
        """Return one page by limit and offset. Its cursor is always null; clients stop by `has_next_page`."""
        every, start = self.all(), int(call.after or 0)
        end = start + call.limit
        more = end < len(every)
        return {"items": every[start:end], "end_cursor": None, "has_next_page": more, "total": len(every)}


def check_required(call: Any, *required: str) -> None:
    """Refuse with 422 a request to replace a resource that does not name all the required fields."""
    missing = [name for name in required if name not in call.model_fields_set]
    errors = [{"loc": ["body", name], "msg": "Field required", "type": "missing"} for name in missing]
    if errors:
        raise Refusal(422, "The request is not valid", errors)
