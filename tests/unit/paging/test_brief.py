"""Results that fit a context: brief outputs, pages of a size, and the truth about what was left out."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import VERSION, Field
from support.driving import Driver, ok
from support.simulated_api import simulated

from devin_tools import Client
from devin_tools.api import (
    CreateSession,
    GetSession,
    ListSessionMessages,
    ListSessions,
    Message,
    MessagePage,
    Session,
    SessionPage,
)
from devin_tools.paging.brief import Abridged, in_brief, length_of, without
from devin_tools.paging.fitting import shortened
from devin_tools.tool import Output
from devin_tools.wire import Request, Response

ID = "devin-" + "a" * 32


class Part(Output):
    """A part."""

    brief = frozenset()

    name: str
    """Its name."""


class Note(Abridged):
    """A note that does not say what is brief in it."""

    note_id: str
    """Its id."""
    body: str | None = None
    """What it says."""
    part: Part | None = None
    """A part."""


def sessions(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"session_id": f"{number:032x}", "title": f"Task {number}"} | more for number in range(count)]


class Server:
    """Answers lists as the API does: so many from the cursor on, which says where the next begins."""

    def __init__(self, items: list[dict[str, Any]]):
        self.items = items
        self.asked: list[dict[str, str]] = []

    def __call__(self, request: Request) -> Response:
        query = dict(request.query)
        self.asked.append(query)
        begin = int(query.get("after", "0"))
        end = begin + int(query.get("first", "100"))
        more = end < len(self.items)
        return ok(
            {
                "items": self.items[begin:end],
                "end_cursor": str(end) if more else None,
                "has_next_page": more,
                "total": len(self.items),
            }
        )


def test_left_out_is_in_no_output_that_is_whole() -> None:
    session = Session(session_id="1")
    assert "left_out" not in session.model_dump() and session.left_out == []
    assert "left_out" not in json.loads(session.model_dump_json())
    assert session.model_dump()["title"] is None


def test_an_output_with_something_left_out_is_written_without_what_it_does_not_have() -> None:
    session = Session(session_id="1", url="https://app.devin.ai/1", structured_output={"a": 1}, org_id=None)
    brief = in_brief(session)
    written = {"session_id": "1", "url": "https://app.devin.ai/1", "left_out": ["structured_output"]}
    assert brief.model_dump(mode="json") == json.loads(brief.model_dump_json()) == written
    assert (brief.structured_output, brief.title) == (None, None)


def test_nothing_is_said_to_be_left_out_that_was_not_there() -> None:
    session = Session(session_id="1", org_id=None, child_session_ids=[], structured_output={}, playbook_id="")
    assert in_brief(session).left_out == []
    assert in_brief(session).model_fields_set == {"session_id"}


def test_false_and_zero_are_there() -> None:
    assert in_brief(Session.model_validate({"session_id": "1", "created_at": 0, "new": False})).left_out == [
        "created_at",
        "new",
    ]


def test_where_a_model_does_not_say_it_what_is_long_goes() -> None:
    short = Note(note_id="x" * 500, body="b" * 198)
    assert in_brief(short) == short
    long = Note(note_id="x" * 500, body="b" * 199)
    assert in_brief(long).model_dump() == {"note_id": "x" * 500, "left_out": ["body"]}


@pytest.mark.skipif(
    tuple(map(int, VERSION.split(".")[:2])) < (2, 10), reason="no default could look at other fields"
)
def test_a_default_that_looks_at_other_fields_is_made_of_those_that_stay() -> None:
    class Report(Output):
        name: str
        title: str = Field(default_factory=lambda given: given["name"].upper())

    cut = without(Report(name="weekly", title="x" * 9), ["title"])
    assert cut.title == "WEEKLY" and cut.model_fields_set == {"name"}


def test_a_property_that_was_kept_is_made_anew_of_what_stays() -> None:
    class Report(Output):
        text: str = ""

        @cached_property
        def words(self) -> int:
            return len(self.text.split())

    report = Report(text="three words here")
    assert (report.words, without(report, ["text"]).words) == (3, 0)


def test_an_output_inside_another_is_brief_too() -> None:
    note = Note.model_validate({"note_id": "1", "part": {"name": "n", "extra": "e"}})
    assert in_brief(note).model_dump() == {
        "note_id": "1",
        "part": {"name": "n"},
        "left_out": ["part.extra"],
    }


def test_brief_sends_nothing_and_asks_nothing_more() -> None:
    driver = Driver([ok({"session_id": "1", "structured_output": {"a": 1}})])
    output = driver.run(GetSession(session_id=ID, detail="brief").flow())
    assert output.left_out == ["structured_output"]
    assert [(step.query, step.body) for step in driver.steps] == [((), None)]


def test_a_brief_page_names_each_field_once() -> None:
    server = Server(sessions(3, origin="api") + sessions(1, user_id="u"))
    page = Driver(server).run(ListSessions(detail="brief").flow())
    assert page.left_out == ["sessions[].origin", "sessions[].user_id"]
    assert page.model_dump()["sessions"][0] == {"session_id": "0" * 32, "title": "Task 0"}


def test_a_page_that_fits_is_left_as_it_is() -> None:
    server = Server(sessions(2))
    page = Driver(server).run(ListSessions(max_chars=5000).flow())
    assert (len(page.sessions), page.left_out, len(server.asked)) == (2, [], 1)


def test_a_page_that_is_too_long_holds_what_fits_and_goes_on_with_the_cursor_of_the_api() -> None:
    server = Server(sessions(50))
    page = Driver(server).run(ListSessions(max_chars=1500, tags=["a"]).flow())
    kept = len(page.sessions)
    assert 5 < kept < 50
    assert server.asked == [{"tags": "a"}, {"tags": "a", "first": str(kept)}]
    assert (page.left_out, page.end_cursor, page.has_next_page) == ([f"sessions[{kept}:]"], str(kept), True)
    assert length_of(page) <= 1500


def test_a_brief_page_holds_more() -> None:
    server = Server(sessions(50, structured_output={"text": "x" * 300}))
    full = Driver(server).run(ListSessions(max_chars=2000).flow())
    brief = Driver(server).run(ListSessions(max_chars=2000, detail="brief").flow())
    assert len(brief.sessions) > len(full.sessions)
    assert brief.left_out == ["sessions[].structured_output", f"sessions[{len(brief.sessions)}:]"]


def test_items_that_grow_meanwhile_are_asked_for_again() -> None:
    grown = [sessions(20), sessions(20, title="t" * 300), sessions(20, title="t" * 300)]
    asked: list[int] = []

    def answer(request: Request) -> Response:
        asked.append(int(dict(request.query).get("first", "100")))
        return Server(grown[min(len(asked), 3) - 1])(request)

    page = Driver(answer).run(ListSessions(max_chars=1500).flow())
    assert asked[0] == 100 and asked[1] > asked[2] and len(asked) == 3
    assert length_of(page) <= 1500


def test_a_server_that_ignores_the_limit_is_not_asked_for_ever() -> None:
    body = {"items": sessions(20, title="t" * 300), "end_cursor": "c", "has_next_page": True}
    asked: list[Request] = []
    page = Driver(lambda request: asked.append(request) or ok(body)).run(ListSessions(max_chars=1500).flow())
    assert len(asked) <= 20
    assert len(page.sessions) == 20 and "sessions[20:]" in page.left_out
    assert "sessions[0].title" in " ".join(page.left_out)


def test_one_item_that_is_too_long_is_shortened_and_says_where() -> None:
    server = Server([{"event_id": "e", "source": "devin", "message": "word " * 2000, "created_at": 1}])
    page = Driver(server).run(ListSessionMessages(session_id=ID, max_chars=1000).flow())
    [message] = page.messages
    kept = len(message.message) - 1
    assert page.left_out == [f"messages[0].message[{kept}:]"]
    assert message.message == ("word " * 2000)[:kept] + "…"
    assert 990 <= length_of(page) <= 1000
    assert len(server.asked) == 1


def test_ids_links_and_short_texts_are_never_cut_and_large_fields_go_whole() -> None:
    url = "https://app.devin.ai/" + "x" * 300
    session = {
        "session_id": "s" * 120,
        "url": url,
        "title": "t " * 300,
        "structured_output": {"n": [1] * 900},
    }
    page = Driver(Server([session | {"category": "other"}])).run(ListSessions(max_chars=1000).flow())
    assert page.left_out == ["sessions[0].title[100:]", "sessions[0].structured_output"]
    [kept] = page.sessions
    assert (kept.session_id[:100], kept.url, kept.category) == ("s" * 100, url, "other")


def test_a_page_of_what_must_be_there_can_still_be_too_long() -> None:
    ids = MessagePage(messages=[Message(event_id=f"{n:064}", message="") for n in range(20)])
    assert shortened(ids, 1000) == ids


@given(
    texts=st.lists(st.text(max_size=400), min_size=1, max_size=12),
    most=st.integers(1000, 4000),
    is_brief=st.booleans(),
)
def test_a_walk_in_small_pages_finds_every_item_once(texts: list[str], most: int, is_brief: bool) -> None:
    items = [{"event_id": f"{n}", "message": text, "username": "u"} for n, text in enumerate(texts)]
    server, after, seen = Server(items), None, []
    detail = "brief" if is_brief else "full"
    while True:
        given = {"after": after} if after else {}
        call = ListSessionMessages(session_id=ID, max_chars=most, detail=detail, **given)
        page = Driver(server).run(call.flow())
        assert length_of(page) == len(json.dumps(page.model_dump(mode="json"), ensure_ascii=False)) <= most
        assert page.has_next_page == any(note.startswith("messages[") and note.endswith(":]") and "." not in
                                         note for note in page.left_out)  # fmt: skip
        seen += [message.event_id for message in page.messages]
        if not page.has_next_page:
            break
        after = page.end_cursor
    assert seen == [item["event_id"] for item in items]


@pytest.mark.parametrize("more", [{}, {"detail": "brief"}])
def test_client_pages_and_items_walk_within_the_size(more: dict[str, Any]) -> None:
    with Client(**simulated(seed=1, sessions=30).connection()) as client:
        every = [session.session_id for session in client.items(ListSessions())]
        pages = list(client.pages(ListSessions(max_chars=2500, **more)))
    assert [session.session_id for page in pages for session in page.sessions] == every
    assert len(pages) > 3 and all(length_of(page) <= 2500 for page in pages)


def test_a_dry_run_shows_the_request_without_them() -> None:
    with Client(**simulated(seed=1).connection()) as client:
        preview = client.preview(ListSessions(max_chars=1000, detail="brief", limit=5))
    [request] = preview.requests
    assert "max_chars" not in request.url and "detail" not in request.url and "first=5" in request.url


def test_a_session_that_was_created_or_waited_for_is_whole() -> None:
    with Client(**simulated(seed=1).connection()) as client:
        made = client.run(CreateSession(prompt="Fix it."))
    assert made.left_out == [] and "left_out" not in made.model_dump()


def test_the_schema_declares_what_was_left_out() -> None:
    for model in (Session, SessionPage):
        schema = model.model_json_schema(mode="serialization")
        assert schema["properties"]["left_out"]["items"] == {"type": "string"}
