"""Many clients and alerts against `serve`, over an API with faults: nothing lost, none doubled, memory flat.

    python benchmarks/mixed_load.py 600

prints a line each 15 seconds, then the latencies and what was found, and ends with 1 where something was not
as it must be. The simulator is in this process, so what happened is read from its world.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from devin_tools import Simulator
from devin_tools.simulator import Faults

CLIENTS, NAMES, FAULTS = 50, 400, 0.12
LAST_ALERTS = 240.0
"""Seconds in which what was taken in last must have come to its end."""

TOKEN, SECRET = "load-token-0123456789", "load-hook-secret"
TOOL_HEADERS, HOOK_HEADERS = {"Authorization": f"Bearer {TOKEN}"}, {"Authorization": f"Bearer {SECRET}"}
RULES = "version: 1\nsinks: {outcomes: {kind: file, path: %s}}\nrules:\n" + "".join(
    f"  - {{name: s{number}, match: {{severity: {number}}}, session: {{max_acu_limit: 5}}, tell: [outcomes], "
    f"window: 30d, storm_limit: 1000}}\n"
    for number in range(5)
)


@dataclass
class Seen:
    """What the clients were answered."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[tuple[str, int | str]] = field(default_factory=Counter)
    keys: dict[str, str | None] = field(default_factory=dict)
    """Idempotency keys, and the session that was answered."""
    messages: dict[str, bool] = field(default_factory=dict)
    """Messages, and whether they were answered with success."""
    alerts: set[str] = field(default_factory=set)
    """Alerts that were answered with success."""
    known: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    descriptors: int = 0


async def asked(client: httpx.AsyncClient, seen: Seen, path: str, body: Any, seconds: float = 70) -> Any:
    """Ask once; give the answer, or nothing where there was none."""
    headers = HOOK_HEADERS if path.startswith("/hooks") else TOOL_HEADERS
    name, began = path.rsplit("/", 1)[1], time.perf_counter()
    try:
        answer = await client.post(path, json=body, headers=headers, timeout=seconds)
    except httpx.HTTPError as error:
        seen.statuses[name, type(error).__name__] += 1
        return None
    seen.seconds[name].append(time.perf_counter() - began)
    seen.statuses[name, answer.status_code] += 1
    return answer


async def step(client: httpx.AsyncClient, seen: Seen, draws: random.Random) -> None:
    """Do one thing that a user, a program or a sender of alerts does."""
    what = draws.choices(
        ("list", "read", "create", "alert", "message", "task", "leave"), (30, 20, 10, 15, 10, 5, 2)
    )[0]
    known = draws.choice(seen.known) if seen.known else None
    if what in ("create", "task"):
        key = f"{what}-{draws.getrandbits(64):x}"
        tool = "devin_create_session" if what == "create" else "devin_run_task"
        body = {"prompt": f"Do {key}.", "idempotency_key": key, "title": key}
        answer = await asked(
            client, seen, f"/tools/{tool}", body | ({"max_seconds": 3} if what == "task" else {})
        )
        is_done = answer is not None and answer.status_code == 200
        seen.keys[key] = answer.json().get("session_id") if is_done else None
        if session_id := seen.keys[key]:
            seen.known.append(session_id)
    elif what == "alert":
        number = draws.randrange(NAMES)
        body = {"alertName": f"alert-{number}", "severity": number % 5}
        answer = await asked(client, seen, "/hooks/alerts", body)
        if answer is not None and answer.status_code in (200, 202):
            seen.alerts.add(f"alert-{number}")
    elif what == "message" and known:
        text = f"message-{draws.getrandbits(64):x}"
        answer = await asked(
            client, seen, "/tools/devin_send_message", {"session_id": known, "message": text}
        )
        seen.messages[text] = answer is not None and answer.status_code == 200
    elif what == "read" and known:
        await asked(client, seen, "/tools/devin_get_session", {"session_id": known})
    elif what == "leave" and known:
        await asked(client, seen, "/tools/devin_wait_session", {"session_id": known}, seconds=0.3)
    else:
        await asked(client, seen, "/tools/devin_list_sessions", {"limit": 20})


async def load(url: str, pid: int, seconds: float, seen: Seen) -> None:
    """Let all clients work for so long."""
    end = time.monotonic() + seconds

    async def client(number: int) -> None:
        draws = random.Random(number)
        async with httpx.AsyncClient(base_url=url) as http:
            while time.monotonic() < end:
                await step(http, seen, draws)
                await asyncio.sleep(draws.uniform(0.8, 2.8))

    async def watch() -> None:
        began = time.monotonic()
        while time.monotonic() < end:
            seen.memory.append(resident(pid))
            seen.descriptors = max(seen.descriptors, len(os.listdir(f"/proc/{pid}/fd")))
            calls = sum(seen.statuses.values())
            print(f"{time.monotonic() - began:4.0f} s  {seen.memory[-1]} MB  {calls} calls", flush=True)
            await asyncio.sleep(min(15.0, seconds / 10))

    await asyncio.gather(watch(), *map(client, range(CLIENTS)))


