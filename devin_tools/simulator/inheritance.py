"""Resources that an organisation has from its enterprise beside its own: notes and playbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .paging import page_of_rows
from .refusal import Refusal
from .store import Resource, ResourceStore
from .world import World


class Seen:
    """The resources of one kind that a request sees, which may lie in several stores.

    An organisation sees its own and those of its enterprise, which it cannot change. The enterprise sees its
    own, and with `everywhere` those of every organisation; it may change all that it sees.
    """

    def __init__(self, world: World, noun: str, *, everywhere: bool = False):
        self._world, self._noun, self._everywhere = world, noun, everywhere

    def _stores(self) -> Iterator[tuple[str | None, ResourceStore]]:
        """Yield the stores, each with the organisation it belongs to; `None`: with the enterprise."""
        scopes: list[str | None] = [self._world.scope, None]
        if self._world.scope is None:
            organizations = self._world.organizations.all() if self._everywhere else []
            scopes = [None, *(row["org_id"] for row in organizations)]
        return ((scope, self._world.store(self._noun, scope)) for scope in scopes)

    @property
    def whose(self) -> Resource:
        """What a new resource says of whose it is."""
        scope = self._world.scope
        return {"access_type": "enterprise" if scope is None else "org", "org_id": scope}

    def add(self, resource_id: str, resource: Resource) -> Resource:
        """Keep a new resource of the request's scope, and return it."""
        return self._world.store(self._noun).add(resource_id, resource)

    def all(self) -> list[Resource]:
        """Return all that the request sees."""
        return [resource for _, store in self._stores() for resource in store.all()]

    def page(self, call: Any, test: Callable[[Resource], bool] = bool) -> dict[str, Any]:
        """Cut one page of what passes the test, oldest first."""
        rows = sorted((row for _, store in self._stores() for row in store.rows()), key=lambda row: row[0])
        return page_of_rows(self._world.cut_page, (row for row in rows if test(row[1])), call)

    def find(self, resource_id: str) -> Resource:
        """Return a resource by its id; refuse with 404 what the request does not see."""
        return self._home(resource_id)[1].find(resource_id)

    def find_own(self, resource_id: str) -> Resource:
        """Return a resource that the request may change; refuse with 403 what is inherited."""
        scope, store = self._home(resource_id)
        if scope is None and self._world.scope is not None:
            raise Refusal(403, "It belongs to the enterprise, and changing it needs a permission there")
        return store.find(resource_id)

    def remove(self, resource_id: str) -> Resource:
        """Delete a resource that the request may change, and return what it was."""
        resource = self.find_own(resource_id)
        self._home(resource_id)[1].drop(resource_id)
        return resource

    def _home(self, resource_id: str) -> tuple[str | None, ResourceStore]:
        """Return the store that a resource is in, and whose it is; the first one when it is in none."""
        places = [*self._stores()]
        return next((place for place in places if place[1].has(resource_id)), places[0])
