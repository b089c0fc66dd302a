"""Arguments to request, request back to arguments, response to output."""

from __future__ import annotations

import json
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError, computed_field
from support.laws import for_every

from devin_tools.api import (
    AppendSessionTags,
    CreatedSession,
    CreateSession,
    GetSession,
    ListSessions,
    Session,
    SessionPage,
    TerminateSession,
)
from devin_tools.api.shared.fields import Id
from devin_tools.codec import decode, encode, explain, reasons, recognise
from devin_tools.errors import (
    ApiError,
    BadRequest,
    Forbidden,
    InvalidArguments,
    RateLimited,
    UnexpectedResponse,
)
from devin_tools.locations import Place, Upload, Wire, places
from devin_tools.tool import Output, Tool
from devin_tools.wire import DELETE, GET, POST, Request, Response

SESSIONS = "/v3/organizations/{org_id}/sessions"


class Thing(Output):
    """A thing."""


class PokeThing(Tool[Thing]):
    """Poke a thing whose id and names are unusual."""

    route = POST("/things/{thing_id}")

    thing_id: Id
    """Which thing."""

    how_hard: Annotated[int, Wire("force")] = 1
    """How hard."""


class UnpokeThing(Tool[Thing]):
    """Take back the pokes of a thing that lies deep in a folder, with a file as proof."""

    route = DELETE("/things/{thing:path}/pokes", sends_body=True)

    thing: str
    """Which thing."""

    pokes: list[int] = []
    """Which pokes."""

    proof: Annotated[str, Upload()] = ""
    """A file."""


def body_of(call: Tool[Any]) -> Any:
    assert call.route is not None
    return encode(call.route, call).body


def refusal(status: int, body: Any, headers: dict[str, str] | None = None) -> ApiError:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(ApiError) as caught:
        decode(Session, Response(status, raw, headers or {}), {})
    return caught.value


def test_each_field_has_its_place_and_its_name_on_the_wire() -> None:
    assert places(PokeThing, PokeThing.route) == (
        Place("thing_id", "path", "thing_id", False),
        Place("how_hard", "body", "force", False),
    )
    wire = {
        place.field: (place.where, place.wire, place.is_list)
        for place in places(ListSessions, ListSessions.route)
    }
    assert wire["limit"] == ("query", "first", False)
    assert wire["tags"] == ("query", "tags", True)


def test_a_value_with_slashes_stands_in_a_path_segment_by_segment() -> None:
    call = UnpokeThing(thing="acme/sh?op", pokes=[1], proof="a.txt")
    request = encode(UnpokeThing.route, call)
    assert (request.path, request.body) == ("/things/acme/sh%3Fop/pokes", {"pokes": [1]})
    assert request.file == "a.txt"
    assert recognise(UnpokeThing.route, UnpokeThing, request) == call


@pytest.mark.parametrize("thing", ["", "/etc", "a/../b", "a//b", "a/", "..", "./a"])
def test_no_segment_of_a_path_is_empty_or_relative(thing: str) -> None:
    with pytest.raises(InvalidArguments, match="thing cannot stand in a URL path"):
        encode(UnpokeThing.route, UnpokeThing(thing=thing))


def test_a_query_repeats_its_lists_and_spells_its_booleans_in_json() -> None:
    call = ListSessions(limit=5, tags=["a", "b,c"], is_archived=False, session_ids=["abc"])
    assert sorted(encode(ListSessions.route, call).query) == [
        ("first", "5"),
        ("is_archived", "false"),
        ("session_ids", "devin-abc"),
        ("tags", "a"),
        ("tags", "b,c"),
    ]


def test_a_delete_sends_its_flag_in_the_query_and_no_body() -> None:
    request = encode(TerminateSession.route, TerminateSession(session_id="abc", archive=True))
    assert request == Request("DELETE", f"{SESSIONS}/devin-abc", (("archive", "true"),), None)


