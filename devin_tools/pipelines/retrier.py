"""Follow an alert to its end: what failed for a while is tried again, for as long as its rule says.

Whoever sent it may have been answered with success long before. An alert whose time is up, or that a
server has to give up because it stops, is told to the sinks of its rule as lost, by its name.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass

from ..client.clock import Clock
from ..errors import (
    Ambiguous,
    DevinToolsError,
    NetworkError,
    RateLimited,
    ServerFault,
    UnexpectedResponse,
)
from .alert import Alert
from .notifier import Patience
from .receiver import Effort, Received, Receiver

PASSING = (NetworkError, Ambiguous, RateLimited, ServerFault, UnexpectedResponse)
"""What can be gone the next time: faults of the way and of the API, not what it or a rule refuses."""

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
"""Seconds until all that failed is tried again: doubled each time."""

STOPPED = "The server was stopped before the alert could be acted on."


@dataclass(slots=True)
class Pending:
    """An alert that is not done yet."""

    alert: Alert
    effort: Effort
    error: DevinToolsError | None = None
    """What kept it the last time."""


class Retrier:
    """Acts on alerts until each is done, refused, or lost."""

    def __init__(self, receiver: Receiver, clock: Clock):
        self._receiver = receiver
        self._clock = clock
        self._patience = Patience(clock)

    def hurry(self) -> None:
        """End all waiting: what is pending is tried a last time."""
        self._patience.end()

    async def act(self, alerts: Sequence[Alert]) -> list[Received]:
        """Act on every alert; raise why the last one failed, when all have."""
        done: list[Received] = []
        failed: list[Received] = []
        failure: DevinToolsError | None = None
        pending = [Pending(alert, Effort(self._clock.now())) for alert in alerts]
        pause, waited = FIRST_PAUSE, 0.0
        try:
            while pending:
                for one in list(pending):
                    await self._try(one, done)
                    if self._goes_on(one, waited):
                        continue
                    if one.error is not None:
                        failure = one.error
                        failed.append(await self._report(one, isinstance(failure, PASSING)))
                    pending.remove(one)
                if pending:
                    waited += await self._wait(pause, pending)
                    pause = min(2 * pause, LONGEST_PAUSE)
        except asyncio.CancelledError:
            for one in pending:
                one.error = one.error or DevinToolsError(STOPPED)
                await self._report(one, True)
            raise
        if failure is not None and not done:
            raise failure
        return done + failed

    async def _try(self, one: Pending, done: list[Received]) -> None:
        one.error = None
        try:
            done.append(await self._receiver.receive(one.alert, one.effort))
        except DevinToolsError as error:
            one.error = error
        except Exception as fault:  # its text could hold a value
            one.error = DevinToolsError(f"The server met a fault of its own: {type(fault).__name__}.")

    def _goes_on(self, one: Pending, waited: float) -> bool:
        is_passing = isinstance(one.error, PASSING)
        return is_passing and not self._patience.is_ended and waited < self._receiver.retry_for(one.alert)

    async def _wait(self, pause: float, pending: Sequence[Pending]) -> float:
        """Wait before the next try, as long as the API asked for where that is longer; say how long."""
        asked = max((one.error.retry_after or 0.0) if one.error else 0.0 for one in pending)
        seconds = max(pause * random.uniform(0.5, 1.0), min(asked, LONGEST_PAUSE))  # noqa: S311
        await self._patience.wait(seconds)
        return seconds

    async def _report(self, one: Pending, is_lost: bool) -> Received:
        assert one.error is not None
        return await self._receiver.report_failure(one.alert, one.error, is_lost=is_lost)
