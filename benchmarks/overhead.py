"""How much a typed call costs beside bare httpx with json.loads: in time, and in memory for a page of 200.

With it in the same run: what pydantic alone costs for the same models, and the devinai package.

Aim: at most 1.10 times bare httpx for one session, and 1.15 times for a page.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

import httpx

from devin_tools import Client, GetSession, ListSessions
from devin_tools.api.sessions import Session, SessionPage

SERVER = Path(__file__).with_name("canned_server.py")
KEY, ORG = "cog_bench", "org-bench"
SESSIONS = f"/v3/organizations/{ORG}/sessions"
WARM_UP = 20
"""The first rounds open connections and fill caches."""

Actions = Mapping[str, Callable[[], object]]
"""`poll` reads one session again and again, `get` another one each time, `list` a page of 200."""


def ids() -> Callable[[], str]:
    """Return what names another session each time."""
    numbers = count(1)
    return lambda: f"devin-{next(numbers):032x}"


def bare(url: str) -> Actions:
    """Call as somebody without a library would."""
    return over_httpx(url, json.loads, json.loads)


def validated(url: str) -> Actions:
    """Call as `bare` does, and let pydantic read the same models: what typed output costs by itself."""
    return over_httpx(url, Session.model_validate_json, SessionPage.model_validate_json)


def over_httpx(url: str, session: Callable[[bytes], object], page: Callable[[bytes], object]) -> Actions:
    """Call with httpx alone, with what reads a session and a page."""
    http, another = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}), ids()
    one = another()
    return {
        "poll": lambda: session(http.get(f"{SESSIONS}/{one}").content),
        "get": lambda: session(http.get(f"{SESSIONS}/{another()}").content),
        "list": lambda: page(http.get(SESSIONS, params={"first": 200}).content),
    }


def ours(url: str) -> Actions:
    """Call through this package: validated arguments, typed output."""
    client, another = Client(api_key=KEY, org_id=ORG, base_url=url), ids()
    one = another()
    return {
        "poll": lambda: client.run(GetSession(session_id=one)),
        "get": lambda: client.run(GetSession(session_id=another())),
        "list": lambda: client.run(ListSessions(limit=200)),
    }


def devinai(url: str) -> Actions:
    """Call through the devinai package; empty when it is not installed."""
    try:
        from devin_sdk import DevinSDK
    except ImportError:
        return {}
    sessions, another = DevinSDK(api_key=KEY, base_url=url).organizations.sessions, ids()
    one = another()
    return {
        "poll": lambda: sessions.retrieve(one, org_id=ORG),
        "get": lambda: sessions.retrieve(another(), org_id=ORG),
        "list": lambda: sessions.list(org_id=ORG, first=200),
    }


CONTENDERS = {"httpx, pydantic": validated, "devin-tools": ours, "devinai": devinai}


def seconds(action: Callable[[], object]) -> tuple[float, float]:
    """Time one call: by the clock, and in this process's CPU time, which leaves the server out."""
    start, used = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - start, time.process_time() - used


def measure(url: str, what: str, rounds: int) -> None:
    """Print the median of the ratios, round by round, to bare httpx: each contender alone with it.

    Who begins a round is drawn: otherwise one of the two would pay for the garbage of the other.
    """
    reference = bare(url)[what]
    for name, actions in ((name, make(url)) for name, make in CONTENDERS.items()):
        pair = {"bare": reference, "theirs": actions[what]} if actions else {}
        ratios: list[tuple[float, float]] = []
        for round_ in range(rounds + WARM_UP if pair else 0):
            taken = {who: seconds(pair[who]) for who in random.sample(list(pair), 2)}
            if round_ >= WARM_UP:
                clock, own = (
                    theirs / its for theirs, its in zip(taken["theirs"], taken["bare"], strict=True)
                )
                ratios.append((clock, own))
        if ratios:
            clock, own = (statistics.median(column) for column in zip(*ratios, strict=True))
            print(f"{what:5} {name:15} {clock:6.2f} x bare httpx, {own:.2f} x its CPU time")


def kilobytes(action: Callable[[], object]) -> tuple[float, float]:
    """Return what the output of a call holds while it is kept, and the most that was held during the call."""
    for _ in range(WARM_UP):
        action()
    gc.collect()
    tracemalloc.start()
    try:
        output = action()
        held, peak = tracemalloc.get_traced_memory()
        del output
    finally:
        tracemalloc.stop()
    return held / 1024, peak / 1024


def measure_memory(url: str) -> None:
    """Print the memory of a page, beside that of bare httpx."""
    held, peak = kilobytes(bare(url)["list"])
    print(f"list  {'bare httpx':15} {held:6.0f} KB a page, {peak:.0f} KB at most while it is read")
    for name, actions in ((name, make(url)) for name, make in CONTENDERS.items()):
        if actions:
            its, most = kilobytes(actions["list"])
            print(f"list  {name:15} {its / held:6.2f} x a page, {most / peak:.2f} x at most")


def main() -> None:
    """Start the server, measure, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=600)
    parser.add_argument("--no-gc", action="store_true", help="leave Python's garbage collector out of it")
    options = parser.parse_args()
    rounds = options.rounds
    if options.no_gc:
        gc.disable()
    with subprocess.Popen(
        [sys.executable, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout and server.stdin
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        for what, times in {"poll": rounds, "get": rounds, "list": max(20, rounds // 4)}.items():
            measure(url, what, times)
        measure_memory(url)
        server.stdin.close()


if __name__ == "__main__":
    main()