def test_a_post_without_arguments_of_its_own_sends_no_body(catalog) -> None:
    call = catalog.call("devin_archive_session", {"session_id": "abc"})
    assert encode(call.route, call) == Request("POST", f"{SESSIONS}/devin-abc/archive", (), None)


def test_a_default_that_nobody_set_is_not_sent() -> None:
    assert body_of(CreateSession(prompt="x")) == {"prompt": "x"}
    assert body_of(CreateSession(prompt="x", resumable=True)) == {"prompt": "x", "resumable": True}


def test_an_unusual_id_is_one_encoded_segment() -> None:
    call = PokeThing(thing_id="okta|a%2Fb;é{org_id}", how_hard=3)
    request = encode(PokeThing.route, call)
    assert request == Request("POST", "/things/okta%7Ca%252Fb%3B%C3%A9%7Borg_id%7D", (), {"force": 3})
    assert recognise(PokeThing.route, PokeThing, request) == call


@pytest.mark.parametrize("thing_id", [".", ".."])
def test_a_relative_segment_is_refused(thing_id: str) -> None:
    with pytest.raises(InvalidArguments, match="thing_id cannot stand in a URL path") as caught:
        encode(PokeThing.route, PokeThing(thing_id=thing_id))
    assert caught.value.details == ({"path": "thing_id", "reason": "is empty or a relative path"},)


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/v3/organizations/o/sessions/devin-abc"),
        Request("DELETE", "/v3/organizations/o/sessions"),
        Request("DELETE", "/v3/organizations/o/sessions/devin-abc/tags"),
    ],
)
def test_a_request_for_another_route_is_not_recognised(request_: Request) -> None:
    assert recognise(TerminateSession.route, TerminateSession, request_) is None


@pytest.mark.parametrize("session_id", ["abc", "https%3A%2F%2Fapp.devin.ai%2Fsessions%2Fabc", "devin-%2e%2e"])
def test_the_leniency_for_people_is_not_the_apis(session_id: str) -> None:
    request = Request("GET", f"/v3/organizations/o/sessions/{session_id}")
    with pytest.raises(InvalidArguments) as caught:
        recognise(GetSession.route, GetSession, request)
    assert caught.value.details[0]["path"] == "session_id"


@pytest.mark.parametrize("body", [{"tags": "a,b"}, {"tags": None}, {}, {"tags": [1]}])
def test_a_body_the_api_would_refuse_is_not_read_leniently(body: dict[str, Any]) -> None:
    request = Request("POST", "/v3/organizations/o/sessions/devin-abc/tags", body=body)
    with pytest.raises(InvalidArguments) as caught:
        recognise(AppendSessionTags.route, AppendSessionTags, request)
    assert caught.value.details[0]["path"] in ("tags", "tags[0]")


@pytest.mark.parametrize("limit", [5, 5.0, 5e0])
def test_a_whole_number_is_one_however_it_is_written(limit: float) -> None:
    body = {"prompt": "x", "max_acu_limit": limit, "structured_output_schema": {"multipleOf": 2.0}}
    request = Request("POST", "/v3/organizations/o/sessions", body=body)
    call = recognise(CreateSession.route, CreateSession, request)
    assert call is not None and call.max_acu_limit == 5


@pytest.mark.parametrize("limit", [True, "5", 5.5])
def test_what_is_no_whole_number_is_refused(limit: Any) -> None:
    request = Request("POST", "/v3/organizations/o/sessions", body={"prompt": "x", "max_acu_limit": limit})
    with pytest.raises(InvalidArguments):
        recognise(CreateSession.route, CreateSession, request)


def test_unknown_keys_of_a_request_are_ignored_as_the_api_ignores_them() -> None:
    request = Request(
        "POST", "/v3/organizations/o/sessions", (("x", "1"),), {"prompt": "x", "idempotent": True}
    )
    assert recognise(CreateSession.route, CreateSession, request) == CreateSession(prompt="x")


