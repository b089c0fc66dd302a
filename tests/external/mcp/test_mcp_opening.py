"""The opening of a conversation is answered as the SDK answers it, byte for byte of what means something."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from external.mcp.mcp_doors import MAJOR, service_over
from support.odd_tools import FindLinks, FindMany, FindOdd, FindTree, StoreKey

from devin_tools import Catalog, Simulator, describe
from devin_tools.mcp import Service, serve_stdio, stdio
from devin_tools.mcp.conversation import converse
from devin_tools.mcp.messages import read
from devin_tools.mcp.opening import Opening
from devin_tools.mcp.streams import Lines, Sink

CLIENT = {"name": "test", "version": "1"}
LISTS = ("tools/list", "prompts/list", "resources/list", "resources/templates/list")


def request(number: Any, method: str, *params: Any) -> dict[str, Any]:
    given = {"params": params[0]} if params else {}
    return {"jsonrpc": "2.0", "id": number, "method": method} | given


def hello(protocol: Any = "2025-06-18", capabilities: Any = None, client: Any = None, **more: Any) -> Any:
    given = {"protocolVersion": protocol, "capabilities": capabilities or {}, "clientInfo": client or CLIENT}
    return request(0, "initialize", given | more)


INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}
ASKED = [request(number, method) for number, method in enumerate((*LISTS, "ping"), start=1)]

PROTOCOLS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28", "1999-01-01", "", 3, None]
CAPABILITIES: list[Any] = [
    {"roots": {"listChanged": True}, "sampling": {}, "elicitation": {"form": {}, "url": {}}},
    {
        "experimental": {"x": {"y": [1]}},
        "extensions": {"io.modelcontextprotocol/ui": {"mimeTypes": ["text"]}},
    },
    {"sampling": {"context": {}, "tools": {}}, "tasks": {"list": {}, "requests": {"sampling": {}}}},
    {"roots": {"listChanged": {}}},
    {"elicitation": {"form": True}},
    {"sampling": {"listChanged": True}},
    {"roots": True},
    {"elicitation": None},
    {"experimental": {"x": 1}},
    {"of_tomorrow": {"x": 1}},
    [],
]
CLIENTS: list[Any] = [
    CLIENT | {"title": "A", "websiteUrl": "https://example.com", "description": "B"},
    CLIENT | {"websiteUrl": "not a url", "title": ""},
    CLIENT | {"icons": [{"src": "https://example.com/x.png"}]},
    CLIENT | {"title": None},
    {"name": "x"},
    {"name": 1, "version": "2"},
]
OPENINGS = {
    **{f"protocol {protocol}": [hello(protocol), INITIALIZED, *ASKED] for protocol in PROTOCOLS},
    **{f"capabilities {n}": [hello(capabilities=one), ASKED[0]] for n, one in enumerate(CAPABILITIES)},
    **{f"client {n}": [hello(client=one), ASKED[0]] for n, one in enumerate(CLIENTS)},
    "more of a greeting": [hello(_meta={"progressToken": 1}), INITIALIZED, *ASKED],
    "what is of no meaning": [hello() | {"of_tomorrow": 1}, INITIALIZED, ASKED[0] | {"of_tomorrow": 1}],
    "not initialized": [hello(), *ASKED],
    "listed before": [ASKED[0], hello(), INITIALIZED, ASKED[1]],
    "pinged before": [request(9, "ping"), hello(), INITIALIZED, ASKED[1]],
    "initialized before": [INITIALIZED, hello(), ASKED[1]],
    "greeted twice": [hello(), INITIALIZED, ASKED[0], hello("2024-11-05") | {"id": 8}, ASKED[1]],
    "ids of text": [hello() | {"id": "a"}, INITIALIZED, request("b", "tools/list"), request("", "ping")],
    "an id of thousands": [hello() | {"id": 10**30}, INITIALIZED, request(-1, "tools/list")],
    "empty parameters": [hello(), INITIALIZED | {"params": {}}, *(one | {"params": {}} for one in ASKED)],
    "no parameters": [hello(), INITIALIZED | {"params": None}, *(one | {"params": None} for one in ASKED)],
    "a token": [hello(), *(one | {"params": {"_meta": {"progressToken": 5}}} for one in ASKED)],
    "a token of text": [hello(), *(one | {"params": {"_meta": {"progressToken": "x"}}} for one in ASKED)],
    "an odd token": [hello(), *(one | {"params": {"_meta": {"progressToken": 1.5}}} for one in ASKED)],
    "other meta": [hello(), *(one | {"params": {"_meta": {"x": 1}}} for one in ASKED)],
    "a cursor": [hello(), *(one | {"params": {"cursor": "x"}} for one in ASKED)],
    "an odd cursor": [hello(), *(one | {"params": {"cursor": 1}} for one in ASKED)],
    "surplus": [hello(), *(one | {"params": {"x": 1}} for one in ASKED)],
    "unknown": [hello(), INITIALIZED, request(1, "tools/lists"), request(2, "logging/setLevel", {})],
    "cancelled": [
        *(hello(), INITIALIZED, ASKED[0]),
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}},
        ASKED[1],
    ],
    "a call": [
        *(hello(), INITIALIZED, ASKED[0]),
        request(7, "tools/call", {"name": "devin_get_self", "arguments": {}}),
        request(8, "resources/read", {"uri": "devin://sessions/devin-0"}),
        request(9, "prompts/get", {"name": "start_task", "arguments": {"task": "x"}}),
    ],
    "a call without a greeting": [request(7, "tools/call", {"name": "devin_get_self"})],
}


def only_by_the_sdk(service: Service, streams: tuple[Lines, Sink]) -> None:
    converse(service, *streams, Opening(service), unanswered=[])


def answers(
    serve: Callable[[Service, tuple[Lines, Sink]], None], text: str, folder: Path, **settings: Any
) -> list[Any]:
    """Return what is answered to some lines, by the id."""
    asked, answered = folder / "asked", folder / "answered"
    asked.write_text(text, encoding="utf-8")
    source, sink = os.open(asked, os.O_RDONLY), os.open(answered, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    serve(service_over(Simulator(seed=1), **settings), (Lines(source), Sink(sink)))
    os.close(source)
    os.close(sink)
    found = [json.loads(line) for line in answered.read_text(encoding="utf-8").splitlines()]
    return sorted(found, key=lambda answer: str(answer.get("id")))


def lines(*messages: Any) -> str:
    return "".join(json.dumps(message) + "\n" for message in messages)


@pytest.mark.parametrize("idle", [0, 5])
@pytest.mark.parametrize("opening", OPENINGS)
def test_it_is_answered_as_by_the_sdk(
    opening: str, idle: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stdio, "IDLE_SECONDS", idle)
    text = lines(*OPENINGS[opening])
    assert answers(serve_stdio, text, tmp_path) == answers(only_by_the_sdk, text, tmp_path)


@pytest.mark.parametrize("protocol", PROTOCOLS[:4])
def test_what_most_clients_send_needs_no_sdk(protocol: str, tmp_path: Path) -> None:
    conversation = Opening(service_over(Simulator(seed=1)))
    is_spoken = MAJOR > 1 or protocol != "2025-11-25" or minor() >= 24
    for message in (hello(protocol), INITIALIZED, *ASKED) if is_spoken else ():
        assert conversation.answer(read(json.dumps(message))) is not None


def minor() -> int:
    return int(version("mcp").split(".")[1])


def test_a_list_is_the_same_bytes_before_and_after_the_sdk_is_there(tmp_path: Path) -> None:
    call = request(7, "tools/call", {"name": "devin_get_self", "arguments": {}})
    text = lines(hello(), INITIALIZED, ASKED[0], call, ASKED[0], call | {"id": 8}, ASKED[0])
    asked, answered = tmp_path / "asked", tmp_path / "answered"
    asked.write_text(text, encoding="utf-8")
    source, sink = os.open(asked, os.O_RDONLY), os.open(answered, os.O_WRONLY | os.O_CREAT)
    serve_stdio(service_over(Simulator(seed=1), listing="core"), (Lines(source), Sink(sink)))
    os.close(source)
    os.close(sink)
    lists = [line for line in answered.read_bytes().splitlines() if b'"inputSchema"' in line]
    assert len(lists) == 3 and len(set(lists)) == 1
    assert sum(b'"structuredContent"' in line for line in answered.read_bytes().splitlines()) == 2


UNREADABLE = ["{", "[]", '"x"', '{"jsonrpc": "2.0", "id": 5, "method": 5}']
HALF = '{"jsonrpc": "2.0", "id": 6, "method": "tools/call", "params": {"name": "a\\ud83db"}}'


def test_a_line_that_is_no_message_is_answered_also_after_the_opening(tmp_path: Path) -> None:
    call = request(4, "tools/call", {"name": "devin_get_self", "arguments": {}})
    text = lines(hello(), INITIALIZED, call) + "\n".join([*UNREADABLE, HALF, ""])
    found = answers(serve_stdio, text, tmp_path)
    codes = {
        answer["id"]: answer.get("error", {}).get("code") for answer in found if answer["id"] is not None
    }
    assert codes == {0: None, 4: None, 5: -32600, 6: None}
    assert sorted(answer["error"]["code"] for answer in found if answer["id"] is None) == [
        *(-32700, -32600, -32600)
    ]


@pytest.mark.parametrize("said", ["accept", "decline"])
def test_what_a_client_declared_in_the_opening_holds_after_it(said: str) -> None:
    """A person is asked before a session is started, by a client that said it can put questions."""
    create = request(7, "tools/call", {"name": "devin_create_session", "arguments": {"prompt": "x"}})
    ends = [os.pipe(), os.pipe()]
    (asked, ask), (answered, answer) = ends
    simulator = Simulator(seed=1)

    def talk() -> Any:
        os.write(ask, lines(hello(capabilities={"elicitation": {}}), INITIALIZED, ASKED[0], create).encode())
        with os.fdopen(answered, encoding="utf-8", closefd=False) as incoming:
            for line in incoming:
                message = json.loads(line)
                if message.get("method") == "elicitation/create":
                    reply = {"jsonrpc": "2.0", "id": message["id"], "result": {"action": said, "content": {}}}
                    os.write(ask, lines(reply).encode())
                elif message["id"] == 7:
                    os.close(ask)
                    return message["result"]["isError"]
        raise AssertionError("the server hung up")

    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(talk)
        serve_stdio(service_over(simulator, confirm=True), (Lines(asked), Sink(answer)))
        assert outcome.result(60) is (said == "decline")
    assert len(simulator.world.sessions) == (said == "accept")
    for end in (asked, answered, answer):
        os.close(end)


def test_tools_that_use_all_of_json_schema_are_listed_as_by_the_sdk(tmp_path: Path) -> None:
    specs = [describe(tool) for tool in (FindOdd, FindTree, FindMany, FindLinks, StoreKey)]
    catalog = Catalog(specs={spec.name: spec for spec in specs})
    text = lines(hello(), INITIALIZED, *ASKED)
    found = answers(serve_stdio, text, tmp_path, catalog=catalog)
    assert found == answers(only_by_the_sdk, text, tmp_path, catalog=catalog)
    assert len(found) == 6 and found[1]["result"]["tools"]


@pytest.mark.parametrize("settings", [{"read_only": True}, {"denied_tools": ("devin_wait_session",)}])
def test_what_the_settings_leave_is_offered_as_by_the_sdk(settings: dict[str, Any], tmp_path: Path) -> None:
    text = lines(hello(), INITIALIZED, *ASKED)
    found = answers(serve_stdio, text, tmp_path, **settings)
    assert found == answers(only_by_the_sdk, text, tmp_path, **settings)
