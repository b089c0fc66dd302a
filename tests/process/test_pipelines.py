"""Servers as processes: two start one session; one that is killed while it follows loses no outcome."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from textwrap import dedent

import httpx
import pytest
from support.events_in import ALERT, SECRET, STORM_LIMIT, rules_file
from support.paths import DOCS
from support.served_processes import served, stop

from devin_tools import Simulator

CLIENTS, EVENTS = 20, 500


@contextmanager
def servers(
    count: int, simulator: Simulator, rules: Path
) -> Iterator[list[tuple[subprocess.Popen[str], str]]]:
    with simulator.serve() as api, ExitStack() as stack:
        settings = {"DEVIN_API_KEY": "cog_x", "DEVIN_BASE_URL": api.url, "DEVIN_HOOK_SECRET": SECRET}
        words = ("serve", "--no-auth", "--port", "0", "--rules", str(rules))
        yield [stack.enter_context(served(*words, **settings)) for _ in range(count)]


def test_five_hundred_alerts_through_two_servers_start_one_session(tmp_path: Path) -> None:
    simulator = Simulator(seed=1, speed=1)
    rules = rules_file(tmp_path, tmp_path / "told.jsonl")
    with servers(2, simulator, rules) as running:
        urls = [url for _, url in running]

        def post(number: int) -> httpx.Response:
            headers = {"Authorization": f"Bearer {SECRET}"}
            return httpx.post(f"{urls[number % 2]}/hooks/alerts", json=ALERT, headers=headers, timeout=60)

        with ThreadPoolExecutor(CLIENTS) as clients:
            answers = list(clients.map(post, range(EVENTS)))
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.json()["sessionId"] for answer in answers} - {None}) == 1
    assert simulator.count("POST", "/sessions") == 1 and len(simulator.world.sessions) == 1


def test_a_storm_through_two_servers_starts_no_more_than_the_rule_allows(tmp_path: Path) -> None:
    simulator = Simulator(seed=1, speed=1)
    rules = rules_file(tmp_path, tmp_path / "told.jsonl")
    with servers(2, simulator, rules) as running:

        def post(number: int) -> httpx.Response:
            url, headers = running[number % 2][1], {"Authorization": f"Bearer {SECRET}"}
            alert = ALERT | {"affectedResource": f"web-{number}"}
            return httpx.post(f"{url}/hooks/alerts", json=alert, headers=headers, timeout=60)

        with ThreadPoolExecutor(CLIENTS) as clients:
            answers = list(clients.map(post, range(3 * STORM_LIMIT)))
        for process, _ in running:
            stop(process)  # what was taken in is done first
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len(simulator.world.sessions) == STORM_LIMIT


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_server_that_is_killed_while_it_follows_loses_no_outcome(tmp_path: Path) -> None:
    simulator = Simulator(seed=1, speed=1)
    outcomes = tmp_path / "told.jsonl"
    rules = rules_file(tmp_path, outcomes)
    headers = {"Authorization": f"Bearer {SECRET}"}
    with servers(1, simulator, rules) as ((process, url),):
        for number in range(5):
            alert = ALERT | {"affectedResource": f"web-{number}"}
            answer = httpx.post(f"{url}/hooks/alerts", json=alert, headers=headers, timeout=60)
            assert answer.status_code in (200, 202)
        until = time.monotonic() + 60
        while len(simulator.world.sessions) < 5 and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        process.wait()
    simulator.clock.step(600)
    assert not outcomes.exists()
    with servers(1, simulator, rules):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            lines = outcomes.read_text().splitlines() if outcomes.exists() else []
            if len(lines) >= 5:
                break
            time.sleep(0.2)
    told = [json.loads(line) for line in lines]
    assert {news["session_id"] for news in told} == {
        session_id.removeprefix("devin-") for session_id in simulator.world.sessions
    }
    assert {news["outcome"] for news in told} == {"finished"}


def test_who_sends_too_much_is_told_so(tmp_path: Path) -> None:
    rules = rules_file(tmp_path, tmp_path / "told.jsonl")
    with servers(1, Simulator(seed=1), rules) as ((_, url),):
        for content in (b"x" * 5_000_000, iter([b"x" * 1_000_000] * 5)):
            answer = httpx.post(f"{url}/hooks/alerts", content=content, timeout=60)
            assert answer.status_code == 413 and answer.json()["success"] is False


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
        done = subprocess.run(
            command.replace("http://127.0.0.1:8765", url), shell=True, capture_output=True, text=True
        )
        told = next(line for line in process.stderr if "Devin is done" in line)
    answer = json.loads(done.stdout)
    assert answer["success"] is True and answer["sessionId"] and answer["message"].startswith("created")
    assert answer["sessionUrl"] in told and "/pull/" in told