def test_an_empty_body_is_success_where_the_call_knows_the_answer() -> None:
    for body in (b"", b" \n", b"null", b" null\n"):
        session = decode(Session, Response(204, body), {"session_id": "devin-abc", "org_id": None})
        assert session.model_dump(exclude_none=True, exclude_unset=True) == {"session_id": "devin-abc"}


def test_an_empty_body_is_no_session_where_the_call_cannot_know_it() -> None:
    for body in (b"", b"null"):
        with pytest.raises(UnexpectedResponse) as caught:
            decode(Session, Response(200, body), {})
        assert caught.value.details[0]["path"] == "session_id"


@pytest.mark.parametrize(
    "body", [b"<html>hunter2</html>", b'{"session_id": 1}', b"[]", b'"hunter2"', b"null", b"{"]
)
def test_a_success_of_another_shape_is_unexpected_and_not_repeated(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse, match="The API answered 200") as caught:
        decode(Session, Response(200, body), {})
    assert "hunter2" not in str(caught.value) + repr(caught.value.as_dict())


def test_a_null_where_there_should_be_none_is_as_a_key_left_out() -> None:
    session = {"session_id": "a", "tags": None, "pull_requests": None, "is_archived": None, "title": None}
    body = json.dumps({"items": [session], "has_next_page": None, "more": None}).encode()
    page = decode(SessionPage, Response(200, body), {})
    assert page.sessions == [Session(session_id="a", title=None)] and page.has_next_page is False
    assert decode(CreatedSession, Response(200, json.dumps(session).encode()), {}).tags == []


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({"items": None}, "items"),
        ({"items": [None]}, "items[0]"),
        ({"items": [{"session_id": None, "tags": None}]}, "items[0].session_id"),
    ],
)
def test_a_null_for_what_must_be_there_is_unexpected(answer: Any, place: str) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        decode(SessionPage, Response(200, json.dumps(answer).encode()), {})
    assert caught.value.details[0]["path"] == place


def test_an_unexpected_page_names_at_most_ten_places() -> None:
    body = json.dumps({"items": [{}] * 50}).encode()
    with pytest.raises(UnexpectedResponse) as caught:
        decode(SessionPage, Response(200, body), {})
    assert len(caught.value.details) == 10
    assert caught.value.details[0]["path"].endswith("[0].session_id")


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_is_unexpected(status: int) -> None:
    with pytest.raises(UnexpectedResponse, match=f"The API answered {status}"):
        decode(Session, Response(status, b"", {"location": "https://evil.example"}), {})


LOCATED = [
    {"loc": ["body", "tags", 0], "msg": "too short", "type": "x", "input": "hunter2", "ctx": {"a": "hunter2"}}
]


ERROR_BODIES: list[tuple[Any, str, list[dict[str, str]]]] = [
    (
        {"title": "Not Found", "status": 404, "detail": "Session not found", "errors": None},
        "Session not found",
        [],
    ),
    ({"title": "Not Found", "status": 404, "detail": None}, "Not Found", []),
    ({"detail": "Not allowed"}, "Not allowed", []),
    ({"detail": LOCATED}, "body.tags.0: too short", [{"path": "body.tags.0", "reason": "too short"}]),
    (
        {"title": "Unprocessable", "detail": "Validation failed", "errors": LOCATED},
        "Validation failed (body.tags.0: too short)",
        [{"path": "body.tags.0", "reason": "too short"}],
    ),
    (
        {"errors": [{"pointer": "/prompt", "detail": "required"}, {"field": "tags"}, {}]},
        "/prompt: required; tags: is not valid; body: is not valid",
        [
            {"path": "/prompt", "reason": "required"},
            {"path": "tags", "reason": "is not valid"},
            {"path": "body", "reason": "is not valid"},
        ],
    ),
    ({"message": "slow down"}, "slow down", []),
    ({"error": "no"}, "no", []),
    ({"error": {"code": 1}}, "no explanation", []),
    ({"detail": []}, "no explanation", []),
    ({"detail": ["hunter2", 1]}, "no explanation", []),
    ([1, "hunter2"], "no explanation", []),
    (None, "no explanation", []),
    ("hunter2", "no explanation", []),
    (b"<html>hunter2</html>", "the answer is not JSON (a proxy may have sent it)", []),
    (b"", "the answer is not JSON (a proxy may have sent it)", []),
    (b"[" * 100_000, "the answer is not JSON (a proxy may have sent it)", []),
]


