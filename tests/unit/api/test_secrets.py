"""Secrets go in by reference and never come out; no model is offered a tool that takes one."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from support.simulated_api import simulated
from support.tools import built_in, tools

from devin_tools import Client, Simulator
from devin_tools.adapters.function import functions
from devin_tools.api import CreateSecret, DeleteSecret, ListSecrets
from devin_tools.cli import cli
from devin_tools.dispatch import dispatch
from devin_tools.errors import Ambiguous, Conflict, Forbidden, MissingSetting
from devin_tools.export.openapi import openapi_of
from devin_tools.export.providers import payloads

VALUE = "CANARY-of-a-secret"
TOOL = "devin_create_secret"
OFFERED = "devin_list_secrets"


def secret(**more: Any) -> CreateSecret:
    return CreateSecret(**{"key": "TOKEN", "value": VALUE, "secret_type": "key-value"} | more)


def test_a_secret_is_listed_and_gone_when_it_is_deleted(client: Client) -> None:
    made = client.run(secret(note="Staging."))
    assert (made.key, made.secret_type, made.is_sensitive, made.note) == (
        "TOKEN",
        "key-value",
        True,
        "Staging.",
    )
    assert [item.secret_id for item in client.items(ListSecrets(limit=1))] == [made.secret_id]
    assert client.run(DeleteSecret(secret_id=made.secret_id)).key == "TOKEN"
    with pytest.raises(Forbidden, match="secret does not exist"):  # as the vendor's acceptance tests expect
        client.run(DeleteSecret(secret_id=made.secret_id))
    assert list(client.items(ListSecrets())) == []


def test_the_value_is_sent_and_shows_nowhere(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("MY_TOKEN", VALUE)
    (tmp_path / "token").write_text(f"{VALUE}\n")
    bodies: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"secret_id": "s"})

    for value in (VALUE, "env:MY_TOKEN", f"file:{tmp_path}/token"):
        call = secret(value=value)
        output = run(answer, call)
        assert VALUE not in repr(call) + repr(output) + output.model_dump_json()
    assert bodies == [{"key": "TOKEN", "value": VALUE, "type": "key-value"}] * 3


def test_no_answer_of_the_simulator_holds_a_value(simulator: Simulator) -> None:
    with Client(**simulator.connection()) as client:
        client.run(secret())
    with httpx.Client(transport=simulator.transport(), headers={"authorization": "Bearer cog_x"}) as http:
        got = http.get(f"https://api.devin.ai/v3/organizations/{simulator.world.org_id}/secrets")
    assert got.json()["total"] == 1 and VALUE not in got.text


def test_what_is_refused(client: Client) -> None:
    client.run(secret())
    with pytest.raises(Conflict):
        client.run(secret())
    with pytest.raises(MissingSetting, match="ABSENT"):
        client.run(secret(key="OTHER", value="env:ABSENT"))
    other = simulated(keys={"cog_a": {"ViewOrgSessions"}})
    with Client(**other.connection()) as weak, pytest.raises(Forbidden):
        weak.run(ListSecrets())


def test_a_create_whose_answer_is_lost_is_not_repeated(run: Any) -> None:
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise httpx.ReadTimeout("lost", request=request)

    with pytest.raises(Ambiguous) as caught:
        run(answer, secret())
    assert len(sent) == 1 and VALUE not in str(caught.value)


def test_no_model_is_offered_the_tool(client: Client) -> None:
    assert TOOL in built_in().specs
    specs = [spec for spec in tools() if spec.resource == "secrets"]
    assert {TOOL, OFFERED} <= {spec.name for spec in specs}
    for make in (
        payloads.openai_chat,
        payloads.openai_responses,
        payloads.anthropic,
        payloads.gemini,
        payloads.bedrock,
        payloads.mcp,
    ):
        offered = json.dumps(make(specs))
        assert TOOL not in offered and OFFERED in offered
    offered = json.dumps(openapi_of(specs))
    assert TOOL not in offered and OFFERED in offered
    called = [function.name for function in functions(client, None, specs)]
    assert TOOL not in called and OFFERED in called


def test_a_model_that_calls_it_all_the_same_is_refused(client: Client, simulator: Simulator) -> None:
    arguments = json.dumps({"key": "K", "value": VALUE, "secret_type": "totp"})
    asked = {"id": "1", "type": "function", "function": {"name": TOOL, "arguments": arguments}}
    message = dispatch(client, asked)
    assert json.loads(message["content"])["error"]["kind"] in ("refused", "invalid_arguments", "unknown_tool")
    assert VALUE not in message["content"] and simulator.requests == []


def test_a_person_stores_one_from_a_shell_by_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    monkeypatch.setenv("MY_TOKEN", VALUE)
    words = ["--simulate", "call", TOOL, "--key", "K", "--secret-type", "key-value", "--value"]
    got = CliRunner().invoke(cli, [*words, "env:MY_TOKEN"])
    assert got.exit_code == 0 and json.loads(got.stdout)["key"] == "K"
    plain = CliRunner().invoke(cli, [*words, VALUE])
    assert plain.exit_code == 2 and "by reference" in plain.stderr
    assert VALUE not in got.output + plain.output
