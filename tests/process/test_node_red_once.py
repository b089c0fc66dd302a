"""The Node-RED pack creates a session once, however its answer was lost, as our own client does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from support.node_red_code import NODE, described, run

from devin_tools import Client, Simulator
from devin_tools.api import CreateSession
from devin_tools.simulator.response import Answer
from devin_tools.wire import Request

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node")

CALL = """
const later = setTimeout;
globalThis.setTimeout = (then, ms, ...more) => {
  const isOurs = new Error().stack.split('\\n')[2].includes('api.js');
  return later(then, isOurs ? 0 : ms, ...more);
};
const { callApi } = require('./api.js');
const main = async ({ url, tool, calls, at_once, org, tags }) => {
  const account = { baseUrl: url, key: () => 'cog_any', org: async () => org, isTagged: tags };
  const one = async ({ values, tag }) => {
    const attempt = { tag };
    try {
      const output = await callApi(account, tool, values, AbortSignal.timeout(60000), attempt);
      return { output, tag: attempt.tag };
    } catch (error) {
      return { error: error.message, isInDoubt: Boolean(error.isInDoubt), tag: attempt.tag };
    }
  };
  if (at_once) return Promise.all(calls.map(one));
  const said = [];
  for (const call of calls) said.push(await one(call));
  return said;
};
"""


def after(**changes: Any) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, **changes)


def no_json(answer: Answer) -> Answer:
    return replace(answer, body=b"<html>Welcome</html>", headers={})


FAULTS: dict[str, Callable[[Answer], Answer]] = {
    "no answer": after(delivery="reset"),
    "half an answer": after(delivery="cut"),
    "a fault of the server": after(status=502, body=b"", headers={}),
    "no JSON": no_json,
    "nothing": after(status=202, body=b""),
    "an empty object": after(body=b"{}"),
    "a list": after(body=b"[]"),
    "another object": after(body=b'{"message": "ok"}'),
}


class Losing(Simulator):
    """Answers as it is told to, and remembers the methods that it was asked with."""

    def __init__(self) -> None:
        super().__init__(seed=1)
        self.plan: list[tuple[bool, Callable[[Answer], Answer]]] = []
        """For each create: whether it takes effect, and what becomes of the answer."""
        self.lists: Callable[[Answer], Answer] | None = None
        self.asked: list[str] = []

    def handle(self, request: Request, *rest: Any, **more: Any) -> Answer:
        self.asked.append(request.method)
        if request.method == "POST" and self.plan:
            takes_effect, change = self.plan.pop(0)
            answer = super().handle(request, *rest, **more) if takes_effect else Answer(200, b"{}")
            return change(answer)
        answer = super().handle(request, *rest, **more)
        return self.lists(answer) if self.lists and request.method == "GET" else answer


@contextmanager
def losing(*plan: tuple[bool, Callable[[Answer], Answer]]) -> Iterator[tuple[Losing, Callable[..., Any]]]:
    simulator = Losing()
    simulator.plan = [*plan]
    with simulator.serve() as server:

        def create(*calls: dict[str, Any], at_once: bool = False, tags: bool = True) -> list[dict[str, Any]]:
            tool = described()["devin_create_session"]
            given = {"url": server.url, "tool": tool, "calls": calls, "at_once": at_once, "tags": tags}
            said: list[dict[str, Any]] = run(CALL, given | {"org": simulator.world.org_id})
            return said

        yield simulator, create


def made(simulator: Losing) -> list[Any]:
    return [one for one in simulator.world.sessions.values() if "PAY" in str(one.asked)]


PAY = {"values": {"prompt": "PAY", "tags": ["mine"], "max_acu_limit": 5}}
KEYED = {"values": {"prompt": "PAY", "idempotency_key": "order-7"}}
TAG = "devin-tools-key:"


def test_a_created_session_bears_a_tag_of_its_own_beside_those_given() -> None:
    with losing() as (simulator, create):
        first, second = create(PAY, PAY)
    tags = [one.asked["tags"] for one in made(simulator)]
    assert [one[0] for one in tags] == ["mine", "mine"]
    assert len({one[1] for one in tags}) == 2 and all(one[1].startswith(TAG) for one in tags)
    assert first["output"]["creation"] == second["output"]["creation"] == "created"
    assert simulator.asked == ["POST", "POST"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_session_whose_answer_was_lost_is_found_and_not_paid_twice(fault: str) -> None:
    with losing((True, FAULTS[fault])) as (simulator, create):
        (said,) = create(PAY)
    (session,) = made(simulator)
    assert said["output"]["creation"] == "adopted"
    assert said["output"]["session_id"].removeprefix("devin-") == session.session_id.removeprefix("devin-")
    assert simulator.asked.count("POST") == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_what_never_took_effect_is_sent_again(fault: str) -> None:
    with losing((False, FAULTS[fault]), (False, FAULTS[fault])) as (simulator, create):
        (said,) = create(PAY)
    assert len(made(simulator)) == 1 and said["output"]["creation"] == "created"
    assert simulator.asked.count("POST") == 3


def test_tries_end_and_a_repeat_looks_first() -> None:
    with losing(*[(False, FAULTS["a fault of the server"])] * 9) as (simulator, create):
        (said,) = create(PAY)
    assert simulator.asked.count("POST") == 5 and made(simulator) == []
    assert said["error"].endswith("No session was found of it, in 5 tries.") and said["isInDoubt"]


def test_looking_that_fails_leaves_it_open_and_a_repeat_looks_first() -> None:
    with losing((True, FAULTS["no answer"])) as (simulator, create):
        simulator.lists = after(status=403, body=b'{"detail": "Lists are not for you"}')
        (said,) = create(PAY)
        assert said["isInDoubt"] and "looking for it failed" in said["error"]
        assert "Lists are not for you" in said["error"]
        simulator.lists = None
        (again,) = create(PAY | {"tag": said["tag"]})
    assert len(made(simulator)) == 1 and again["output"]["creation"] == "adopted"


def test_the_tag_of_a_key_is_that_of_our_client() -> None:
    with losing() as (simulator, create):
        create(KEYED)
        with Client(**simulator.connection()) as client:
            adopted = client.run(CreateSession(prompt="PAY", idempotency_key="order-7"))
    (session,) = made(simulator)
    assert session.asked["tags"] == [TAG + hashlib.sha256(b"order-7").hexdigest()[:32]]
    assert adopted.creation == "adopted"


@pytest.mark.parametrize("at_once", [False, True])
def test_a_key_makes_one_session_of_many_calls(at_once: bool) -> None:
    with losing() as (simulator, create):
        said = create(*[KEYED] * 4, at_once=at_once)
    assert len(made(simulator)) == 1
    assert sorted(one["output"]["creation"] for one in said) == ["adopted"] * 3 + ["created"]


@pytest.mark.parametrize("at_once", [False, True])
def test_a_key_makes_one_session_though_lists_do_not_show_it_yet(at_once: bool) -> None:
    nobody = json.dumps({"items": [], "end_cursor": None, "has_next_page": False}).encode()
    with losing() as (simulator, create):
        simulator.lists = after(body=nobody)
        said = create(*[KEYED] * 3, at_once=at_once)
    assert len(made(simulator)) == 1
    assert len({one["output"]["session_id"] for one in said}) == 1


def test_an_archived_session_is_found_too() -> None:
    with losing() as (simulator, create):
        create(KEYED)
        made(simulator)[0].is_archived = True
        (said,) = create(KEYED)
    assert len(made(simulator)) == 1 and said["output"]["creation"] == "adopted"


def test_without_a_tag_a_lost_answer_is_told_and_nothing_is_sent_again() -> None:
    with losing(*[(True, FAULTS["no answer"])] * 2) as (simulator, create):
        (full,) = create({"values": {"prompt": "PAY", "tags": [f"t{number}" for number in range(50)]}})
        (off,) = create(PAY, tags=False)
    assert simulator.asked == ["POST", "POST"]
    assert all("look before you send it again" in one["error"] for one in (full, off))
    assert made(simulator)[1].asked["tags"] == ["mine"]


def test_a_key_without_room_for_its_tag_is_refused() -> None:
    crowded = {"prompt": "PAY", "idempotency_key": "x", "tags": [f"t{number}" for number in range(50)]}
    with losing() as (simulator, create):
        (said,) = create({"values": crowded})
        (off,) = create(KEYED, tags=False)
    assert simulator.asked == []
    assert said["error"].startswith("idempotency_key: ") and off["error"].startswith("idempotency_key: ")


def test_a_list_that_filters_nothing_adopts_no_stranger() -> None:
    rows = [{"session_id": "devin-stranger", "tags": ["other", "devin-tools-key:another"]}]
    strangers = json.dumps({"items": rows, "end_cursor": None, "has_next_page": False}).encode()
    with losing((False, FAULTS["no answer"])) as (simulator, create):
        simulator.lists = after(body=strangers)
        (said,) = create(PAY)
    assert said["output"]["creation"] == "created" and len(made(simulator)) == 1


STOP = """
const net = require('net');
const types = {}, nodes = {}, warned = [];
const RED = {
  nodes: {
    createNode: (node, { id, credentials }) => {
      const heard = {};
      const on = (name, then) => { heard[name] = then; }, warn = text => warned.push(text);
      nodes[id] = Object.assign(node, { id, credentials, heard, on, warn, status: () => {} });
    },
    registerType: (type, made) => { types[type] = made; }, getNode: id => nodes[id],
  },
  util: { evaluateNodeProperty: (value, type, node, msg, then) => then(null, value) },
  httpAdmin: { post: () => {} }, auth: { needsPermission: () => {} },
};
require('./tools.js')(RED);
const main = async tools => {
  for (const [type, fields] of tools) {
    await new Promise(resolve => {
      const silent = net.createServer(socket => socket.once('data', () => nodes.node.heard.close()));
      silent.listen(0, '127.0.0.1', () => {
        const url = `http://127.0.0.1:${silent.address().port}`, account = { id: 'account', orgId: 'o' };
        const credentials = { key: 'cog_any' };
        new types['devin-account']({ ...account, baseUrl: url, serverUrl: url, credentials });
        const node = { id: 'node', account: 'account' };
        for (const [name, value] of Object.entries(fields)) {
          Object.assign(node, { [`f_${name}`]: value, [`f_${name}Type`]: 'str' });
        }
        new types[type](node);
        nodes.node.heard.input({ _msgid: 'm' }, () => {}, () => { silent.close(); resolve(); });
      });
    });
  }
  return warned;
};
"""


def test_a_stop_tells_of_every_write_whose_answer_is_open() -> None:
    session = {"session_id": "abc"}
    created, message, task = run(
        STOP,
        [
            ["devin-create-session", {"prompt": "PAY"}],
            ["devin-get-session", session],
            ["devin-send-message", {**session, "message": "x"}],
            ["devin-run-task", {"prompt": "PAY"}],
            ["devin-wait-session", session],
        ],
    )
    assert created.startswith(
        f"The flow was stopped before the answer came: a session may be at work, with the tag {TAG}"
    )
    assert message == task == "The flow was stopped before the answer came: it may have taken effect."
