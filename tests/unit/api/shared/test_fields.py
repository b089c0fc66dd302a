"""Texts held to a pattern: to whoever makes a call, or reads a schema, as pydantic's own."""

from __future__ import annotations

import re
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, StringConstraints, TypeAdapter, ValidationError
from support.laws import for_every
from support.sources import sources, text_of

from devin_tools import (
    CreateSecret,
    CreateSession,
    FanOut,
    FixBug,
    GetPlaybook,
    GetSession,
    IndexRepository,
    ListKnowledgeNotes,
    ListSessions,
    SendMessage,
    Tool,
    UpdateKnowledgeNote,
    UpdatePlaybook,
    UpdateSchedule,
)
from devin_tools.api.shared.fields import Matching
from devin_tools.errors import InvalidArguments

PATTERN = r"^[^\s/?#\\\x00-\x1f\x7f]{1,25}$"


class Own(BaseModel):
    """A text, a list of them and perhaps one."""

    one: Annotated[str, StringConstraints(pattern=PATTERN)]
    many: list[Annotated[str, StringConstraints(pattern=PATTERN)]] = []
    maybe: Annotated[str, StringConstraints(pattern=PATTERN)] | None = None


class Ours(BaseModel):
    """A text, a list of them and perhaps one."""

    one: Annotated[str, Matching(PATTERN)]
    many: list[Annotated[str, Matching(PATTERN)]] = []
    maybe: Annotated[str, Matching(PATTERN)] | None = None


TEXTS = [
    "a",
    "google-oauth2|1",
    "é",
    "a" * 25,
    "a" * 26,
    "",
    "a\n",
    "\na",
    "a b",
    "a/b",
    "a\x1f",
    "a\u2028",
    1,
    None,
]


def outcome(model: type[BaseModel], given: dict[str, Any]) -> Any:
    try:
        return model(**given).model_dump()
    except ValidationError as error:
        return error.errors(include_url=False)


@for_every("text", lambda: TEXTS)
def test_what_fits_and_what_is_said_of_others_is_pydantic_s_own(text: Any) -> None:
    for given in ({"one": text}, {"one": "a", "many": ["a", text]}, {"one": "a", "maybe": text}):
        assert outcome(Ours, given) == outcome(Own, given)


def test_its_schema_is_pydantic_s_own() -> None:
    assert Ours.model_json_schema() == Own.model_json_schema() | {"title": "Ours"}


def test_no_pattern_that_pydantic_would_write_out_is_left_to_it() -> None:
    counted = re.compile(r'pattern=r"[^"]*\[\^[^"]*\]\{\d*,?\d{3,}\}')
    assert not [path.name for path in sources() if counted.search(text_of(path))], "use Matching"
    assert counted.search(r'pattern=r"^https://[^\s?#]{3,2000}$"')


UNSET = ("null", "undefined", "None", "NaN", " None ", "[object Object]")


@pytest.mark.parametrize(
    "field", ["prompt", "idempotency_key", "playbook_id", "platform", "create_as_user_id"]
)
def test_what_a_program_writes_for_nothing_is_no_value(field: str) -> None:
    for text in UNSET:
        with pytest.raises(InvalidArguments, match=field):
            CreateSession(**{"prompt": "x", field: text})
    CreateSession(**{"prompt": "x", field: "nullable"})


WRITTEN: list[tuple[type[Tool[Any]], str]] = [
    (CreateSession, "title"), (SendMessage, "message"), (UpdateKnowledgeNote, "name"), (FixBug, "title"),
    (UpdateKnowledgeNote, "body"), (UpdateKnowledgeNote, "trigger"), (UpdateKnowledgeNote, "pinned_repo"),
    (UpdatePlaybook, "title"), (UpdatePlaybook, "body"), (UpdateSchedule, "name"), (CreateSecret, "key"),
    (CreateSecret, "note"), (IndexRepository, "branch_names"), (FanOut, "title"),
]  # fmt: skip


