"""What a tool is: a class says what an operation does, an instance is one call of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from support.driving import Driver, ok
from support.laws import for_every
from support.tools import built_in

from devin_tools.api import CreateSession, GetSession, ListSessions, SendMessage, Session, SessionSecret
from devin_tools.errors import BadDeclaration, DevinToolsError, InvalidArguments
from devin_tools.flow import After, Before, Hold, Progress
from devin_tools.tool import (
    DESTROY,
    READ,
    WRITE,
    Input,
    Output,
    Spending,
    Tool,
    effect_of,
    output_of,
    perform,
)
from devin_tools.wire import DELETE, GET, PATCH, POST, PUT, Request, Response


class Pong(Output):
    """An answer."""

    text: str = ""
    """What it says."""


class Mixin(Input):
    """A field that several tools share."""

    where: str = "here"
    """Where to look."""


class Ping(Mixin, Tool[Pong]):
    """Ask for an answer."""

    route = GET("/ping")


class LouderPing(Ping):
    """Ask for an answer, louder."""


def test_a_call_is_frozen_and_comparable() -> None:
    call = GetSession(session_id="abc")
    assert call == GetSession(session_id="devin-abc") != GetSession(session_id="abd")
    with pytest.raises(InvalidArguments):
        call.session_id = "other"  # type: ignore[misc]


def test_an_unknown_argument_is_refused() -> None:
    with pytest.raises(InvalidArguments, match="session_idd"):
        GetSession.model_validate({"session_id": "abc", "session_idd": "abc"})


def test_camel_case_is_accepted_and_snake_case_is_kept() -> None:
    call = CreateSession.model_validate({"prompt": "x", "maxAcuLimit": 3, "playbook_id": "p"})
    assert call.model_dump(exclude_unset=True) == {"prompt": "x", "max_acu_limit": 3, "playbook_id": "p"}


def test_a_problem_with_a_camel_case_argument_names_the_field() -> None:
    with pytest.raises(InvalidArguments) as caught:
        CreateSession.model_validate({"prompt": "x", "maxAcuLimit": 0})
    assert caught.value.details[0]["path"] == "max_acu_limit"


def test_a_call_prints_without_its_secrets_and_an_error_without_its_values() -> None:
    call = CreateSession(prompt="x", session_secrets=[{"key": "TOKEN", "value": "hunter2"}])  # type: ignore[list-item]
    assert "TOKEN" in repr(call)
    assert "hunter2" not in repr(call) + str(call) + call.model_dump_json()
    with pytest.raises(InvalidArguments) as caught:
        SessionSecret.model_validate({"key": "", "value": "hunter2", "other": "hunter2"})
    assert "hunter2" not in str(caught.value) + repr(caught.value.as_dict())


def test_tags_come_as_a_list_or_as_text_with_commas() -> None:
    assert CreateSession.model_validate({"prompt": "x", "tags": " a, b ,,c:d "}).tags == ["a", "b", "c:d"]
    assert CreateSession(prompt="x", tags=["a,b", " c "]).tags == ["a,b", " c "]
    assert CreateSession(prompt="x", tags=[]).tags == []


OUT_OF_BOUNDS: list[dict[str, Any]] = [
    {"prompt": ""},
    {"prompt": "x", "tags": ["t"] * 51},
    {"prompt": "x", "tags": [""]},
    {"prompt": "x", "tags": ""},
    {"prompt": "x", "tags": " , "},
    {"prompt": "x", "idempotency_key": ""},
    {"prompt": "x", "max_acu_limit": 0},
    {"prompt": "x", "max_acu_limit": 1.5},
    {"prompt": "x", "playbook_id": "a/b"},
    {"prompt": "x", "attachment_urls": ["ftp://example.com/a"]},
    {"prompt": "x", "attachment_urls": ["https://example.com/" + "a" * 2083]},
    {"prompt": "x", "session_secrets": [{"key": "k" * 257, "value": "v"}]},
    {"prompt": "x", "session_secrets": [{"key": "k", "value": "v" * 65_537}]},
]


@for_every("arguments", lambda: OUT_OF_BOUNDS)
def test_a_value_outside_the_documented_bounds_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidArguments):
        CreateSession.model_validate(arguments)


@pytest.mark.parametrize("limit", [0, 201, -1])
def test_a_page_holds_1_to_200_items(limit: int) -> None:
    assert ListSessions(limit=1).limit == 1 and ListSessions(limit=200).limit == 200
    with pytest.raises(InvalidArguments):
        ListSessions(limit=limit)


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"type": "objekt"}, "draft 7"),
        ({"properties": {"a": {"$ref": "https://example.com/schema"}}}, "outside itself"),
        ({"items": [{"$ref": "other.json#/a"}]}, "outside itself"),
        ({"description": "x" * 65_536}, "64 KB"),
        ({"properties": {"a": {"minimum": "hunter2"}}}, "/properties/a/minimum"),
    ],
)
def test_a_schema_the_api_would_refuse_is_refused_before_it_is_paid_for(schema: Any, reason: str) -> None:
    with pytest.raises(InvalidArguments, match=reason) as caught:
        CreateSession(prompt="x", structured_output_schema=schema)
    assert "hunter2" not in str(caught.value)


def test_a_schema_may_refer_to_itself() -> None:
    schema = {"$defs": {"a": {"type": "string"}}, "properties": {"b": {"$ref": "#/$defs/a"}}}
    assert CreateSession(prompt="x", structured_output_schema=schema).structured_output_schema == schema


def test_an_output_keeps_what_it_does_not_know() -> None:
    session = Session.model_validate({"session_id": "a", "status": "dreaming", "mood": {"x": 1}})
    assert session.status == "dreaming"
    assert session.model_dump(exclude_unset=True) == {
        "session_id": "a",
        "status": "dreaming",
        "mood": {"x": 1},
    }


def test_a_mixin_keeps_its_descriptions() -> None:
    assert Ping.model_fields["where"].description == "Where to look."


def test_the_output_is_found_through_mixins_and_subclasses() -> None:
    assert output_of(Ping) is output_of(LouderPing) is Pong
    assert output_of(SendMessage).__name__ == "SentMessage"


def test_a_tool_without_an_output_says_what_to_do() -> None:
    class Silent(Tool):  # type: ignore[type-arg]
        """Say nothing."""

        route = GET("/silent")

    with pytest.raises(
        BadDeclaration, match=r"Silent does not say its output: derive from Tool\[SomeOutput\]"
    ):
        output_of(Silent)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (GET("/x"), READ),
        (POST("/x"), WRITE),
        (PUT("/x"), WRITE.idempotent()),
        (PATCH("/x"), WRITE.idempotent()),
        (DELETE("/x"), DESTROY.idempotent()),
    ],
)
def test_the_verb_implies_the_effect(made: Any, expected: Any) -> None:
    class DoThing(Tool[Pong]):
        """Do it."""

        route = made

    assert effect_of(DoThing) == expected


def test_a_declared_effect_wins_over_the_verb() -> None:
    assert effect_of(SendMessage) == WRITE.billable(Spending(starts="nothing"))
    assert effect_of(SendMessage).kind == "write" and effect_of(SendMessage).is_billable


def test_a_tool_without_a_route_must_say_its_effect() -> None:
    class Composed(Tool[Pong]):
        """Do several things."""

    with pytest.raises(BadDeclaration, match="Composed has no route, so it must say its effect"):
        effect_of(Composed)


def test_an_effect_is_built_up_without_changing_the_one_it_came_from() -> None:
    effect = WRITE.billable().reversible().idempotent()
    assert (effect.is_billable, effect.is_reversible, effect.is_idempotent) == (True, True, True)
    assert (WRITE.is_billable, WRITE.is_reversible, WRITE.is_idempotent) == (False, False, False)


def test_a_flow_is_a_table_of_steps() -> None:
    flow = GetSession(session_id="abc").flow()
    assert next(flow) == Request("GET", "/v3/organizations/{org_id}/sessions/devin-abc")
    with pytest.raises(StopIteration) as done:
        flow.send(Response(200, b'{"session_id": "abc", "status": "running"}'))
    assert done.value.value == Session(session_id="abc", status="running")


def test_a_tool_made_of_others_yields_their_steps_as_its_own() -> None:
    class PingTwice(Tool[Pong]):
        """Ask twice."""

        effect = READ

        def flow(self) -> Any:
            first = yield from Ping().flow()
            yield Progress("half way", first)
            second = yield from Ping().flow()
            return Pong(text=first.text + second.text)

    flow = PingTwice().flow()
    assert next(flow) == Request("GET", "/ping")
    assert flow.send(Response(200, b'{"text": "a"}')) == Progress("half way", Pong(text="a"))
    assert flow.send(None) == Request("GET", "/ping")
    with pytest.raises(StopIteration) as done:
        flow.send(Response(200, b'{"text": "b"}'))
    assert done.value.value == Pong(text="ab")


@pytest.mark.parametrize(
    ("status", "detail", "is_archived", "resumed"),
    [
        ("suspended", "inactivity", False, True),
        ("suspended", "user_request", False, True),
        ("suspended", "out_of_credits", False, False),
        ("resuming", None, False, True),
        ("running", "working", False, False),
        ("suspended", "inactivity", True, False),
        (None, None, False, False),
    ],
)
def test_a_message_says_whether_it_had_to_wake_the_session(
    status: Any, detail: Any, is_archived: bool, resumed: bool
) -> None:
    session = {"session_id": "abc", "status": status, "is_archived": is_archived}
    driver = Driver(
        lambda request: ok(session | ({"status_detail": detail} if request.method == "GET" else {}))
    )
    sent = driver.run(SendMessage(session_id="abc", message="Go on.").flow())
    assert [request.body for request in driver.writes] == [{"message": "Go on."}]
    assert sent.resumed is resumed


class Keyed(Tool[Pong]):
    """Ask once."""

    route = POST("/pings")

    idempotency_key: str | None = None
    """A name of the call's own."""


