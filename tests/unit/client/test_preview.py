"""A dry run shows what a call would send, and sends nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.laws import for_every
from support.tools import examples

from devin_tools import AsyncClient, Client, Simulator, Spec
from devin_tools.api import CreateSession, GetSession, ListSessions, SessionSecret, TerminateSession
from devin_tools.api.attachments import IntoFolder
from devin_tools.client.preview import Preview
from devin_tools.errors import InvalidArguments, Refused
from devin_tools.tasks import RunTask, WaitSession, WaitSessions

OFFLINE: dict[str, Any] = {"api_key": "cog_CANARY", "org_id": "org-1", "guards": ()}


def unreachable(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"a dry run sent {request.method} {request.url}")


def preview_of(call: Any, **options: Any) -> Preview:
    with Client(**OFFLINE | options, transport=httpx.MockTransport(unreachable)) as client:
        return client.preview(call)


def shapes(preview: Preview) -> list[tuple[str, str]]:
    return [(request.method, httpx.URL(request.url).path) for request in preview.requests]


@pytest.fixture
def offline(folder_for_files: Path) -> Iterator[Client]:
    """Return a client whose every request is an error."""
    with Client(**OFFLINE, transport=httpx.MockTransport(unreachable)) as client:
        yield client


@for_every("spec, example", examples)
def test_a_dry_run_sends_nothing_and_states_the_effect(
    offline: Client, spec: Spec, example: Mapping[str, Any]
) -> None:
    preview = offline.preview(spec.tool.model_validate(dict(example)))
    assert (preview.tool, preview.effect, preview.is_billable) == (
        spec.name, spec.effect.kind, spec.effect.is_billable,
    )  # fmt: skip
    assert preview.requests and all("CANARY" not in request.model_dump_json() for request in preview.requests)
    writes = [request.method for request in preview.requests if request.method != "GET"]
    is_write = spec.effect.kind != "read" and not issubclass(spec.tool, IntoFolder)  # a download writes here
    assert len(writes) == is_write and preview.requests[-1].method in ("GET", *writes)


class Refusing:
    """Refuses the last of the requests that are shown, and keeps what is sent."""

    def __init__(self) -> None:
        self.shown: list[Any] = []
        self.sent: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.sent.append(request)
        return httpx.Response(404 if len(self.sent) == len(self.shown) else 200, json={})


@pytest.fixture
def refused(folder_for_files: Path) -> Iterator[tuple[Client, Refusing]]:
    """Return a client and the API that refuses it."""
    api = Refusing()
    with Client(**OFFLINE, tag_creates=False, transport=httpx.MockTransport(api)) as client:
        yield client, api


@for_every("spec, example", lambda: [(spec, example) for spec, example in examples() if spec.route])
def test_it_shows_what_is_sent_then(
    refused: tuple[Client, Refusing], spec: Spec, example: Mapping[str, Any]
) -> None:
    there = {"path": "note.txt", **dict.fromkeys(spec.missing_from_models, "plain")}
    call = spec.tool.model_validate({name: there.get(name, value) for name, value in example.items()})
    client, api = refused
    shown, sent = client.preview(call).requests, []
    api.shown, api.sent = shown, sent
    with pytest.raises(Exception, match="404"):
        client.run(call)
    assert [(each.method, each.url) for each in shown] == [(each.method, str(each.url)) for each in sent]
    for one, request in zip(shown, sent, strict=True):
        if one.file is None:
            sent_body = json.loads(request.content) if request.content else None
            hidden = dict.fromkeys(spec.missing_from_models, "**********")
            assert one.body == (sent_body and sent_body | hidden)
        else:
            assert b'filename="note.txt"' in request.content


def test_both_clients_give_the_same(simulator: Simulator) -> None:
    call = RunTask(prompt="x", tags=["a"])
    assert AsyncClient(**OFFLINE).preview(call) == preview_of(call)


def test_secrets_are_masked() -> None:
    secrets = [SessionSecret(key="A", value="CANARY"), SessionSecret(key="B", value="env:CANARY_VARIABLE")]
    for call in (
        CreateSession(prompt="x", session_secrets=secrets),
        RunTask(prompt="x", session_secrets=secrets),
    ):
        shown = preview_of(call)
        assert "CANARY" not in shown.model_dump_json() + repr(shown)
        body = shown.requests[-1].body
        assert body and [item["value"] for item in body["session_secrets"]] == ["**********"] * 2
        assert [item["key"] for item in body["session_secrets"]] == ["A", "B"]


@pytest.mark.parametrize("tool", [CreateSession, RunTask])
@pytest.mark.parametrize(
    ("settings", "asked", "limit"),
    [({"default_acu": 3}, None, 3), ({"max_acu": 5}, None, 5), ({"default_acu": 3}, 7, 7), ({}, None, None)],
)
def test_the_default_limit_shows(tool: Any, settings: Any, asked: Any, limit: Any) -> None:
    call = tool(prompt="x", **({} if asked is None else {"max_acu_limit": asked}))
    body = preview_of(call, **settings).requests[-1].body
    assert body and body.get("max_acu_limit") == limit


@pytest.mark.parametrize("tool", [CreateSession, RunTask])
def test_a_limit_above_the_ceiling_is_refused_in_a_dry_run_too(tool: Any) -> None:
    with pytest.raises(Refused, match="DEVIN_MAX_ACU"):
        preview_of(tool(prompt="x", max_acu_limit=6), max_acu=5)


def test_a_key_shows_what_is_looked_for_first() -> None:
    sessions = "/v3/organizations/org-1/sessions"
    shown = preview_of(CreateSession(prompt="x", idempotency_key="CANARY"))
    assert shapes(shown) == [("GET", sessions), ("GET", sessions), ("POST", sessions)]
    assert "CANARY" not in shown.model_dump_json()


def test_a_wait_shows_its_first_look() -> None:
    sessions = "/v3/organizations/org-1/sessions"
    assert shapes(preview_of(WaitSession(session_id="a"))) == [("GET", f"{sessions}/devin-a")]
    assert shapes(preview_of(WaitSessions(session_ids=["a"])))[0] == ("GET", sessions)
    assert len(preview_of(WaitSessions(session_ids=["a"])).requests) <= 2


def test_what_would_be_refused_before_sending_is_refused() -> None:
    with pytest.raises(InvalidArguments, match="no room"):
        preview_of(CreateSession(prompt="x", tags=["a"] * 50, idempotency_key="k"))


def test_the_place_of_an_organisation_that_is_still_to_be_read_stays_open() -> None:
    shown = preview_of(GetSession(session_id="abc"), org_id=None)
    assert shown.requests[0].url == "https://api.devin.ai/v3/organizations/{org_id}/sessions/devin-abc"


def test_the_query_shows_as_it_is_sent() -> None:
    shown = preview_of(ListSessions(limit=5, tags=["a b", "c&d"]), base_url="https://acme.example/devin/")
    assert shown.requests[0].url == (
        "https://acme.example/devin/v3/organizations/org-1/sessions?first=5&tags=a+b&tags=c%26d"
    )


def test_a_dry_run_asks_for_no_consent_and_counts_no_session() -> None:
    options = {"confirm": True, "max_sessions": 0, "read_only": True}
    for call in (CreateSession(prompt="x"), TerminateSession(session_id="abc")):
        assert preview_of(call, **options).requests[-1].method in ("POST", "DELETE")
