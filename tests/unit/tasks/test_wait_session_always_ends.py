"""Whatever a session does, a wait ends in time, with an outcome; and both clients see the same."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devin_tools import AsyncClient, Client
from devin_tools.client import state as client_state
from devin_tools.simulator.clock import EPOCH, SimulatedClock
from devin_tools.tasks import RunTask, WaitSession, WaitSessions
from devin_tools.tasks.shared.outcomes import OUTCOMES

STATUSES = [
    "new",
    "claimed",
    "running",
    "resuming",
    "suspended",
    "exit",
    "error",
    "a_word_of_tomorrow",
    "",
    None,
]
DETAILS = ["working", "finished", "waiting_for_user", "waiting_for_approval", "inactivity", "out_of_credits",
           "error", "a_word_of_tomorrow", "", None]  # fmt: skip
LONGEST_PAUSE = 36.0

lives = st.lists(
    st.tuples(st.floats(0, 200), st.sampled_from(STATUSES), st.sampled_from(DETAILS)), min_size=1, max_size=12
)
options = st.fixed_dictionaries(
    {"timeout_seconds": st.floats(0.1, 900)},
    optional={"max_seconds": st.floats(0.1, 300), "settle_seconds": st.just(0.0) | st.floats(0.1, 60)},
)


class Api:
    """A session that passes through its states, each for some seconds, and stays in the last."""

    def __init__(self, life: Sequence[tuple[float, Any, Any]]) -> None:
        self.life, self.clock = life, SimulatedClock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        session = self._session()
        if request.method == "POST" or request.url.path.endswith("/devin-abc"):
            return httpx.Response(200, json=session)
        is_list = request.url.path.endswith("/sessions")
        return httpx.Response(200, json={"items": [session] if is_list else []})

    def _session(self) -> dict[str, Any]:
        left = self.clock.now() - EPOCH
        state = self.life[-1]
        for state in self.life:
            if left < state[0]:
                break
            left -= state[0]
        return {"session_id": "abc", "status": state[1], "status_detail": state[2]}

    def options(self) -> dict[str, Any]:
        random_bits.seed(7)
        transport = httpx.MockTransport(self)
        return {
            "api_key": "cog_x",
            "org_id": "org-1",
            "guards": (),
            "clock": self.clock,
            "transport": transport,
        }


random_bits = random.Random()


@pytest.fixture(autouse=True)
def steady_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both clients draw the same, which `options` sees to."""
    monkeypatch.setattr(client_state.secrets, "randbits", random_bits.getrandbits)


def both(life: Any, call: Any) -> tuple[Any, float]:
    """Run a call with each client; they must agree. Return the output and the seconds it took."""
    api = Api(life)
    with Client(**api.options()) as client:
        output = client.run(call)

    async def main() -> tuple[Any, float]:
        other = Api(life)
        async with AsyncClient(**other.options()) as client:
            return await client.run(call), other.clock.now() - EPOCH

    seconds = api.clock.now() - EPOCH
    assert asyncio.run(main()) == (output, seconds)
    return output, seconds


def limit_of(given: dict[str, float]) -> float:
    return min(given["timeout_seconds"], given.get("max_seconds", given["timeout_seconds"]))


@given(life=lives, options=options)
@settings(max_examples=30)
def test_a_wait_for_one_session_ends(life: Any, options: dict[str, float]) -> None:
    waited, seconds = both(life, WaitSession(session_id="abc", **options))
    assert waited.outcome in OUTCOMES
    assert seconds <= limit_of(options) + LONGEST_PAUSE
    assert waited.waited_seconds == pytest.approx(seconds, abs=0.001)
    assert (waited.resume_with is None) == (waited.outcome != "still_running")


@given(life=lives, options=options, until=st.sampled_from(["any", "all"]))
@settings(max_examples=30)
def test_a_wait_for_many_sessions_ends(life: Any, options: dict[str, float], until: Any) -> None:
    waited, seconds = both(life, WaitSessions(session_ids=["abc"], until=until, **options))
    assert seconds <= limit_of(options) + LONGEST_PAUSE
    assert len(waited.settled) + len(waited.still_running) == 1
    assert {item.outcome for item in waited.settled} <= {*OUTCOMES}


@given(life=lives, options=options)
@settings(max_examples=30)
def test_a_task_ends(life: Any, options: dict[str, float]) -> None:
    output, seconds = both(life, RunTask(prompt="x", **options))
    assert output.outcome in OUTCOMES and seconds <= limit_of(options) + LONGEST_PAUSE
