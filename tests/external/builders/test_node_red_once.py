"""In a real Node-RED, a session is paid once, and each message that is meant makes one of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from external.builders.listening import Listening
from external.builders.node_red_home import ACCOUNT, entrance, node_red, tool_node, user_directory
from external.builders.test_node_red import HOME, free_port

from devin_tools import load_catalog
from devin_tools.export.builders.node_red import node_red_files
from devin_tools.simulator.response import Answer
from devin_tools.wire import Request

KEY = "cog_CANARY_once"


class Losing(Listening):
    """Loses the answers to creates, as often as it is told to."""

    lost = 0

    def handle(self, request: Request, *rest: Any, **more: Any) -> Answer:
        answer: Answer = super().handle(request, *rest, **more)
        if request.method == "POST" and self.lost:
            self.lost -= 1
            return Answer(answer.status, answer.body, answer.headers, delivery="lost", delay=60)
        return answer


def function(id_: str, code: str, *wires: str) -> dict[str, Any]:
    return {"id": id_, "type": "function", "z": "tab", "func": code, "outputs": 1, "wires": [[*wires]]}


PROMPT = {"f_prompt": "payload.prompt", "f_promptType": "msg"}
COUNT = "msg.told = [...(msg.told || []), msg.error.message]; return msg;"
THREE = "return [[1, 2, 3].map(n => ({ ...msg, n }))];"


def flows() -> list[dict[str, Any]]:
    nodes = [
        {"id": "tab", "type": "tab", "label": "Tests"},
        tool_node("create", "devin-create-session", ["out"], **PROMPT, timeout="1"),
        {"id": "caught create", "type": "catch", "z": "tab", "scope": ["create"], "wires": [["again"]]},
        function("again", COUNT, "create"),
        tool_node("keyed", "devin-create-session", ["out"], **PROMPT)
        | {"f_idempotency_key": "payload.key", "f_idempotency_keyType": "msg"},
        function("three", THREE, "each"),
        tool_node("each", "devin-create-session", ["joined"], **PROMPT),
        {
            "id": "joined",
            "type": "join",
            "z": "tab",
            "mode": "custom",
            "build": "array",
            "count": "3",
            "property": "payload",
            "propertyType": "msg",
            "accumulate": False,
            "wires": [["out"]],
        },
    ]
    for path, first in {"/again": "create", "/keyed": "keyed", "/three": "three"}.items():
        nodes += entrance(path, first)
    unique = {one["id"]: one for one in nodes}
    unique["caught"]["scope"] = ["keyed", "each"]
    return list(unique.values())


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Losing, Callable[..., Any]]]:
    simulator = Losing(seed=1)
    with simulator.serve() as server:
        account = {"id": ACCOUNT, "type": "devin-account", "baseUrl": server.url}
        pack = node_red_files([*load_catalog(plugins=())])
        folder = user_directory(tmp_path_factory.mktemp("once"), pack, [account, *flows()], {"key": KEY})
        with node_red(HOME, folder, free_port()) as url:

            def post(path: str, **body: Any) -> Any:
                simulator.asked.clear()
                return httpx.post(f"{url}{path}", json=body, timeout=60).json()

            yield simulator, post


def creates(simulator: Losing) -> list[Any]:
    return [one for one in simulator.asked if one.method == "POST"]


def test_a_message_that_comes_again_after_a_lost_answer_is_not_paid_twice(started: Any) -> None:
    simulator, post = started
    simulator.lost, before = 1, len(simulator.world.sessions)
    said = post("/again", prompt="x")
    assert said["creation"] == "adopted" and len(creates(simulator)) == 1
    assert len(simulator.world.sessions) == before + 1
    (tag,) = creates(simulator)[0].body["tags"]
    assert said["tags"] == [tag]


def test_the_same_message_after_a_success_is_a_new_call(started: Any) -> None:
    _, post = started
    first, second = post("/again", prompt="y"), post("/again", prompt="y")
    assert first["creation"] == second["creation"] == "created"
    assert first["session_id"] != second["session_id"]


def test_messages_of_one_id_make_a_session_each(started: Any) -> None:
    _, post = started
    assert len({one["session_id"] for one in post("/three", prompt="z")}) == 3


def test_a_key_of_the_message_makes_one_session(started: Any) -> None:
    _, post = started
    first, second = post("/keyed", prompt="k", key="order-7"), post("/keyed", prompt="k", key="order-7")
    assert first["session_id"].removeprefix("devin-") == second["session_id"].removeprefix("devin-")
    assert (first["creation"], second["creation"]) == ("created", "adopted")


def test_a_key_that_is_not_there_stops_the_call(started: Any) -> None:
    simulator, post = started
    assert post("/keyed", prompt="k")["error"].startswith("Error: idempotency_key: holds nothing")
    assert creates(simulator) == []
