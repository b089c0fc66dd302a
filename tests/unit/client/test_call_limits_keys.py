"""A key lets a call pass uncounted only where its tool adopts by it: the limit on sessions is for money."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from devin_tools import Client, CreateSession, Output, Tool
from devin_tools.errors import ConnectionLost, Refused
from devin_tools.flow import Flow
from devin_tools.tool import WRITE, Spending


class Ticket(Output):
    """What there is to know of a purchase."""

    number: int
    """Its number."""


class BuyTicket(Tool[Ticket]):
    """Buy a ticket."""

    effect = WRITE.billable(Spending("one", key="idempotency_key"))

    idempotency_key: str | None = None
    """Calls with one key buy once."""

    def flow(self) -> Flow[Ticket]:
        return Ticket(number=1)
        yield


class CreateAnother(CreateSession):
    """Start a session, and do not look for it."""

    def flow(self) -> Flow[Any]:
        yield from Tool.flow(self)
        raise ConnectionLost("It broke.")


class Api:
    """Counts the sessions that it makes."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"items": [], "has_next_page": False})
        self.made += 1
        return httpx.Response(200, json={"session_id": str(self.made), "url": "https://x", "status": "new"})

    def client(self) -> Client:
        options: dict[str, Any] = {"api_key": "cog_x", "org_id": "org-1", "max_sessions": 1}
        return Client(**options, guards=(), transport=httpx.MockTransport(self))


@pytest.mark.parametrize("keys", [(None, None), ("a", "b"), ("a", "a")])
def test_a_flow_of_its_own_does_not_inherit_that_it_looks_for_what_it_started(keys: Any) -> None:
    api = Api()
    with api.client() as client:
        with pytest.raises(ConnectionLost):
            client.run(CreateAnother(prompt="x", idempotency_key=keys[0]))
        with pytest.raises(Refused, match="may start no more"):
            client.run(CreateAnother(prompt="x", idempotency_key=keys[1]))
    assert api.made == 1


def test_a_key_of_one_tool_says_nothing_of_another() -> None:
    api = Api()
    with api.client() as client:
        client.run(BuyTicket(idempotency_key="a"))
        with pytest.raises(Refused, match="may start no more"):
            client.run(CreateSession(prompt="x", idempotency_key="a"))
    assert api.made == 0


def test_what_was_paid_for_is_returned_though_it_is_not_a_session() -> None:
    with Api().client() as client:
        assert client.run(BuyTicket(idempotency_key="a")).number == 1
        assert client.limits.started == 1
