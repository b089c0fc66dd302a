"""Making a call raises an error of this package; pydantic finds the faults of one that is a part."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError, field_validator

from devin_tools import (
    CreateSession,
    DevinToolsError,
    FanOut,
    GetSession,
    InvalidArguments,
    ListSessions,
    RunTask,
    Session,
    SessionSecret,
    WaitOptions,
    load_catalog,
)
from devin_tools.errors import ApiError, error_kinds
from devin_tools.pipelines.alert import Alert
from devin_tools.tool import Output, Tool
from devin_tools.wire import GET

VALUE = "hunter2"
GIVEN = CreateSession(prompt="x", tags=["a"])


class Pong(Output):
    """What a plugin's tool gives."""


class PingThing(Tool[Pong]):
    """Ping a thing."""

    route = GET("/v3/things/{thing_id}")

    thing_id: str
    """Which one."""


def changed(call: Any, name: str) -> None:
    setattr(call, name, VALUE)


MISTAKES: dict[str, tuple[Callable[[], Any], str]] = {
    "nothing given": (lambda: CreateSession(), "prompt"),  # type: ignore[call-arg]
    "a bad id": (lambda: GetSession(session_id=f"{VALUE}?b"), "session_id"),
    "one of many": (lambda: FanOut(prompt="{item}", items=[VALUE]), "max_acu_total"),  # type: ignore[call-arg]
    "fields that do not fit together": (
        lambda: FanOut(prompt="{item}", items=[VALUE, "b"], max_acu_total=1), "max_acu_total",
    ),
    "an unknown field": (lambda: RunTask(prompt="x", promt=VALUE), "promt"),  # type: ignore[call-arg]
    "a part": (lambda: SessionSecret(key="", value=VALUE), "key"),
    "options": (lambda: WaitOptions(timeout_seconds=VALUE), "timeout_seconds"),  # type: ignore[arg-type]
    "a nested part": (
        lambda: CreateSession(prompt="x", session_secrets=[{"key": "", "value": VALUE}]),  # type: ignore[list-item]
        "session_secrets[0].key",
    ),
    "a plugin's tool": (lambda: PingThing(thing_id=5), "thing_id"),  # type: ignore[arg-type]
    "model_validate": (lambda: ListSessions.model_validate({"limit": VALUE}), "limit"),
    "model_validate_json": (lambda: ListSessions.model_validate_json('{"limit": "hunter2"}'), "limit"),
    "broken JSON": (lambda: ListSessions.model_validate_json('{"limit": "hunter2'), "arguments"),
    "model_validate_strings": (lambda: ListSessions.model_validate_strings({"limit": VALUE}), "limit"),
    "a copy": (lambda: GIVEN.model_copy(update={"max_acu_limit": VALUE}), "max_acu_limit"),
    "a copy with an unknown field": (lambda: GIVEN.model_copy(update={"promt": VALUE}), "promt"),
    "a change": (lambda: changed(GIVEN, "prompt"), "prompt"),
    "a change of what it has not": (lambda: changed(GIVEN, "promt"), "promt"),
    "a change of an output": (lambda: changed(Session(session_id="a"), "title"), "title"),
    "a change of an alert": (lambda: changed(Alert(name="a", source="s"), "name"), "name"),
    "a deletion": (lambda: delattr(GIVEN, "prompt"), "prompt"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_an_error_of_ours_with_its_place_and_without_the_value(mistake: str) -> None:
    make, place = MISTAKES[mistake]
    with pytest.raises(ValueError) as caught:
        make()
    error = caught.value
    assert isinstance(error, InvalidArguments) and isinstance(error, DevinToolsError)
    assert (error.kind, bool(error.hint)) == ("invalid_arguments", True)
    assert place in [detail["path"] for detail in error.details]
    assert VALUE not in str(error) + repr(error) + repr(error.as_dict())
    assert (error.__cause__, error.__context__) == (None, None)


def test_it_says_what_a_call_by_name_says() -> None:
    with pytest.raises(InvalidArguments) as of_class:
        CreateSession(prompt="", max_acu_limit=0)
    with pytest.raises(InvalidArguments) as of_catalog:
        load_catalog().call("devin_create_session", {"prompt": "", "max_acu_limit": 0})
    assert str(of_class.value) == str(of_catalog.value)
    assert of_class.value.as_dict() == of_catalog.value.as_dict()
    assert of_class.value.tool == of_catalog.value.tool == "devin_create_session"


def test_arguments_without_names_are_refused_with_the_names() -> None:
    with pytest.raises(InvalidArguments, match=r"by name: GetSession\(session_id=\.\.\.\)"):
        GetSession(VALUE)  # type: ignore[call-arg]
    with pytest.raises(InvalidArguments, match=r"ListSessions\(\.\.\.\)"):
        ListSessions(VALUE)  # type: ignore[call-arg]


class Plan(BaseModel):
    name: str
    call: CreateSession
    looks: list[GetSession] = []


def places(make: Callable[[], Any]) -> list[tuple[Any, ...]]:
    with pytest.raises(ValidationError) as caught:
        make()
    return [fault["loc"] for fault in caught.value.errors()]


def test_another_model_finds_the_faults_of_a_call_that_it_holds() -> None:
    odd = {"name": "n", "call": {"prompt": ""}, "looks": [{"session_id": "abc"}, {"session_id": "a?b"}]}
    assert places(lambda: Plan.model_validate(odd)) == [("call", "prompt"), ("looks", 1, "session_id")]
    assert places(lambda: TypeAdapter(list[CreateSession]).validate_json("[{}]")) == [(0, "prompt")]
    whole = Plan(name="n", call={"prompt": "x", "maxAcuLimit": 2}, looks=[GetSession(session_id="abc")])  # type: ignore[arg-type]
    assert whole.call.max_acu_limit == 2
    assert TypeAdapter(CreateSession | GetSession).validate_python({"session_id": "abc"}) == whole.looks[0]


def test_a_call_that_a_validator_makes_is_a_fault_of_its_field() -> None:
    class Ticket(BaseModel):
        session: str

        @field_validator("session")
        @classmethod
        def _is_one(cls, value: str) -> str:
            return GetSession(session_id=value).session_id

    assert Ticket(session="abc").session == "devin-abc"
    assert places(lambda: Ticket(session="a?b")) == [("session",)]


def test_schemas_are_those_of_pydantic() -> None:
    assert TypeAdapter(CreateSession).json_schema() == CreateSession.model_json_schema()
    assert Plan.model_json_schema()["$defs"]["CreateSession"]["required"] == ["prompt"]


def test_a_call_with_a_way_to_make_it_of_its_own_is_checked_too() -> None:
    class Look(GetSession):
        """Look at a session."""

        def __init__(self, name: str):
            super().__init__(session_id=name)

    assert Look("abc").session_id == "devin-abc"
    with pytest.raises(InvalidArguments, match="session_id"):
        Look("a?b")


def test_calls_are_copied_and_pickled_as_before() -> None:
    for same in (
        pickle.loads(pickle.dumps(GIVEN)),
        copy.copy(GIVEN),
        copy.deepcopy(GIVEN),
        GIVEN.model_copy(),
    ):
        assert same == GIVEN and same.model_fields_set == {"prompt", "tags"}
    copied = GIVEN.model_copy(update={"max_acu_limit": 3})
    assert (copied.prompt, copied.max_acu_limit) == ("x", 3)
    assert copied.model_fields_set == {"prompt", "tags", "max_acu_limit"}


def test_what_a_call_held_before_is_not_judged_again_with_a_copy() -> None:
    odd = CreateSession.model_construct(prompt="", tags=["a"])
    assert odd.model_copy(update={"max_acu_limit": 3}).prompt == ""


@pytest.mark.parametrize("kind", error_kinds())
def test_every_error_can_cross_processes(kind: str) -> None:
    cls = error_kinds()[kind]
    error = cls("m", hint="h", **({"status": 404} if issubclass(cls, ApiError) else {}))  # type: ignore[arg-type]
    error.tool, error.tries = "devin_get_session", 3
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is cls and vars(again) == vars(error) and str(again) == str(error)


def test_a_copy_holds_what_a_call_made_with_the_same_arguments_holds() -> None:
    """Pydantic would keep the text, and an attribute of the other name that no request is made of."""
    call = CreateSession(prompt="x", max_acu_limit=3)
    for update, name, read in (
        ({"tags": "a, b"}, "tags", ["a", "b"]),
        ({"tags": '["a, b"]'}, "tags", ["a, b"]),
        ({"max_acu_limit": "5"}, "max_acu_limit", 5),
        ({"maxAcuLimit": 5}, "max_acu_limit", 5),
    ):
        copy = call.model_copy(update=update)
        assert copy == CreateSession(**{"prompt": "x", "max_acu_limit": 3, name: read})
        assert copy.model_dump(exclude_unset=True)[name] == read
    listed = ListSessions().model_copy(update={"first": 5, "created_after": "2026-01-01"})
    assert (listed.limit, listed.created_after) == (5, 1767225600)


def test_an_argument_that_two_names_give_is_refused_as_that() -> None:
    with pytest.raises(InvalidArguments, match="max_acu_limit: is given twice, by two of its names"):
        CreateSession.model_validate({"prompt": "x", "max_acu_limit": 5, "maxAcuLimit": 6})


def test_a_call_that_had_no_place_for_its_model_to_be_complete_is_copied_by_any_name() -> None:
    call = ListSessions.model_construct()
    assert call.model_copy(update={"first": 7}).limit == 7
