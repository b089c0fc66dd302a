"""Servers as processes: two start one session; one that is killed while it follows loses no outcome."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
import pytest
from support.events_in import ALERT, RULES, SECRET, STORM_LIMIT, Told, receiving, rules_file
from support.paths import DOCS
from support.served_processes import HANG_SECONDS, served, side_by_side, stop

from devin_tools import Simulator

CLIENTS, EVENTS = 20, 500
ALMOST_STILL = 1e-6
"""A speed of the simulator's clock: it shows the real time, which its servers count windows by, and no
session gets on before a test steps it, on however slow a machine."""

WINDOW = "    window: 30d\n"  # the longest: that one ends while a test runs is next to impossible
STORMS = f"""
  - name: storms
    match: {{name: "Storm *"}}
    session: {{max_acu_limit: 5}}
    tell: [kept]
    storm_limit: {STORM_LIMIT}
"""
TWO_RULES = RULES.replace("rules:\n", f"rules:{STORMS}{WINDOW}") + WINDOW


@contextmanager
def servers(
    count: int, simulator: Simulator, rules: Path
) -> Iterator[list[tuple[subprocess.Popen[str], str]]]:
    """Run servers over a simulator, with locks of their own."""
    words = ("serve", "--no-auth", "--port", "0", "--rules", str(rules))
    with simulator.serve() as api:
        settings = {"DEVIN_API_KEY": "cog_x", "DEVIN_BASE_URL": api.url, "DEVIN_HOOK_SECRET": SECRET}
        with side_by_side(count, words, settings | {"TMPDIR": str(rules.parent)}) as running:
            yield running


def sender(url: str) -> httpx.Client:
    """Make a client that sends events to a server."""
    headers = {"Authorization": f"Bearer {SECRET}"}
    return httpx.Client(base_url=url, headers=headers, timeout=HANG_SECONDS)


def alert(name: str, resource: str) -> dict[str, Any]:
    return ALERT | {"alertName": name, "affectedResource": resource}


def until(happened: Callable[[], Any]) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + HANG_SECONDS
    while not happened():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.05)


@dataclass
class Pair:
    """Two servers over one simulator."""

    simulator: Simulator
    senders: list[httpx.Client]

    def send(self, alerts: list[dict[str, Any]]) -> list[httpx.Response]:
        """Send alerts to both in turn, many at a time."""

        def post(number: int) -> httpx.Response:
            return self.senders[number % 2].post("/hooks/alerts", json=alerts[number])

        with ThreadPoolExecutor(CLIENTS) as threads:
            return list(threads.map(post, range(len(alerts))))

    def send_until_done(self, alerts: list[dict[str, Any]]) -> list[httpx.Response]:
        """Send alerts; whoever is told that it goes on (202), as the machine is slow, asks again.

        A server takes the events of one alert one after the other: an answer that is whole says that all
        it was sent of this alert before are done.
        """
        answers = self.send(alerts)
        end = time.monotonic() + HANG_SECONDS
        while waiting := [number for number, answer in enumerate(answers) if answer.status_code == 202]:
            assert time.monotonic() < end, "it does not end"
            for number in waiting:
                answers[number] = self.senders[number % 2].post("/hooks/alerts", json=alerts[number])
        assert {answer.status_code for answer in answers} == {200}
        return answers

    def started(self, text: str) -> list[str]:
        """Return the ids of the sessions whose prompt has a text, ended ones too."""
        sessions = self.simulator.world.sessions.items()
        return [session_id.removeprefix("devin-") for session_id, one in sessions if text in one.prompt]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    simulator, folder = Simulator(seed=1, speed=ALMOST_STILL), tmp_path_factory.mktemp("pair")
    rules = rules_file(folder, folder / "told.jsonl", TWO_RULES)
    with servers(2, simulator, rules) as running, ExitStack() as stack:
        yield Pair(simulator, [stack.enter_context(sender(url)) for _, url in running])


def test_five_hundred_alerts_through_two_servers_start_one_session(pair: Pair) -> None:
    one = alert("High CPU", "one-of-five-hundred")
    answers = pair.send([one] * EVENTS)
    assert {answer.status_code for answer in answers} <= {200, 202}
    last = pair.send_until_done([one] * 2)  # one to each: what came before is done then
    (session_id,) = pair.started("one-of-five-hundred")
    assert {answer.json()["sessionId"] for answer in last} == {session_id}
    assert {answer.json()["sessionId"] for answer in answers} <= {session_id, None}
    asked = [
        path for method, path in pair.simulator.requests if method == "POST" and path.endswith("/sessions")
    ]
    assert len(asked) == len(pair.simulator.world.sessions)


def test_a_storm_through_two_servers_starts_no_more_than_the_rule_allows(pair: Pair) -> None:
    answers = pair.send_until_done([alert(f"Storm {n}", f"web-{n}") for n in range(3 * STORM_LIMIT)])
    told = {answer.json()["sessionId"] for answer in answers} - {None}
    assert len(told) == STORM_LIMIT and told == set(pair.started("Storm "))


def test_who_sends_too_much_is_told_so(pair: Pair) -> None:
    for content in (b"x" * 5_000_000, iter([b"x" * 1_000_000] * 5)):
        answer = pair.senders[0].post("/hooks/alerts", content=content)
        assert answer.status_code == 413 and answer.json()["success"] is False


def go_on(simulator: Simulator, rules: Path, is_done: Callable[[], bool]) -> None:
    """Serve the same rules anew, in this process, whose looks are not 15 seconds apart, until all is told."""
    every_tenth = 0.1 * ALMOST_STILL
    app = receiving(simulator, Told(), rules.read_text(), follow=True, look_seconds=every_tenth)
    steps = iter([{"type": "lifespan.startup"}])

    async def receive() -> dict[str, str]:
        for step in steps:
            return step
        async with asyncio.timeout(HANG_SECONDS):
            while not is_done():
                simulator.clock.step(1)
                await asyncio.sleep(0.05)
        return {"type": "lifespan.shutdown"}

    async def send(message: Any) -> None:
        assert message["type"].endswith(".complete")

    asyncio.run(app({"type": "lifespan"}, receive, send))


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_server_that_is_killed_while_it_follows_loses_no_outcome(tmp_path: Path) -> None:
    simulator, outcomes = Simulator(seed=1, speed=ALMOST_STILL), tmp_path / "told.jsonl"
    rules = rules_file(tmp_path, outcomes)

    def lines() -> list[str]:
        return outcomes.read_text().splitlines() if outcomes.exists() else []

    with servers(1, simulator, rules) as ((process, url),):
        with sender(url) as client:
            for number in range(5):
                answer = client.post("/hooks/alerts", json=alert("High CPU", f"web-{number}"))
                assert answer.status_code in (200, 202)
        until(lambda: len(simulator.world.sessions) == 5)
        process.send_signal(signal.SIGKILL)
        process.wait()
    simulator.clock.step(600)
    assert not outcomes.exists()
    go_on(simulator, rules, lambda: len(lines()) >= 5)
    told = [json.loads(line) for line in lines()]
    assert {news["session_id"] for news in told} == {
        session_id.removeprefix("devin-") for session_id in simulator.world.sessions
    }
    assert {news["outcome"] for news in told} == {"finished"}


def test_a_server_that_is_stopped_while_it_tries_again_tells_what_it_loses(tmp_path: Path) -> None:
    outcomes = tmp_path / "outcomes.jsonl"
    rules = rules_file(tmp_path, outcomes)
    words = ("serve", "--no-auth", "--port", "0", "--grace", "5", "--rules", str(rules))
    nobody = {"DEVIN_BASE_URL": "http://127.0.0.1:1", "DEVIN_API_KEY": "cog_any", "DEVIN_ORG_ID": "org-1"}
    with served(*words, **nobody, DEVIN_HOOK_SECRET=SECRET, DEVIN_MAX_TRIES="1") as (process, url):
        headers = {"Authorization": f"Bearer {SECRET}"}
        answer = httpx.post(f"{url}/hooks/alerts", json=ALERT, headers=headers, timeout=HANG_SECONDS)
        assert answer.status_code == 202
        code, _, err = stop(process)
    (news,) = [json.loads(line) for line in outcomes.read_text(encoding="utf-8").splitlines()]
    assert (news["outcome"], news["title"], code) == ("lost", ALERT["alertName"], 0)
    assert "Traceback" not in err


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_one_request_of_the_documentation_starts_a_session_and_its_end_is_told(tmp_path: Path) -> None:
    page = (DOCS / "pipelines.md").read_text(encoding="utf-8")
    part = page.partition("## Start a session with one request")[2].partition("\n## ")[0]
    rules = dedent(part.partition("<<'EOF'\n")[2].partition("    EOF\n")[0])
    command = next(line.strip() for line in part.splitlines() if line.strip().startswith("curl"))
    (tmp_path / "shop-rules.yaml").write_text(rules, encoding="utf-8")
    words = next(line for line in part.splitlines() if " serve " in line).split()[1:]
    words[words.index("shop-rules.yaml")] = str(tmp_path / "shop-rules.yaml")
    with served(*words, "--port", "0") as (process, url):
        command = command.replace("http://127.0.0.1:8765", url)

        def answered() -> bool:  # a slow machine is told "Taken in; it goes on." first
            done = subprocess.run(command, shell=True, capture_output=True, text=True)
            answers.append(json.loads(done.stdout))
            return answers[-1]["sessionId"] is not None

        answers: list[dict[str, Any]] = []
        until(answered)
        told = next(line for line in process.stderr if "Devin is done" in line)
    assert answers[0]["success"] is True and answers[0]["message"].startswith(("created", "Taken in"))
    assert answers[-1]["sessionUrl"] in told and "/pull/" in told