@for_every("body, text, details", lambda: ERROR_BODIES)
def test_every_known_error_body_is_understood_and_no_rejected_value_repeated(body, text, details) -> None:
    error = refusal(418, body)
    assert error.message == f"The API refused with 418: {text}."
    assert list(error.details) == details
    assert "hunter2" not in str(error) + repr(error.as_dict())


def test_what_a_server_says_is_capped() -> None:
    error = refusal(400, {"detail": "x" * 100_000})
    assert len(error.message) < 600 and error.message.endswith("xxx….")
    error = refusal(422, {"detail": [{"loc": ["a" * 9999], "msg": "b" * 9999}] * 999})
    assert len(error.details) == 20 and len(error.message) < 600
    assert all(len(text) < 600 for detail in error.details for text in detail.values())


def test_a_403_quotes_the_permission_the_server_named() -> None:
    error = refusal(403, {"detail": "Missing required permission 'org.sessions.view' on this organization"})
    assert isinstance(error, Forbidden)
    assert "'org.sessions.view'" in str(error)
    assert "DEVIN_ORG_ID" in error.hint and "enterprise" in error.hint


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("soon", None), ("", None), (None, None)]
)
def test_retry_after_in_seconds_is_kept(header: str | None, seconds: float | None) -> None:
    error = refusal(429, {}, {} if header is None else {"retry-after": header})
    assert isinstance(error, RateLimited)
    assert error.as_dict()["retry_after"] == seconds


def test_an_error_carries_the_request_id_and_status() -> None:
    error = refusal(422, {"detail": "no"}, {"x-request-id": "req-1"})
    assert isinstance(error, BadRequest)
    assert (error.status, error.request_id) == (422, "req-1")


def test_reasons_name_places_and_never_values() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(CreateSession).validate_python(
            {
                "prompt": 1,
                "tags": ["a", 2],
                "session_secrets": [{"key": "k", "value": {"x": "hunter2"}}],
                "b" * 99: 1,
            }
        )
    found = {item["path"]: item["reason"] for item in reasons(caught.value)}
    assert found.keys() == {"prompt", "tags[1]", "session_secrets[0].value", "b" * 64}
    assert "hunter2" not in repr(found)


def test_explaining_gives_the_text_beside_the_details() -> None:
    assert explain(Response(400, b'{"detail": "no"}')) == ("no", [])


class CountThings(Tool[Thing]):
    """Count the things of a name."""

    route = GET("/things")

    name: str
    """Their name."""

    @computed_field
    def shouted(self) -> str:
        """The name in capitals, which is not an argument."""
        return self.name.upper()


def test_a_field_that_is_computed_is_not_sent() -> None:
    assert encode(CountThings.route, CountThings(name="a")).query == (("name", "a"),)


def test_the_api_s_own_word_for_a_refusal_is_kept() -> None:
    body = {"title": "Forbidden", "status": 403, "detail": "No.", "error_code": "user_frozen"}
    with pytest.raises(Forbidden) as caught:
        decode(Session, Response(403, json.dumps(body).encode()), {})
    assert caught.value.error_code == "user_frozen" and caught.value.as_dict()["error_code"] == "user_frozen"
    for other in (b"no json", b"[]", b'{"error_code": null}', b'{"error_code": 5}'):
        with pytest.raises(Forbidden) as caught:
            decode(Session, Response(403, other), {})
        assert caught.value.error_code is None and "error_code" not in caught.value.as_dict()
