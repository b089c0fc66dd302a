"""A node of n8n that is repeated finds what its earlier try did, and nothing is paid twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from external.builders.listening import Listening
from external.builders.n8n_home import HOME, KEY, Engine, started_engine, step, workflow

if not (HOME / "node_modules" / "n8n-core").exists():
    pytest.skip("needs n8n-core: nox -s n8n", allow_module_level=True)

RETRY = {"retryOnFail": True, "maxTries": 3, "waitBetweenTries": 1}


class Losing(BaseHTTPRequestHandler):
    """A tools server that loses its first answers."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server: Any = self.server
        server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.do_GET()

    def do_GET(self) -> None:
        server: Any = self.server
        if server.answers:
            status, body = server.answers.pop(0)
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if status:
                self.wfile.write(text)
                return
        self.close_connection = True

    def send_response(self, code: int, message: str | None = None) -> None:
        if code:
            super().send_response(code, message)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def losing() -> Iterator[Any]:
    """Serve."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Losing)
    server.asked, server.answers = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


Started: TypeAlias = tuple[Engine, Listening, Any]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Start the engine over a simulator, and a tools server that loses answers."""
    simulator = Listening(seed=1, sessions=3)
    folder: Path = tmp_path_factory.mktemp("n8n")
    with simulator.serve() as server, losing() as lost:
        address = f"http://127.0.0.1:{lost.server_address[1]}"
        with started_engine(folder, simulator, api=server.url, tools_server=address) as n8n:
            yield n8n, simulator, lost


def ran(
    started: Started, spoiled: list[str], *steps: dict[str, Any], **more: Any
) -> tuple[dict[str, Any], int, list[str]]:
    """Run a workflow; return what came of it, how many sessions it made, and the methods that were asked."""
    n8n, simulator, _ = started
    simulator.asked.clear()
    simulator.spoiled[:] = spoiled
    before = len(simulator.world.sessions)
    outputs = n8n.run(workflow(*steps, **more))
    return outputs, len(simulator.world.sessions) - before, [one.method for one in simulator.asked]


def create(**fields: Any) -> dict[str, Any]:
    return step("Create", "devin_create_session", "sessions", **{"prompt": "Fix it."} | fields)


def test_a_session_whose_answer_was_lost_is_adopted(started: Started) -> None:
    outputs, made, _ = ran(started, ["lost"], create())
    assert made == 1 and outputs["Create"]["items"][0]["creation"] == "adopted"


def test_each_run_makes_a_session_of_its_own(started: Started) -> None:
    for _ in range(2):
        outputs, made, asked = ran(started, [], create(), items=[{}, {}])
        assert made == 2 and asked == ["POST", "POST"]
        assert [item["creation"] for item in outputs["Create"]["items"]] == ["created"] * 2


def test_retry_on_fail_makes_only_what_is_missing(started: Started) -> None:
    prompts = [{"prompt": "a"}, {"prompt": "b"}, {"prompt": "c"}]
    node = create(prompt="={{ $json.prompt + $now.toMillis() }}") | RETRY
    outputs, made, asked = ran(started, ["whole", "never", "whole"], node, items=prompts)
    assert made == 3 and asked.count("POST") == 4
    ids = [item["session_id"] for item in outputs["Create"]["items"]]
    assert len(set(ids)) == 3


def test_so_does_a_retry_of_a_failed_execution(started: Started) -> None:
    outputs, made, asked = ran(started, ["whole", "never"], create(), items=[{}, {}], retries=1)
    assert made == 2 and asked.count("POST") == 3
    assert len({item["session_id"] for item in outputs["Create"]["items"]}) == 2


def test_a_node_that_was_corrected_makes_only_what_is_missing(started: Started) -> None:
    """n8n retries a failed execution with the saved workflow, where somebody mended the node."""
    in_order = {"requestOptions": {"batching": {"batch": {"batchSize": 1, "batchInterval": 300}}}}
    node = create(prompt="={{ $json.name }}", **in_order)
    mended = create(prompt="={{ $json.name === 'b' ? 'c' : $json.name }}", **in_order)
    flow = workflow(node, items=[{"name": "a"}, {"name": "b"}], retries=1)
    flow["saved"] = [mended if one["name"] == "Create" else one for one in flow["nodes"]]
    n8n, simulator, _ = started
    for fate in ("whole", "lost"):
        simulator.asked.clear()
        simulator.spoiled[:] = [fate, "slow"]
        before = len(simulator.world.sessions)
        outputs = n8n.run(flow)
        assert len(simulator.world.sessions) == before + 2
        assert len({item["session_id"] for item in outputs["Create"]["items"]}) == 2
        assert [one.body["prompt"] for one in simulator.asked if one.method == "POST"] == ["a", "b", "c"]


