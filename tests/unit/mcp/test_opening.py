"""What a client sends first is answered without the SDK; `tests/external/mcp` compares with its answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devin_tools import Catalog, Settings
from devin_tools.mcp import Service, opening
from devin_tools.mcp.messages import read
from devin_tools.mcp.opening import Opening


def opened() -> Opening:
    def connect(settings: Settings) -> Any:
        raise AssertionError("no call is made")

    return Opening(Service(Catalog(), Settings(api_key="cog_x", org_id="org-1"), connect))


def answer(conversation: Opening, method: str, params: Any = None, **more: Any) -> Any:
    """Return the result of a request, `""` where none is due, `None` when the SDK has to answer."""
    given = {} if params is None else {"params": params}
    line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method} | given | more)
    said = conversation.answer(read(line))
    return json.loads(said)["result"] if said else said and ""


def greeting(protocol: str = "2025-06-18", **capabilities: Any) -> dict[str, Any]:
    client = {"name": "test", "version": "1"}
    return {"protocolVersion": protocol, "capabilities": capabilities, "clientInfo": client}


def noted(conversation: Opening) -> bytes | None:
    return conversation.answer(read('{"jsonrpc": "2.0", "method": "notifications/initialized"}'))


def test_a_client_that_lists_is_answered_and_what_it_said_is_kept_for_the_sdk() -> None:
    conversation = opened()
    said = answer(conversation, "initialize", greeting())
    assert said["protocolVersion"] == "2025-06-18" and said["serverInfo"]["name"] == "devin-tools"
    assert noted(conversation) == b"" and not conversation.is_over
    assert answer(conversation, "ping") == {}
    assert answer(conversation, "tools/list", {"_meta": {"progressToken": 1}}) == {"tools": []}
    assert answer(conversation, "prompts/list", {}) == {"prompts": []}
    assert conversation.is_over
    assert [json.loads(line)["method"] for line in conversation.heard] == [
        "initialize",
        "notifications/initialized",
    ]


def test_lists_are_answered_after_the_opening_too_and_nothing_else() -> None:
    conversation = opened()
    request = read('{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}')
    assert conversation.listed(request) is None, "the SDK answers all where it greeted"
    answer(conversation, "initialize", greeting())
    said = conversation.listed(request)
    assert said and said == conversation.answer(request)
    for other in (
        '{"id": 1, "method": "ping"}',
        '{"id": 1, "result": {}}',
        '{"id": 1, "method": "tools/list", "params": {"cursor": "x"}}',
    ):
        assert conversation.listed(read('{"jsonrpc": "2.0", ' + other[1:])) is None


@pytest.mark.parametrize(
    ("method", "params", "more"),
    [
        ("tools/call", {"name": "x"}, {}),
        ("tools/list", {"cursor": "x"}, {}),
        ("tools/list", {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}}, {}),
        ("tools/list", {"_meta": {"progressToken": True}}, {}),
        ("tools/list", None, {"of_tomorrow": 1}),
        ("initialize", greeting(), {}),
        ("of/tomorrow", None, {}),
    ],
)
def test_all_else_is_left_to_the_sdk(method: str, params: Any, more: dict[str, Any]) -> None:
    conversation = opened()
    answer(conversation, "initialize", greeting())
    assert answer(conversation, method, params, **more) is None
    assert len(conversation.heard) == 1


@pytest.mark.parametrize("method", ["tools/list", "ping"])
def test_nothing_is_answered_before_the_greeting(method: str) -> None:
    assert answer(opened(), method) is None
    assert noted(opened()) is None


@pytest.mark.parametrize(
    "params",
    [
        None,
        {},
        greeting("2026-07-28"),
        greeting("x"),
        greeting() | {"_meta": {}},
        greeting() | {"clientInfo": {"name": "x"}},
        greeting() | {"clientInfo": {"name": "x", "version": None}},
        greeting(roots=True),
        greeting(sampling={"listChanged": 1}),
        greeting(experimental={"x": 1}),
        greeting(of_tomorrow={}),
    ],
)
def test_a_greeting_in_doubt_is_left_to_the_sdk(params: Any) -> None:
    assert answer(opened(), "initialize", params) is None


@pytest.mark.parametrize(("sdk", "is_known"), [("1.22.0", False), ("1.24.0", True), ("2.3.0", True)])
def test_a_later_protocol_is_known_to_later_versions_of_the_sdk(
    sdk: str, is_known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "version", lambda name: sdk)
    assert (answer(opened(), "initialize", greeting("2025-11-25")) is not None) == is_known
