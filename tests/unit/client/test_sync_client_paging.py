"""Walking over pages, with both clients: where the walk ends, what it drops, how little it holds."""

from __future__ import annotations

import weakref
from typing import Any

import httpx
import pytest

from devin_tools import Client, Simulator
from devin_tools.api import CreateSession, ListSessionMessages, ListSessions, SessionPage
from devin_tools.errors import ServerFault
from devin_tools.simulator.clock import SimulatedClock


class Pages:
    """Answers from a table: the cursor asked for, then ids, the next cursor, whether more follow."""

    def __init__(self, table: dict[str | None, tuple[list[str], str | None, bool]]):
        self.table = table
        self.asked: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        after = request.url.params.get("after")
        self.asked.append(after)
        ids, cursor, more = self.table[after]
        items = [{"session_id": session_id} for session_id in ids]
        return httpx.Response(200, json={"items": items, "end_cursor": cursor, "has_next_page": more})


@pytest.fixture
def walk(with_client):
    """Return a function that walks a table and tells the ids it got, page by page."""

    def go(pages: Pages, method: str = "pages", call: Any = None) -> Any:
        got = with_client(pages, lambda perform: perform(method, call or ListSessions()))
        return got if method == "items" else [[item.session_id for item in page.items] for page in got]

    return go


def test_a_walk_follows_the_cursors_to_the_end(walk) -> None:
    pages = Pages({None: (["1", "2"], "a", True), "a": (["3"], "b", True), "b": (["4"], None, False)})
    assert walk(pages) == [["1", "2"], ["3"], ["4"]]
    assert pages.asked == [None, "a", "b"]


def test_items_come_one_by_one_across_pages(walk) -> None:
    pages = Pages({None: (["1", "2"], "a", True), "a": (["3"], None, False)})
    assert [item.session_id for item in walk(pages, "items")] == ["1", "2", "3"]


@pytest.mark.parametrize(("cursor", "more"), [(None, True), ("", True), ("b", False)])
def test_a_missing_cursor_ends_the_walk_and_so_does_no_more(walk, cursor: str | None, more: bool) -> None:
    pages = Pages({None: (["1"], "a", True), "a": (["2"], cursor, more)})
    assert walk(pages) == [["1"], ["2"]]


def test_a_repeated_cursor_ends_the_walk(walk) -> None:
    pages = Pages({None: (["1"], "a", True), "a": (["2"], "b", True), "b": (["3"], "a", True)})
    assert walk(pages) == [["1"], ["2"], ["3"]]


def test_the_cursor_a_walk_begins_at_is_not_walked_twice(walk) -> None:
    pages = Pages({"a": (["1"], "a", True)})
    assert walk(pages, call=ListSessions(after="a")) == [["1"]]


def test_items_that_shifted_between_pages_come_once(walk) -> None:
    pages = Pages(
        {None: (["1", "2"], "a", True), "a": (["2", "3", "3"], "b", True), "b": (["1"], None, False)}
    )
    assert walk(pages) == [["1", "2"], ["3"], []]


def test_an_error_in_the_middle_of_a_walk_comes_through_after_the_pages_before_it() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        first = "after" not in request.url.params
        items = {"items": [{"session_id": "1"}], "end_cursor": "a", "has_next_page": True}
        return httpx.Response(200, json=items) if first else httpx.Response(503, json={})

    with Client(
        api_key="cog_key",
        org_id="org-1",
        transport=httpx.MockTransport(answer),
        guards=(),
        clock=SimulatedClock(),
    ) as client:
        walking = client.items(ListSessions())
        assert next(walking).session_id == "1"
        with pytest.raises(ServerFault):
            next(walking)


def test_a_page_is_asked_for_only_when_it_is_needed() -> None:
    pages = Pages({None: (["1", "2"], "a", True), "a": (["3"], None, False)})
    with Client(api_key="cog_key", org_id="org-1", transport=httpx.MockTransport(pages), guards=()) as client:
        walking = client.items(ListSessions())
        assert pages.asked == []
        assert [next(walking).session_id, next(walking).session_id] == ["1", "2"]
        assert pages.asked == [None]


def test_a_walk_holds_one_page_at_a_time() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        n = int(request.url.params.get("after", 0))
        items = [{"session_id": f"{n}-{i}"} for i in range(10)]
        return httpx.Response(200, json={"items": items, "end_cursor": str(n + 1), "has_next_page": n < 20})

    alive: list[weakref.ref[SessionPage]] = []
    with Client(
        api_key="cog_key", org_id="org-1", transport=httpx.MockTransport(answer), guards=()
    ) as client:
        for page in client.pages(ListSessions(limit=10)):
            alive.append(weakref.ref(page))
            del page
            assert sum(ref() is not None for ref in alive) <= 1
    assert len(alive) == 21


def test_messages_page_like_sessions_over_the_simulator(simulator: Simulator, client: Client) -> None:
    session = client.run(CreateSession(prompt="x"))
    simulator.clock.step(600)
    call = ListSessionMessages(session_id=session.session_id)
    together = client.run(call).messages
    one_by_one = list(client.items(call.model_copy(update={"limit": 1})))
    assert len(together) > 2 and one_by_one == together
    assert [message.created_at for message in together] == sorted(m.created_at or 0 for m in together)