def test_what_was_not_found_is_looked_for_before_it_is_made(started: Started) -> None:
    _, simulator, _ = started
    ran(started, ["never"], create() | RETRY)
    tags = [dict(one.query).get("tags") or one.body["tags"][-1] for one in simulator.asked]
    assert len(set(tags)) == 1 and tags[0].startswith("devin-tools-key:")
    methods = [one.method for one in simulator.asked]
    assert methods[0] == methods[-1] == "POST" and set(methods[1:-1]) == {"GET"}


def test_a_repeat_that_is_refused_forgets_nothing(started: Started) -> None:
    _, simulator, _ = started
    _, made, _ = ran(started, ["never", "slow", "whole"], create() | RETRY)
    tags = [one.body["tags"][0] for one in simulator.asked if one.method == "POST"]
    assert made == 1 and len(tags) == 3 and len(set(tags)) == 1
    ran(started, ["slow", "whole"], create() | RETRY)
    assert [one.method for one in simulator.asked] == ["POST", "POST"]


def test_a_key_of_one_s_own_adopts_across_executions(started: Started) -> None:
    node = create(additionalFields={"idempotency_key": "nightly"})
    first, made, _ = ran(started, [], node)
    again, made_again, asked = ran(started, [], node)
    assert (made, made_again) == (1, 0) and "POST" not in asked
    assert again["Create"]["items"][0]["session_id"] == first["Create"]["items"][0]["session_id"]
    assert again["Create"]["items"][0]["creation"] == "adopted"
    fifty = {"idempotency_key": "x", "tags": ",".join(f"t{n}" for n in range(50))}
    outputs, made, _ = ran(started, [], create(additionalFields=fifty))
    assert made == 0 and "no room" in outputs["Create"]["error"]
    outputs, made, _ = ran(started, [], create(additionalFields={"tags": fifty["tags"]}))
    assert made == 1 and "error" not in outputs["Create"]


def test_items_of_one_key_make_one_session(started: Started) -> None:
    node = create(additionalFields={"idempotency_key": "={{ $json.ticket }}"})
    tickets = [{"ticket": name} for name in ("TWO-1", "TWO-2", "TWO-1", "TWO-1")]
    for spoiled in ([], ["lost", "lost"]):
        outputs, made, _ = ran(started, spoiled, node, items=tickets)
        ids = [item["session_id"] for item in outputs["Create"]["items"]]
        assert made == 2 and len(set(ids)) == 2 and ids[0] == ids[2] == ids[3]
        tickets = [{"ticket": one["ticket"] + "-lost"} for one in tickets]


def test_lists_may_not_show_yet_what_a_key_made(started: Started, tmp_path: Path) -> None:
    _, simulator, server = started
    address = f"http://127.0.0.1:{server.server_address[1]}"
    server.asked.clear()
    nobody = (200, {"items": [], "end_cursor": None, "has_next_page": False})
    server.answers[:] = [nobody, nobody, (200, {"session_id": "a"}), *[nobody] * 4]
    node = create(additionalFields={"idempotency_key": "not seen yet"})
    with started_engine(tmp_path, simulator, api=address) as n8n:
        outputs = n8n.run(workflow(node, items=[{}, {}, {}]))
    assert [item["session_id"] for item in outputs["Create"]["items"]] == ["a"] * 3
    assert [item["creation"] for item in outputs["Create"]["items"]] == ["created", "adopted", "adopted"]
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b'{"message": "ok"}', b"[]", b"[1]", b'"ok"', b"null", b"{}"])
def test_an_answer_that_is_no_session_is_looked_behind(started: Started, body: bytes) -> None:
    outputs, made, _ = ran(started, [body.decode()], create())
    assert made == 1 and outputs["Create"]["items"][0]["creation"] == "adopted"


def test_a_node_that_runs_again_in_a_workflow_makes_another(started: Started) -> None:
    look = step("Look", "devin_get_self", "account")
    flow = workflow(look, create())
    flow["connections"]["Start"]["main"][0].append({"node": "Create", "type": "main", "index": 0})
    n8n, simulator, _ = started
    before = len(simulator.world.sessions)
    assert n8n.run(flow)["Create"]["runs"] == 2
    assert len(simulator.world.sessions) == before + 2