@for_every("tool, field", lambda: WRITTEN)
def test_what_is_written_over_what_there_was_is_no_word_for_nothing(
    tool: type[Tool[Any]], field: str
) -> None:
    for text in UNSET:
        given = [text] if field == "branch_names" else text
        with pytest.raises(ValidationError) as caught:
            TypeAdapter(tool).validate_python({field: given})
        found = [one for one in caught.value.errors() if one["loc"][0] == field]
        assert ["not there" in one["msg"] for one in found] == [True]


@for_every("tool, field", lambda: WRITTEN)
def test_what_is_left_of_a_broken_escape_is_not_written(tool: type[Tool[Any]], field: str) -> None:
    given = ["Ume\0e5"] if field == "branch_names" else "Ume\0e5"
    with pytest.raises(ValidationError, match=r"U.0000"):
        TypeAdapter(tool).validate_python({field: given})


def test_a_search_may_look_for_such_a_word() -> None:
    assert ListKnowledgeNotes(search="null").search == "null"


def test_a_title_may_be_empty() -> None:
    assert CreateSession(prompt="x", title="").title == ""


@pytest.mark.parametrize("text", ['<|"|>a<|"|>', "<tag>a</tag>", "a</tag>", "\u201ca\u201d", "`a`"])
def test_marks_of_another_notation_are_no_part_of_a_name(text: str) -> None:
    for field in ("tags", "repos", "knowledge_ids"):
        with pytest.raises(InvalidArguments, match=rf"{field}\[0\]"):
            CreateSession(**{"prompt": "x", field: [text]})
    with pytest.raises(InvalidArguments, match="platform"):
        CreateSession(prompt="x", platform=text)


@pytest.mark.parametrize("field", ["tags", "repos", "session_links", "knowledge_ids", "secret_ids"])
def test_nor_is_it_in_a_list(field: str) -> None:
    for text in (*UNSET, '"a"', "['a', 'b']"):
        with pytest.raises(InvalidArguments, match=field):
            CreateSession(**{"prompt": "x", field: ["b", text]})


def test_a_search_may_ask_for_tags_that_should_not_be_there() -> None:
    tags = ["undefined", '"a"', "['a']"]
    assert ListSessions(tags=tags).tags == tags


@pytest.mark.parametrize("quoted", ['"4f3a"', "'4f3a'", '"4f3a', "`4f3a`"])
def test_marks_around_an_id_are_named(quoted: str) -> None:
    with pytest.raises(InvalidArguments, match=r"quotation marks|not a session id"):
        GetSession(session_id=quoted)


@pytest.mark.parametrize(
    "given, said",
    [
        ("https://app.devin.ai/playbooks/4f3a", "is a URL: give the id alone"),
        ('"playbook-4f3a"', "has quotation marks around it"),
        ("null", "stands for|not there"),
        ("a b", "should match pattern"),
    ],
)
def test_what_is_pasted_for_an_id_is_named(given: str, said: str) -> None:
    with pytest.raises(InvalidArguments, match=said) as caught:
        GetPlaybook(playbook_id=given)
    assert given not in str(caught.value)


@pytest.mark.parametrize(
    "name, given",
    [
        ("max_acu_limit", True), ("max_acu_limit", "true"), ("max_acu_limit", "null"), ("max_acu_limit", ""),
        ("max_acu_limit", "5.5"), ("max_acu_limit", '"5"'), ("max_acu_limit", "[5]"), ("resumable", "null"),
        ("resumable", "5"), ("resumable", ""), ("resumable", '"true"'), ("resumable", 2),
    ],
)  # fmt: skip
def test_numbers_and_flags_are_no_other_thing(name: str, given: Any) -> None:
    with pytest.raises(InvalidArguments, match=name):
        CreateSession(**{"prompt": "x", name: given})


@pytest.mark.parametrize(
    "name, given, read",
    [
        ("max_acu_limit", "5", 5),
        ("max_acu_limit", " 5.0 ", 5),
        ("resumable", "False", False),
        ("resumable", 1, True),
    ],
)
def test_numbers_and_flags_may_be_text(name: str, given: Any, read: Any) -> None:
    assert getattr(CreateSession(**{"prompt": "x", name: given}), name) == read
