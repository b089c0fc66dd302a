"""How much a typed call costs beside bare httpx with json.loads, and beside the devinai package.

Aim: at most 1.15 times bare httpx, for one session and for a page of 200.
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
from collections.abc import Callable
from pathlib import Path

import httpx

from devin_tools import Client, GetSession, ListSessions

SERVER = Path(__file__).with_name("canned_server.py")
KEY, ORG = "cog_bench", "org-bench"
SESSION = f"devin-{1:032x}"
WARM_UP = 20
"""The first rounds open connections and fill caches."""


def bare(url: str) -> dict[str, Callable[[], object]]:
    """Call as somebody without a library would."""
    http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"})
    path = f"/v3/organizations/{ORG}/sessions"
    return {
        "get": lambda: json.loads(http.get(f"{path}/{SESSION}").content),
        "list": lambda: json.loads(http.get(path, params={"first": 200}).content),
    }


def ours(url: str) -> dict[str, Callable[[], object]]:
    """Call through this package: validated arguments, typed output."""
    client = Client(api_key=KEY, org_id=ORG, base_url=url)
    return {
        "get": lambda: client.run(GetSession(session_id=SESSION)),
        "list": lambda: client.run(ListSessions(limit=200)),
    }


def devinai(url: str) -> dict[str, Callable[[], object]]:
    """Call through the devinai package; empty when it is not installed."""
    try:
        from devin_sdk import DevinSDK
    except ImportError:
        return {}
    sessions = DevinSDK(api_key=KEY, base_url=url).organizations.sessions
    return {
        "get": lambda: sessions.retrieve(SESSION, org_id=ORG),
        "list": lambda: sessions.list(org_id=ORG, first=200),
    }


def seconds(action: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def measure(url: str, what: str, rounds: int) -> None:
    """Print the median of the ratios, round by round, to bare httpx: each contender alone with it.

    Who begins a round is drawn: otherwise one of the two would pay for the garbage of the other.
    """
    reference = bare(url)[what]
    for name, actions in {"devin-tools": ours(url), "devinai": devinai(url)}.items():
        pair = {"bare": reference, "theirs": actions[what]} if actions else {}
        ratios: list[float] = []
        for round_ in range(rounds + WARM_UP if pair else 0):
            taken = {who: seconds(pair[who]) for who in random.sample(list(pair), 2)}
            if round_ >= WARM_UP:
                ratios.append(taken["theirs"] / taken["bare"])
        if ratios:
            print(f"{what:5} {name:12} {statistics.median(ratios):6.2f} x bare httpx")


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
        measure(url, "get", rounds)
        measure(url, "list", max(20, rounds // 4))
        server.stdin.close()


if __name__ == "__main__":
    main()