def test_what_an_agent_asks_for_twice_is_done_twice_but_for_a_lost_answer(started: Started) -> None:
    n8n, simulator, _ = started
    simulator.asked.clear()
    simulator.spoiled[:] = ["whole", "whole", "never", "whole"]
    outputs = n8n.run(workflow(create()) | {"calls": [{}, {}, {}, {}]})
    first, second, lost, third = outputs["made"]
    assert "may have taken effect" in lost["error"]
    assert len({one[0]["session_id"] for one in (first, second, third)}) == 3
    tags = [one.body["tags"][0] for one in simulator.asked if one.method == "POST"]
    assert len(tags) == 4 and tags[2] == tags[3] and len(set(tags)) == 3


def test_a_message_whose_answer_was_lost_is_sent_once(started: Started) -> None:
    _, simulator, _ = started
    session_id = next(iter(simulator.world.sessions))
    node = step("Say", "devin_send_message", "messages", session_id=session_id, message="Go on,\n please.")
    outputs, _, asked = ran(started, ["lost"], node | RETRY)
    assert outputs["Say"]["items"][0]["delivery"] == "found" and asked.count("POST") == 1
    outputs, _, asked = ran(started, [], node)
    assert outputs["Say"]["items"][0]["delivery"] == "sent" and asked == ["POST"]
    outputs, _, asked = ran(started, ["never"], node | {"name": "Again"} | RETRY)
    assert asked.count("POST") in (1, 2)  # the very text is among the last messages already


def test_what_cannot_be_found_is_not_made_again(started: Started) -> None:
    schedule = {"name": "a", "prompt": "b", "additionalFields": {"frequency": "={{ $json.cron }}"}}
    node = step("Plan", "devin_create_schedule", "schedules", **schedule) | RETRY
    outputs, _, asked = ran(started, ["lost"], node, items=[{"cron": "0 9 * * *"}])
    assert asked == ["POST"] and "nothing can look for it" in outputs["Plan"]["error"]
    outputs, _, asked = ran(started, [], node, items=[{"cron": "0 9 * * *"}, {"cron": "never"}])
    assert asked == ["POST"] * 4 and outputs["Plan"]["error"].startswith("Refused with 422")
    _, simulator, _ = started
    asked = [one.body["frequency"] for one in simulator.asked]
    assert sorted(asked) == ["0 9 * * *"] + ["never"] * 3


def test_a_lost_answer_says_that_it_may_have_taken_effect(started: Started) -> None:
    outputs, _, _ = ran(started, ["never"], create())
    assert outputs["Create"]["error"].endswith("it may have taken effect")
    assert "looks for it again" in outputs["Create"]["description"]
    outputs, _, _ = ran(started, [], step("Get", "devin_get_session", "sessions", session_id="0000"))
    assert "may have" not in str(outputs)


def test_a_task_of_the_tools_server_is_asked_for_again_by_its_key(started: Started) -> None:
    n8n, _, server = started
    server.asked.clear()
    server.answers[:] = [(0, {}), (200, {"session_id": "a"})]
    task = {"node_": "devinToolsServer", "prompt": "Fix it."}
    outputs = n8n.run(workflow(step("Run", "devin_run_task", "sessions", **task) | RETRY))
    assert outputs["Run"]["items"] == [{"session_id": "a"}]
    first, second = (body["idempotency_key"] for body in server.asked)
    assert first == second and first.startswith("n8n-")
    server.asked.clear()
    server.answers[:] = [(200, {"session_id": "b"})]
    own = {"additionalFields": {"idempotency_key": "mine"}}
    n8n.run(workflow(step("Run", "devin_run_task", "sessions", **task | own)))
    assert server.asked == [{"prompt": "Fix it.", "idempotency_key": "mine"}]


@pytest.mark.parametrize("on_error", ["stopWorkflow", "continueRegularOutput", "continueErrorOutput"])
def test_an_item_that_has_an_error_is_no_reason_to_pay_again(started: Started, on_error: str) -> None:
    """n8n repeats a node whose first item has a field `error`, whatever is in it."""
    n8n, _, server = started
    server.asked.clear()
    server.answers[:] = [(200, {"session_id": "a", "error": None}), (200, {"session_id": "b"})]
    task = step("Run", "devin_run_task", "sessions", node_="devinToolsServer", prompt="Fix it.")
    outputs = n8n.run(workflow(task | RETRY | {"onError": on_error}))
    assert outputs["Run"]["items"] == [{"session_id": "a", "error": None}] and len(server.asked) == 1