def test_a_request_with_a_key_holds_it_until_its_end_and_one_without_holds_nothing() -> None:
    for call, kinds in [
        (Keyed(idempotency_key="k"), [Hold, Before, Request, After]),
        (Keyed(), [Before, Request, After]),
        (Ping(), [Before, Request, After]),
    ]:
        driver = Driver([ok({})])
        driver.run(perform(call))
        assert [type(step) for step in driver.steps] == kinds


def keyed() -> list[Any]:
    return [spec for spec in built_in() if "idempotency_key" in spec.input_schema["properties"]]


@for_every("spec", keyed)
def test_every_tool_with_a_key_holds_it_before_it_writes(spec: Any) -> None:
    arguments = dict(spec.examples[0]) | {"idempotency_key": "k"}
    call = spec.tool.model_validate(arguments)
    held: list[Any] = []

    def answer(request: Request) -> Response:
        if request.method != "GET":
            held.append(driver.kept(Hold))
            return Response(422, b"{}")
        return ok({"items": []})

    driver = Driver(answer)
    with suppress(DevinToolsError):
        driver.run(perform(call))
    assert held and all(steps and "k" in steps[-1].key for steps in held)


ODD = "cut \ud83d"


def test_no_field_takes_text_that_cannot_be_encoded_and_the_error_names_it() -> None:
    with pytest.raises(InvalidArguments) as caught:
        Ping.model_validate({"where": ODD})
    assert caught.value.details[0]["path"] == "where"
    assert "lone surrogate" in str(caught.value)
    with pytest.raises(InvalidArguments) as caught:
        CreateSession.model_validate({"prompt": "x", "structuredOutputSchema": {"type": "object", ODD: [1]}})
    assert caught.value.details[0]["path"] == "structuredOutputSchema.cut \ufffd"
    str(caught.value).encode()


@pytest.mark.parametrize("field", ["title", "devin_mode", "platform", "create_as_user_id", "idempotency_key"])
def test_a_paid_call_takes_no_such_text_in_any_field(field: str) -> None:
    with pytest.raises(InvalidArguments, match="lone surrogate"):
        CreateSession.model_validate({"prompt": "x", field: ODD})


def test_what_was_changed_after_it_was_checked_is_not_sent_either() -> None:
    call = CreateSession(prompt="x")
    with pytest.raises(InvalidArguments, match="title: holds half of a character"):
        call.model_copy(update={"title": ODD})
    vars(call)["title"] = ODD  # past all that checks it
    call.model_fields_set.add("title")
    driver = Driver([])
    with pytest.raises(InvalidArguments, match="title"):
        driver.run(call.flow())
    assert driver.requests == []


def test_an_empty_list_that_is_a_default_is_a_new_one_and_stays_in_the_schema() -> None:
    first, second = (Session.model_validate({"session_id": "s"}) for _ in range(2))
    assert first.tags == [] and first.tags is not second.tags
    assert "tags" not in first.model_fields_set
    assert Session.model_fields["tags"].default_factory is list  # no deep copy for every row of a page
    assert Session.model_json_schema()["properties"]["tags"]["default"] == []