def resident(pid: int) -> int:
    """Return the memory of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


def titles(simulator: Simulator) -> Counter[str]:
    """Count the sessions by what they are for: a key, or an alert."""
    made = [record.asked.get("title") or "" for record in list(simulator.world.sessions.values())]
    return Counter(title.split("] ")[-1] for title in made)


def said(simulator: Simulator) -> Counter[str]:
    """Count the messages that users sent."""
    records = list(simulator.world.sessions.values())
    return Counter(each["message"] for one in records for each in one.messages if each["source"] == "user")


def faults_of(seen: Seen, simulator: Simulator, news: list[dict[str, Any]]) -> dict[str, Any]:
    """Name all that is not as it must be."""
    made, heard = titles(simulator), said(simulator)
    lost = {one["title"] for one in news if one["outcome"] in ("lost", "not_started")}
    early, late = seen.memory[len(seen.memory) // 2 :][:1], seen.memory[-1:]
    return {
        "keys with two sessions": [key for key in seen.keys if made[key] > 1],
        "keys answered with a session that is not there": [
            key for key, answered in seen.keys.items() if answered and not made[key]
        ],
        "alerts with two sessions": [name for name in seen.alerts if made[name] > 1],
        "alerts dropped": [name for name in seen.alerts if not made[name] and name not in lost],
        "alerts told as lost": sorted(lost),
        "messages doubled": [text for text in seen.messages if heard[text] > 1],
        "messages answered and not there": [
            text for text, is_done in seen.messages.items() if is_done and not heard[text]
        ],
        "memory that grew (MB)": [early, late] if late[0] > early[0] * 1.15 + 10 else [],
    }


def report(seen: Seen, simulator: Simulator) -> None:
    """Print the figures."""
    for name, each in sorted(seen.seconds.items()):
        order = sorted(each)
        p50, p95, p99 = (order[min(len(order) - 1, int(len(order) * part))] for part in (0.5, 0.95, 0.99))
        print(f"{name:26} n={len(order):5} p50={p50:6.2f} p95={p95:6.2f} p99={p99:6.2f} s")
    print({f"{name} {status}": count for (name, status), count in sorted(seen.statuses.items(), key=str)})
    print(f"keys {len(seen.keys)}, messages {len(seen.messages)}, alerts {len(seen.alerts)}")
    print(f"memory {seen.memory[0]} to {seen.memory[-1]} MB, descriptors at most {seen.descriptors}")
    print(f"faults met: {sum(simulator.faults.met.values()) if simulator.faults else 0}")


def main(seconds: float) -> int:
    """Run the load; give the exit code."""
    simulator = Simulator(seed=5, speed=1, faults=Faults(rate=FAULTS, seed=5, seconds=2.0))
    seen = Seen()
    with tempfile.TemporaryDirectory() as folder, simulator.serve() as api:
        outcomes, rules = Path(folder, "outcomes.jsonl"), Path(folder, "rules.yaml")
        rules.write_text(RULES % json.dumps(str(outcomes)))
        words = ["serve", "--port", "0", "--rules", str(rules), "--calls-at-once", "64"]
        words += ["--calls-a-minute", "100000", "--no-console"]
        own = {name: value for name, value in os.environ.items() if not name.startswith("DEVIN_")}
        own |= {"DEVIN_API_KEY": "cog_load", "DEVIN_ORG_ID": simulator.world.org_id, "TMPDIR": folder}
        own |= {"DEVIN_BASE_URL": api.url, "DEVIN_SERVE_TOKEN": TOKEN, "DEVIN_HOOK_SECRET": SECRET}
        command = [sys.executable, "-m", "devin_tools", *words]
        with Path(folder, "log").open("w+") as log:
            server = subprocess.Popen(command, env=own, stdout=subprocess.PIPE, stderr=log, text=True)
            try:
                assert server.stdout is not None
                url = server.stdout.readline().split(" at ")[1].split()[0]
                asyncio.run(load(url, server.pid, seconds, seen))
                end = time.monotonic() + LAST_ALERTS
                while any(not titles(simulator)[name] for name in seen.alerts) and time.monotonic() < end:
                    time.sleep(1)
                server.send_signal(signal.SIGTERM)
                code = server.wait(120)
            finally:
                server.kill()
            log.seek(0)
            tracebacks = log.read().count("Traceback")
        lines = outcomes.read_text().splitlines() if outcomes.exists() else []
    report(seen, simulator)
    found = faults_of(seen, simulator, [json.loads(line) for line in lines])
    found |= {
        "exit code": [code] if code else [],
        "tracebacks in the log": [tracebacks] if tracebacks else [],
    }
    for name, what in found.items():
        print(f"{name}: {len(what)} {what[:5] if what else ''}")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 600.0))