@pytest.mark.parametrize("on_error", ["continueRegularOutput", "continueErrorOutput"])
def test_retry_on_fail_and_continue_make_only_what_is_missing(started: Started, on_error: str) -> None:
    node = create() | RETRY | {"onError": on_error}
    outputs, made, asked = ran(started, ["never", "never"], node, items=[{}, {}])
    assert made == 2 and asked.count("POST") == 4
    assert len({item["session_id"] for item in outputs["Create"]["items"]}) == 2


def test_a_server_that_sets_no_tags_is_asked_without_a_key(started: Started) -> None:
    n8n, _, server = started
    server.asked.clear()
    said = "An idempotency key becomes a tag, and there is no room for one."
    server.answers[:] = [(422, {"error": {"message": said}}), (200, {"session_id": "a"})]
    outputs = n8n.run(
        workflow(step("Run", "devin_run_task", "sessions", node_="devinToolsServer", prompt="Fix it."))
    )
    assert outputs["Run"]["items"] == [{"session_id": "a"}]
    assert server.asked[1] == {"prompt": "Fix it."}
    server.asked.clear()
    server.answers[:] = [(422, {"error": {"message": said}}), (0, {}), (200, {"session_id": "a"})]
    task = step("Run", "devin_run_task", "sessions", node_="devinToolsServer", prompt="Fix it.")
    outputs = n8n.run(workflow(task | RETRY))
    assert "nothing can look for it" in outputs["Run"]["error"] and len(server.asked) == 2


def test_an_answer_that_is_no_list_tells_nothing_of_what_is_there(started: Started, tmp_path: Path) -> None:
    _, simulator, server = started
    address = f"http://127.0.0.1:{server.server_address[1]}"
    server.asked.clear()
    server.answers[:] = [(500, {})] + [(200, {"message": "Welcome"})] * 20
    with started_engine(tmp_path, simulator, api=address) as n8n:
        outputs = n8n.run(workflow(create() | RETRY))
        sizes: list[dict[str, Any]] = [{"returnAll": True}, {"limit": 5}]
        for size in sizes:
            listed = n8n.run(workflow(step("List", "devin_list_sessions", "sessions", **size)))
            assert listed["List"]["error"] == "The answer is not a list"
    assert "is not a list" in outputs["Create"]["error"] and len(server.asked) == 1


def test_what_an_answer_leaves_open_is_said(started: Started) -> None:
    n8n, _, server = started
    task = step("Run", "devin_run_task", "sessions", node_="devinToolsServer", prompt="Fix it.")
    server.answers[:] = [(500, {"error": {"message": "boom"}}), (200, {})]
    for said in ("Failed with 500: boom: it may have taken effect", "The answer (200) is empty: it may"):
        ran_ = n8n.run(workflow(task))["Run"]
        assert ran_["error"].startswith(said) and "adopts what it started" in ran_["description"]
    wait = {"node_": "devinToolsServer", "session_id": "a"}
    server.answers[:] = [(500, {"error": {"message": "boom"}})]
    ran_ = n8n.run(workflow(step("Wait", "devin_wait_session", "sessions", **wait)))["Wait"]
    assert ran_["error"] == "Failed with 500: boom" and ran_["description"].startswith("This only reads")


def test_no_error_repeats_the_key_or_a_secret(started: Started, tmp_path: Path) -> None:
    _, simulator, server = started
    address = f"http://127.0.0.1:{server.server_address[1]}"
    said = [{"loc": ["body"], "msg": f"{KEY} and hush-hush are not valid"}]
    server.answers[:] = [(422, {"detail": said})] * 2
    node = create(additionalFields={"session_secrets": '[{"key": "a", "value": "hush-hush"}]'})
    with started_engine(tmp_path, simulator, api=address) as n8n:
        outputs = n8n.run(workflow(node))
        kept = n8n.run(workflow(node | {"onError": "continueRegularOutput"}))
    for error in (outputs["Create"]["error"], kept["Create"]["items"][0]["error"]):
        assert error == "Refused with 422: body: (a secret) and (a secret) are not valid"


def test_a_server_that_is_not_there_is_named_and_nothing_was_sent(started: Started, tmp_path: Path) -> None:
    _, simulator, _ = started
    with started_engine(tmp_path, simulator, api="http://127.0.0.1:9") as n8n:
        outputs = n8n.run(workflow(create()))
    assert outputs["Create"]["error"] == "127.0.0.1:9 cannot be reached (ECONNREFUSED)"
    assert outputs["Create"]["description"].startswith("Nothing was sent.")
