"""A simulator that keeps the requests that arrive, to hold those of a builder against our client's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from devin_tools import Client, Simulator, load_catalog
from devin_tools.simulator.response import Answer
from devin_tools.wire import Request

__all__ = ["Arrivals", "comparable", "sent_by_client"]

MARK = "devin-tools-key:"
"""How the tag of a created session begins, by which it is found again; each has its own."""


class Arrivals(Simulator):
    """Keeps each request as it arrived: method, path, query, body."""

    def __init__(self, **options: Any):
        super().__init__(**{"seed": 1, "catalog": load_catalog(plugins=()), **options})
        self.arrived: list[tuple[Any, ...]] = []

    def handle(self, request: Request, *rest: Any) -> Answer:
        """Keep a request, and answer it."""
        self.arrived.append(comparable(request))
        return super().handle(request, *rest)


def comparable(request: Request) -> tuple[Any, ...]:
    """Return a request without what is drawn by lot."""
    body = request.body
    if isinstance(body, Mapping) and "tags" in body:
        tags = ["..." if str(tag).startswith(MARK) else tag for tag in body["tags"]]
        body = dict(body) | {"tags": tags}
    return request.method, request.path, tuple(request.query), body


def sent_by_client(calls: Sequence[tuple[str, Mapping[str, Any]]]) -> list[tuple[Any, ...]]:
    """Run the calls with the client of this package, and give the requests that arrived."""
    simulator = Arrivals()
    with (
        simulator.serve() as server,
        Client(api_key="cog_any", base_url=server.url, org_id=simulator.world.org_id, guards=()) as client,
    ):
        for name, arguments in calls:
            client.run(load_catalog(plugins=()).call(name, arguments))
    return simulator.arrived
