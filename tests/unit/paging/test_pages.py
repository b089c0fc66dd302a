"""Where a walk over pages stands, as a table: pages in, next calls out."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from support.driving import Driver, ok

from devin_tools import describe
from devin_tools.api import ListSessionAttachments, ListSessionMessages, ListSessions, Session, SessionPage
from devin_tools.paging import BareList, Items, Page, Paged
from devin_tools.paging.pages import REMEMBERED_IDS, Paging, Walk, paging_of
from devin_tools.tool import Output, Tool
from devin_tools.wire import GET


def page(*ids: str, cursor: str | None = None, more: bool = True) -> SessionPage:
    sessions = [Session(session_id=session_id) for session_id in ids]
    return SessionPage.model_validate({"sessions": sessions, "end_cursor": cursor, "has_next_page": more})


def ids(taken: SessionPage) -> list[str]:
    return [session.session_id for session in taken.items]


def after(walk: Walk[Any]) -> Any:
    return None if walk.next is None else getattr(walk.next, "after", None)


def test_a_walk_begins_with_the_call_itself() -> None:
    call = ListSessions(limit=2)
    assert Walk(call).next is call


def test_a_cursor_leads_to_the_next_page_with_everything_else_as_it_was() -> None:
    walk = Walk(ListSessions(limit=2, tags=["a"]))
    assert ids(walk.take(page("1", "2", cursor="c1"))) == ["1", "2"]
    assert walk.next == ListSessions(limit=2, tags=["a"], after="c1")
    assert walk.next.model_fields_set == {"limit", "tags", "after"}


@pytest.mark.parametrize(
    ("cursor", "more"),
    [(None, True), ("", True), ("c1", False), (None, False)],
    ids=["no cursor", "empty cursor", "no more", "neither"],
)
def test_a_missing_cursor_or_no_more_ends_the_walk(cursor: str | None, more: bool) -> None:
    walk = Walk(ListSessions())
    walk.take(page("1", cursor=cursor, more=more))
    assert walk.next is None


def test_a_repeated_cursor_ends_the_walk() -> None:
    walk = Walk(ListSessions())
    walk.take(page("1", cursor="c1"))
    walk.take(page("2", cursor="c2"))
    assert after(walk) == "c2"
    assert ids(walk.take(page("3", cursor="c1"))) == ["3"]
    assert walk.next is None


def test_the_cursor_the_walk_began_with_counts_as_seen() -> None:
    walk = Walk(ListSessions(after="c0"))
    walk.take(page("1", cursor="c0"))
    assert walk.next is None


def test_an_item_seen_before_is_dropped_across_pages_and_within_one() -> None:
    walk = Walk(ListSessions())
    assert ids(walk.take(page("1", "2", "2", cursor="c1"))) == ["1", "2"]
    assert ids(walk.take(page("2", "3", cursor="c2"))) == ["3"]
    assert ids(walk.take(page("1", "2", "3", cursor="c3"))) == []
    assert after(walk) == "c3"


def test_a_page_without_duplicates_is_given_back_as_it_came() -> None:
    whole = page("1", "2", cursor="c1")
    assert Walk(ListSessions()).take(whole) is whole


def test_a_walk_remembers_a_bounded_number_of_ids_and_cursors() -> None:
    walk = Walk(ListSessions())
    for n in range(0, REMEMBERED_IDS + 400, 200):
        walk.take(page(*(str(i) for i in range(n, n + 200)), cursor=f"c{n}"))
    assert ids(walk.take(page("400", "399", cursor="more"))) == ["399"]
    assert ids(walk.take(page(str(REMEMBERED_IDS + 399), "0", cursor="end"))) == ["0"]


def test_paging_is_described_for_tools_that_page_and_for_no_others() -> None:
    assert paging_of(ListSessions) == Paging(items="sessions", item_id="session_id")
    assert paging_of(ListSessionMessages) == Paging(items="messages", item_id="event_id")
    assert paging_of(ListSessionAttachments) is describe(ListSessionAttachments).paging is None


@pytest.mark.parametrize("key", ["items", "sessions"])
def test_a_page_is_read_by_the_wires_name_and_by_ours(key: str) -> None:
    read = SessionPage.model_validate({key: [{"session_id": "1"}]})
    assert ids(read) == ["1"] and read.model_dump()["sessions"][0]["session_id"] == "1"


class Thing(Output):
    """A thing."""

    note: str | None = None
    """A note of it."""
    thing_id: str
    """Its id."""


class ThingPage(BareList, Page):
    """Things."""

    things: Items[Thing]
    """The things."""


class Rows(Output):
    things: list[Thing]
    """The things."""


class OldThingPage(Page, Rows):
    """Things, declared as up to 0.1."""

    items_field = "things"
    item_id = "note"


class OldListThings(Paged, Tool[OldThingPage]):
    """List things, declared as up to 0.1."""

    route = GET("/v3/things")


def test_a_page_says_by_its_items_what_they_are_and_shows_them_first() -> None:
    assert (ThingPage.items_field, ThingPage.item_id) == ("things", "thing_id")
    assert list(ThingPage.model_fields) == ["things", "left_out", "end_cursor", "has_next_page", "total"]
    assert next(iter(ThingPage.model_json_schema()["properties"])) == "items"
    read = ThingPage.model_validate([{"thing_id": "1"}])
    assert next(iter(read.model_dump())) == "things" and read.items[0].thing_id == "1"
    assert ThingPage.model_validate({"data": [{"thing_id": "1"}]}) == read


def test_a_page_may_say_it_otherwise() -> None:
    assert (OldThingPage.items_field, OldThingPage.item_id) == ("things", "note")
    assert paging_of(OldListThings) == Paging(items="things", item_id="note")
    page = {"things": [{"thing_id": "1", "note": "a"}]}
    assert Driver([ok(page)]).run(OldListThings(detail="brief").flow()).items[0].thing_id == "1"


class Share(Output):
    """What somebody has of something, where no field says which row it is."""

    amount: int
    """How much."""
    of: str | None = None
    """Whose it is."""


class SharePage(Page[Share]):
    """Shares."""

    item_id: ClassVar[str] = ""

    shares: Items[Share]
    """The shares."""


class ListShares(Paged[SharePage]):
    """List shares."""

    route = GET("/v3/shares")


def test_rows_that_no_field_tells_apart_are_told_apart_by_all_that_they_hold() -> None:
    walk = Walk(ListShares())
    first = [{"amount": 5, "of": "a"}, {"amount": 5, "of": "b"}, {"amount": 5}]
    second = [{"amount": 5, "of": "b"}, {"amount": 5, "of": "c"}]
    read = [
        SharePage.model_validate({"items": rows, "end_cursor": f"c{len(rows)}", "has_next_page": True})
        for rows in (first, second)
    ]
    assert [[share.of for share in walk.take(page).shares] for page in read] == [["a", "b", None], ["c"]]
    assert paging_of(ListShares) == Paging(items="shares", item_id="")
