"""Simulators that misbehave, and plain httpx clients that reach them in process or over a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
from support.simulated_api import simulated

from devin_tools import Simulator
from devin_tools.simulator import Faults

__all__ = [
    "HEADERS",
    "PROMPT",
    "Reach",
    "in_process",
    "made",
    "misbehaving",
    "over_a_socket",
    "said",
    "sessions",
]

HEADERS = {"authorization": "Bearer cog_any"}
PROMPT = {"prompt": "Look."}
Reach = Callable[..., AbstractContextManager[httpx.Client]]


def misbehaving(*kinds: str, rate: float = 1, seed: int = 0, seconds: float = 5, **options: Any) -> Simulator:
    faults = Faults(rate, kinds or None, seed, seconds)
    return simulated(faults=faults, **options)


@contextmanager
def in_process(simulator: Simulator, **options: Any) -> Iterator[httpx.Client]:
    transport = simulator.transport()
    with httpx.Client(transport=transport, base_url="http://api", headers=HEADERS, **options) as client:
        yield client


@contextmanager
def over_a_socket(simulator: Simulator, **options: Any) -> Iterator[httpx.Client]:
    """Serve it; no machine is too slow for the timeout, unless one is given."""
    with simulator.serve() as server:
        with httpx.Client(base_url=server.url, headers=HEADERS, **{"timeout": 120} | options) as client:
            yield client


def sessions(simulator: Simulator) -> str:
    return f"/v3/organizations/{simulator.world.org_id}/sessions"


def made(simulator: Simulator, prompt: str = "Look. #simulate:sleeps") -> str:
    """Create a session with no fault; return its path."""
    faults, simulator.faults = simulator.faults, None
    with in_process(simulator) as client:
        session_id = client.post(sessions(simulator), json={"prompt": prompt}).json()["session_id"]
    simulator.faults = faults
    return f"{sessions(simulator)}/devin-{session_id}"


def said(simulator: Simulator) -> list[str]:
    return [item["message"] for record in simulator.world.sessions.values() for item in record.messages]
