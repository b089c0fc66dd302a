"""Looks at many sessions of a simulator, one after another, at the pace of a limit."""

from __future__ import annotations

import math

from airflow.providers.devin.tools.pace import Pace, Tally, paced

from devin_tools import Client, CreateSession, Simulator
from devin_tools.flow import Flow, Pause
from devin_tools.tasks.wait_sessions import SessionWatchlist

__all__ = ["looked"]


def pause(seconds: float) -> Flow[None]:
    yield Pause(seconds)


def looked(simulator: Simulator, sessions: int, pace: Pace, looks: int) -> tuple[Pace, list[float], int]:
    """Look at sessions in virtual time; return the last pace, when looks began, and how much was refused."""
    times, refused = [], 0
    with Client(**simulator.connection(), guards=(), max_retry_seconds=86_400) as client:
        call = CreateSession(prompt="#simulate:sleeps")
        ids = ["devin-" + client.run(call).session_id for _ in range(sessions)]
        client.drive(pause(60))
        for _ in range(looks):
            began, tally = simulator.clock.now(), Tally()
            client.drive(paced(SessionWatchlist(ids, math.inf).look(math.inf), pace, tally))
            client.drive(pause(pace.interval(tally.requests) - (simulator.clock.now() - began)))
            times.append(began)
            refused += tally.refused
            pace = pace.after(tally.requests, tally.refused)
    return pace, times, refused
