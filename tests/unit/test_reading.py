"""What is odd in an answer hides no more than it must: it is replaced or left out, and told."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from resources import LARGEST
from support.driving import Driver
from support.laws import for_every
from support.tools import built_in

from devin_tools import Client, CreateSession, ListSessions
from devin_tools.api.knowledge import KnowledgeFolders
from devin_tools.api.repositories import IndexedRepositories
from devin_tools.api.session import Session
from devin_tools.api.sessions import SessionPage
from devin_tools.codec import decode
from devin_tools.errors import BadRequest, UnexpectedResponse
from devin_tools.paging.brief import in_brief
from devin_tools.reading import read, unreadable
from devin_tools.wire import Response

ROWS = (
    rb'{"items": [{"session_id": "a", "title": "cut \ud83d"}, {"session_id": "b"}], "has_next_page": false}'
)


def test_one_row_that_cannot_be_encoded_does_not_hide_a_page_and_says_what_was_replaced() -> None:
    page = decode(SessionPage, Response(200, ROWS), {})
    assert [session.session_id for session in page.sessions] == ["a", "b"]
    assert page.sessions[0].title == "cut \ufffd"
    assert page.sessions[0].model_extra == {"replaced_text": ["title"]}
    assert page.sessions[1].model_extra == page.model_extra == {}
    page.model_dump_json().encode()


def test_bytes_that_are_not_utf_8_count_the_same() -> None:
    session = read(Session, b'{"session_id": "a", "title": "caf\xe9"}')
    assert session.title == "caf\ufffd" and session.model_extra == {"replaced_text": ["title"]}


def test_what_was_replaced_is_told_in_a_brief_output_too() -> None:
    page = in_brief(read(SessionPage, ROWS))
    assert page.sessions[0].model_dump()["replaced_text"] == ["title"]


def test_free_values_are_not_added_to_the_model_around_them_tells_the_place() -> None:
    session = read(Session, rb'{"session_id": "a", "structured_output": {"x": ["\udfff"]}}')
    assert session.structured_output == {"x": ["\ufffd"]}
    assert session.model_extra == {"replaced_text": ["structured_output.x[0]"]}


def test_an_odd_null_beside_such_a_text_hides_nothing_either() -> None:
    session = read(Session, rb'{"session_id": "a", "tags": null, "title": "\ud83d"}')
    assert (session.tags, session.title) == ([], "\ufffd")


def test_an_answer_without_such_text_says_nothing() -> None:
    whole = {"session_id": "a", "title": "\ufffd \U0001f600"}
    assert read(Session, json.dumps(whole).encode()).model_dump(exclude_unset=True) == whole


def test_a_whole_list_is_read_though_a_title_is_cut_in_a_character() -> None:
    driver = Driver([Response(200, ROWS)])
    page = driver.run(ListSessions().flow())
    assert [session.session_id for session in page.sessions] == ["a", "b"]


def test_the_text_of_a_refusal_can_always_be_shown() -> None:
    with pytest.raises(BadRequest) as caught:
        decode(Session, Response(422, rb'{"detail": "cut \ud83d", "errors": [{"loc": ["\udfff"]}]}'), {})
    assert "cut \ufffd" in str(caught.value)
    json.dumps(caught.value.details, ensure_ascii=False).encode()


ODD_ROWS = {
    "items": [
        {"session_id": "a", "tags": ["x", 5], "title": "kept"},
        {"session_id": 7},
        "no row at all",
        {"session_id": "b", "title": "cut \ud83d", "acus_consumed": "many", "tags": None},
    ],
    "has_next_page": False,
}


def test_a_row_that_is_not_as_documented_hides_neither_the_others_nor_what_of_it_fits() -> None:
    page = read(SessionPage, json.dumps(ODD_ROWS).encode())
    first, last = page.sessions
    assert (first.session_id, first.title, first.tags) == ("a", "kept", [])
    assert (last.session_id, last.title, last.tags) == ("b", "cut \ufffd", [])
    assert page.model_extra == {"unreadable": ["items[1]", "items[2]"]}
    assert first.model_extra == {"unreadable": ["tags"]}
    assert last.model_extra == {"unreadable": ["acus_consumed"], "replaced_text": ["title"]}
    assert unreadable(page) == ["items[1]", "items[2]", "sessions[0].tags", "sessions[1].acus_consumed"]


def test_what_could_not_be_read_is_told_in_a_brief_output_too() -> None:
    page = in_brief(read(SessionPage, json.dumps(ODD_ROWS).encode()))
    assert unreadable(page) == unreadable(read(SessionPage, json.dumps(ODD_ROWS).encode()))


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"items": 5}',
        b'{"items": [], "has_next_page": "often"}',
        b'{"items": [{}, 5, {"session_id": 7}]}',
    ],
)
def test_a_page_that_is_not_one_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        decode(SessionPage, Response(200, body), {})


def test_an_answer_that_is_not_a_list_is_read_whole_or_not_at_all() -> None:
    with pytest.raises(UnexpectedResponse):
        decode(Session, Response(200, b'{"session_id": "a", "tags": 5}'), {})


def lists() -> list[Any]:
    """Return the outputs that are lists, page by page or whole, each once."""
    outputs = [spec.output for spec in built_in() if spec.is_one_request]
    return list(dict.fromkeys(output for output in outputs if hasattr(output, "items_field")))


def test_every_answer_that_is_a_list_of_things_is_known_as_one() -> None:
    listing = [spec for spec in built_in() if spec.is_one_request and spec.name.startswith("devin_list_")]
    assert len(listing) > 10
    assert [spec.name for spec in listing if spec.output not in lists()] == []


@for_every("model", lists)
def test_no_list_is_hidden_by_a_row(model: Any) -> None:
    rows = LARGEST[model.__name__]
    if isinstance(rows, list):  # some operations answer with nothing around the list
        odd = read(model, json.dumps([5, *rows]).encode())
        assert unreadable(odd) == ["items[0]"] and len(getattr(odd, model.items_field)) == len(rows)
        return
    key = next(key for key, part in rows.items() if isinstance(part, list))
    odd = read(model, json.dumps(rows | {key: [5, *rows[key]]}).encode())
    whole, name = read(model, json.dumps(rows).encode()), model.items_field
    assert getattr(odd, name) == getattr(whole, name)
    assert unreadable(odd) == [f"{key}[0]"]


def test_what_decides_whether_something_is_sent_again_goes_by_whole_lists_only() -> None:
    listed = Response(200, json.dumps(ODD_ROWS).encode())
    call = CreateSession(prompt="Fix it.", idempotency_key="k")
    with pytest.raises(UnexpectedResponse, match="does not tell what is not there"):
        Driver([listed]).run(call.flow())


def test_whoever_walks_over_the_items_is_warned(caplog: pytest.LogCaptureFixture) -> None:
    answers = httpx.MockTransport(lambda _: httpx.Response(200, content=json.dumps(ODD_ROWS)))
    with Client(api_key="cog_key", org_id="org-1", transport=answers) as client:
        assert [session.session_id for session in client.items(ListSessions())] == ["a", "b"]
    assert "left out of sessions: items[1], items[2], sessions[0].tags" in caplog.text


@pytest.mark.parametrize("model", [SessionPage, IndexedRepositories, KnowledgeFolders])
def test_a_list_is_read_with_and_without_an_envelope(model: Any) -> None:
    rows = b'[{"session_id": "a", "repository_path": "a/b", "folder_id": "f", "name": "n", "path": "/n"}]'
    assert len(getattr(read(model, rows), model.items_field)) == 1
