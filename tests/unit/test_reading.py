"""Text that cannot be encoded never hides an answer: it is replaced, and the model around it says so."""

from __future__ import annotations

import json

import pytest
from support.driving import Driver

from devin_tools.api import ListSessions
from devin_tools.api.session_models import Session, SessionPage
from devin_tools.codec import decode
from devin_tools.detail import in_brief
from devin_tools.errors import BadRequest
from devin_tools.reading import read
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
