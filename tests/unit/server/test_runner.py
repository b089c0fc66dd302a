"""Every tool can be called, and answers as the document says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from starlette.requests import Request
from support.furnished import about, furnished
from support.laws import for_every
from support.served_apps import KEY, SESSION, TOKEN, ask, over, simulated, together
from support.tools import built_in, starts_git

from devin_tools import Simulator, Spec
from devin_tools.errors import error_kinds
from devin_tools.export.openapi import ERRORS
from devin_tools.model_input import for_models
from devin_tools.server.responses import STATUSES

NO_ARGUMENTS = {"examples": {"example_1": {"value": {}}}}


def error_of(response: httpx.Response) -> dict[str, Any]:
    """Return the error of an answer, which holds exactly what the shape says."""
    assert list(response.json()) == ["error"]
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"kind", "message", "retryable", "retry_after", "tries", "hint", "details"}
    return error


Exchanges = dict[str, list[tuple[dict[str, Any], httpx.Response]]]
"""What was sent and answered, by tool."""


def calling(document: Mapping[str, Any], specs: Sequence[Spec], folder: Path) -> Exchanges:
    """Call the examples of a document for these tools, all in one world."""
    simulator = Simulator(seed=7, catalog=built_in())
    names = furnished(simulator)

    async def work(client: httpx.AsyncClient) -> Exchanges:
        answers = {}
        for spec in specs:
            operation = document["paths"][f"/tools/{spec.name}"]["post"]
            content = operation.get("requestBody", {"content": {"application/json": NO_ARGUMENTS}})["content"]
            examples = content["application/json"]["examples"].values()
            sent = [about(spec, example["value"], names) for example in examples]
            answers[spec.name] = [
                (item, await client.post(f"/tools/{spec.name}", json=item)) for item in sent
            ]
        return answers

    served = simulated(simulator, catalog=built_in(), file_root=str(folder), file_overwrite=True)
    answers: Exchanges = together(served, work)
    return answers


def calling_until_answered(document: Mapping[str, Any], specs: Sequence[Spec], folder: Path) -> Exchanges:
    """Call all in one world, and what others have taken away there together in another, until none is left.

    The first call of a world finds it whole, so that each world judges one tool at least.
    """
    answers: Exchanges = {}
    while specs:
        answers |= calling(document, specs, folder)
        specs = [spec for spec in specs[1:] if any(code != 200 for code in codes(answers[spec.name]))]
    return answers


def codes(exchanges: Sequence[tuple[Any, httpx.Response]]) -> list[int]:
    """Return the status of each answer."""
    return [response.status_code for _, response in exchanges]


@pytest.mark.parametrize("effect", ["read", "write", "destroy"])
def test_every_example_of_the_document_can_be_called(effect, folder_for_files):
    specs = [spec for spec in for_models(built_in()) if spec.effect.kind == effect]
    specs = [spec for spec in specs if not starts_git(spec.name)]
    served = simulated(Simulator(), catalog=built_in(), file_root=str(folder_for_files))
    document = ask(served, "/openapi.json").json()
    answers = calling_until_answered(document, specs, folder_for_files)

    @for_every("spec", lambda: specs)
    def every_one_is_answered_as_the_document_says(spec: Spec) -> None:
        exchanges = answers[spec.name]
        operation = document["paths"][f"/tools/{spec.name}"]["post"]
        validator = Draft202012Validator(
            operation["responses"]["200"]["content"]["application/json"]["schema"]
        )
        assert exchanges
        for sent, response in exchanges:
            assert response.status_code == 200, f"{sent}: {response.text}"
            assert response.headers["content-type"] == "application/json"
            validator.validate(response.json())

    every_one_is_answered_as_the_document_says()


def test_every_effect_is_called():
    assert {spec.effect.kind for spec in for_models(built_in())} == {"read", "write", "destroy"}


def test_the_document_needs_no_token_and_names_where_it_was_asked_for(simulator):
    app = simulated(simulator)
    got = ask(app, "/openapi.json", headers={"Authorization": "", "Host": "tools.example:8765"})
    assert got.json()["servers"] == [{"url": "http://tools.example:8765"}]
    app = simulated(simulator, public_url="https://tools.example/devin")
    assert ask(app, "/openapi.json").json()["servers"] == [{"url": "https://tools.example/devin"}]


def test_the_document_is_written_once_however_often_anybody_asks(simulator, monkeypatch):
    app, written = simulated(simulator), []
    real = json.dumps

    def dumps(content, **options):
        written.append("paths" in content)
        return real(content, **options)

    monkeypatch.setattr("devin_tools.server.responses.json.dumps", dumps)
    got = [ask(app, "/openapi.json", headers={"Host": f"a{number}.example"}).json() for number in range(3)]
    assert [one["servers"][0]["url"] for one in got] == [f"http://a{number}.example" for number in range(3)]
    assert written.count(True) == 1


def test_the_document_is_held_once_however_many_do_not_read_it(simulator):
    (route,) = [route for route in simulated(simulator).routes if route.path == "/openapi.json"]
    heads = [[(b"host", host)] for host in (b"a.example", b"b.example")]
    asked = [Request({"type": "http", "scheme": "http", "headers": head}) for head in heads]
    one, other = (asyncio.run(route.endpoint(request)).parts for request in asked)
    assert one[1] is other[1] and len(one[0] + other[0]) < 200 < len(one[1])


def test_a_host_that_is_none_does_not_get_into_the_document(simulator):
    got = ask(simulated(simulator), "/openapi.json", headers={"Host": 'x"/evil'})
    assert got.status_code == 400
    assert error_of(got)["kind"] == "usage"


def test_the_server_can_be_mounted_under_a_path(simulator):
    app = simulated(simulator)

    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "root_path": "/devin"}, receive, send)

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        outer = {"transport": httpx.ASGITransport(mounted), "base_url": "http://x", "headers": client.headers}
        async with httpx.AsyncClient(**outer) as client:
            document = await client.get("/devin/openapi.json")
            return [document, await client.post("/devin/tools/devin_get_self", json={})]

    document, called = together(app, work)
    assert document.json()["servers"] == [{"url": "http://x/devin"}]
    assert called.status_code == 200


def test_null_stands_for_left_out_and_an_empty_list_stays():
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, json={"session_id": "abc"})

    arguments = {
        "prompt": "x",
        "title": None,
        "knowledge_ids": [],
        "structured_output_schema": '{"type": "object"}',
    }
    app = over(answer, settings={"tag_creates": False})
    assert ask(app, "devin_create_session", arguments).status_code == 200
    assert sent == [{"prompt": "x", "knowledge_ids": [], "structured_output_schema": {"type": "object"}}]


SPELLINGS = ["session_secrets", "sessionSecrets"]
REFERENCES = ["env:HOME", "file:/etc/passwd"]


@for_every("name, value", lambda: product(SPELLINGS, REFERENCES))
def test_what_only_a_person_may_fill_is_refused(simulator, name, value):
    arguments = {"prompt": "x", name: [{"key": "A", "value": value}]}
    got = ask(simulated(simulator), "devin_create_session", arguments)
    assert got.status_code == 422
    assert error_of(got)["details"] == [{"path": "session_secrets", "reason": "only a person may fill this"}]
    assert value not in got.text and not simulator.world.sessions


@for_every("text", lambda: ["@/etc/passwd", "-", *REFERENCES])
def test_a_text_that_names_a_file_or_a_variable_stays_that_text(simulator, text):
    got = ask(simulated(simulator), "devin_create_session", {"prompt": text, "title": text})
    record = simulator.world.session(got.json()["session_id"])
    assert (record.prompt, record.asked["title"]) == (text, text)


def test_a_tool_without_arguments_needs_no_body(simulator):
    assert ask(simulated(simulator), "devin_get_self").status_code == 200
    assert ask(simulated(simulator), "devin_get_self", {}).status_code == 200


def test_unknown_fields_of_the_api_reach_the_caller():
    app = over(lambda request: httpx.Response(200, json={"session_id": "a", "novel": {"x": [1, "é"]}}))
    assert ask(app, "devin_get_session", SESSION).json()["novel"] == {"x": [1, "é"]}


@pytest.mark.parametrize(
    ("name", "body", "status", "kind"),
    [
        ("devin_get_session", {}, 422, "invalid_arguments"),
        ("devin_get_session", {"session_id": "a?b"}, 422, "invalid_arguments"),
        ("devin_list_sessions", {"limit": 201}, 422, "invalid_arguments"),
        ("devin_list_sessions", {"nothing": 1}, 422, "invalid_arguments"),
        ("devin_get_session", {"session_id": "0" * 32}, 404, "not_found"),
        ("devin_get_sesion", {}, 404, "unknown_tool"),
        ("", {}, 404, "unknown_tool"),
        ("devin_get_self/x", {}, 404, "unknown_tool"),
        ("devin_get_self", b"{", 400, "usage"),
        ("devin_get_self", b"[]", 400, "usage"),
        ("devin_get_self", b'{"a": NaN}', 400, "usage"),
        ("devin_get_self", b"[" * 100_000, 400, "usage"),
        ("devin_get_self", b'{"a": ' + b"1" * 5000 + b"}", 400, "usage"),
        ("devin_get_self", b"\xff", 400, "usage"),
    ],
)
def test_a_wrong_request_is_refused_in_the_one_shape(simulator, name, body, status, kind):
    headers = {"Content-Type": "application/json"}
    got = ask(simulated(simulator), name, body, headers=headers)
    assert (got.status_code, error_of(got)["kind"]) == (status, kind)


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_must_call_itself_json(simulator, media_type):
    got = ask(simulated(simulator), "devin_get_self", b"{}", headers={"Content-Type": media_type})
    assert (got.status_code, error_of(got)["kind"]) == (415, "usage")


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("devin_get_self", "GET", "POST"),
        ("devin_get_self", "OPTIONS", "POST"),
        ("/healthz", "POST", "GET, HEAD"),
    ],
)
def test_another_verb_is_told_which_ones_there_are(simulator, path, method, allowed):
    got = ask(simulated(simulator), path, method=method)
    assert (got.status_code, got.headers["allow"], error_of(got)["kind"]) == (405, allowed, "usage")


@pytest.mark.parametrize(
    ("status", "ours", "kind"),
    [
        (400, 400, "bad_request"),
        (401, 502, "unauthenticated"),
        (402, 502, "api"),
        (403, 403, "forbidden"),
        (404, 404, "not_found"),
        (409, 409, "conflict"),
        (422, 400, "bad_request"),
        (500, 502, "server_fault"),
        (503, 502, "server_fault"),
    ],
)
def test_what_the_api_refuses_has_a_status_of_its_own(status, ours, kind):
    app = over(lambda request: httpx.Response(status, json={"detail": f"No {KEY}."}))
    got = ask(app, "devin_get_session", SESSION)
    assert (got.status_code, error_of(got)["kind"]) == (ours, kind)
    assert "retry-after" not in got.headers
    assert KEY not in got.text


@pytest.mark.parametrize(("asked", "seconds"), [({"retry-after": "7"}, "7"), ({}, "5")])
def test_a_rate_limit_of_the_api_says_when_to_come_back(asked, seconds):
    app = over(
        lambda request: httpx.Response(429, headers=asked), settings={"max_tries": 1, "max_retry_seconds": 0}
    )
    got = ask(app, "devin_get_session", SESSION)
    assert (got.status_code, got.headers["retry-after"], error_of(got)["kind"]) == (
        429,
        seconds,
        "rate_limited",
    )
    assert error_of(got)["retry_after"] == float(seconds)


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [(httpx.ConnectError, 502, "connection_failed"), (httpx.ReadTimeout, 504, "connection_lost")],
)
def test_an_api_that_is_away_is_a_gateway_fault(fault, status, kind):
    def answer(request: httpx.Request) -> httpx.Response:
        raise fault(f"lost {KEY}")

    got = ask(over(answer, settings={"max_tries": 1}), "devin_get_session", SESSION)
    assert (got.status_code, error_of(got)["kind"]) == (status, kind)
    assert KEY not in got.text


def test_an_answer_nobody_documented_is_a_gateway_fault():
    got = ask(over(lambda request: httpx.Response(200, json=["?"])), "devin_get_session", SESSION)
    assert (got.status_code, error_of(got)["kind"]) == (502, "unexpected_response")


def test_a_fault_of_the_server_shows_neither_its_text_nor_a_traceback(caplog):
    def answer(request: httpx.Request) -> httpx.Response:
        raise RuntimeError(f"{KEY} {TOKEN}")

    got = ask(over(answer), "devin_get_session", SESSION)
    assert (got.status_code, error_of(got)["kind"]) == (500, "error")
    assert "RuntimeError in test_runner.py, line " in caplog.text
    for secret in (KEY, TOKEN, "Traceback"):
        assert secret not in got.text + caplog.text


def test_the_log_holds_no_token_no_key_and_no_value(simulator, caplog):
    caplog.set_level("DEBUG", "devin_tools")
    app = simulated(simulator)
    ask(app, "devin_create_session", {"prompt": "canary prompt"})
    ask(app, "devin_canary_tool", {})
    ask(app, "/canary/path")
    assert "POST /tools/devin_create_session -> 200 in " in caplog.text
    assert caplog.text.count("(an unknown path) -> 404") == 2
    for value in ("canary", simulator.connection()["api_key"]):
        assert value not in caplog.text


def test_every_kind_of_error_has_a_status_that_the_document_knows():
    assert set(error_kinds()) == set(STATUSES)
    assert {str(status) for status in STATUSES.values()} <= ERRORS.keys()


def test_a_plugin_s_own_kind_counts_as_the_kind_it_derives_from(simulator, monkeypatch):
    monkeypatch.delitem(STATUSES, "unknown_tool")
    got = ask(simulated(simulator), "devin_get_sesion", {})
    assert (got.status_code, error_of(got)["kind"]) == (400, "unknown_tool")
