"""Try alerts again that failed for a while, for as long as their rules say.

Whoever sent an alert may have been answered with success long before. One whose time is up, or that a
server has to give up because it stops, is reported to the sinks of its rule as lost, by its name.
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
from .notifier import InterruptibleSleep
from .receiver import Received, Receiver, RetryState

PASSING = (NetworkError, Ambiguous, RateLimited, ServerFault, UnexpectedResponse)
"""What can be gone the next time: faults of the way and of the API, not what it or a rule refuses."""

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
"""Seconds until all that failed is tried again: doubled each time."""

STOPPED = "The server was stopped before the alert could be acted on."


@dataclass(slots=True)
class PendingAlert:
    """An alert that is not done yet."""

    alert: Alert
    state: RetryState
    error: DevinToolsError | None = None
    """Why the last try failed."""


class Retrier:
    """Acts on alerts until each is done, refused, or lost."""

    def __init__(self, receiver: Receiver, clock: Clock):
        self._receiver = receiver
        self._clock = clock
        self._pauses = InterruptibleSleep(clock)

    def interrupt(self) -> None:
        """End all pauses: what is pending is tried a last time."""
        self._pauses.interrupt()

    async def act(self, alerts: Sequence[Alert]) -> list[Received]:
        """Act on every alert; raise why the last one failed, when all have."""
        done: list[Received] = []
        failed: list[Received] = []
        failure: DevinToolsError | None = None
        pending = [PendingAlert(alert, RetryState(self._clock.now())) for alert in alerts]
        pause, waited = FIRST_PAUSE, 0.0
        try:
            while pending:
                for one in list(pending):
                    await self._try(one, done)
                    if self._goes_on(one, waited):
                        continue
                    if one.error is not None:
                        failure = one.error
                        is_lost = isinstance(failure, PASSING)
                        report = self._receiver.report_failure(one.alert, failure, is_lost=is_lost)
                        failed.append(await report)
                    pending.remove(one)
                if pending:
                    waited += await self._wait(pause, pending)
                    pause = min(2 * pause, LONGEST_PAUSE)
        except asyncio.CancelledError:
            for one in pending:
                error = one.error or DevinToolsError(STOPPED)
                await self._receiver.report_failure(one.alert, error, is_lost=True)
            raise
        if failure is not None and not done:
            raise failure
        return done + failed

    async def _try(self, one: PendingAlert, done: list[Received]) -> None:
        one.error = None
        try:
            done.append(await self._receiver.receive(one.alert, one.state))
        except DevinToolsError as error:
            one.error = error
        except Exception as fault:  # its text could hold a value
            one.error = DevinToolsError(f"The server met a fault of its own: {type(fault).__name__}.")

    def _goes_on(self, one: PendingAlert, waited: float) -> bool:
        is_passing = isinstance(one.error, PASSING)
        return is_passing and not self._pauses.is_interrupted and waited < self._receiver.retry_for(one.alert)

    async def _wait(self, pause: float, pending: Sequence[PendingAlert]) -> float:
        """Wait before the next try, longer where the API asked for it; return the seconds waited."""
        asked = max((one.error.retry_after or 0.0) if one.error else 0.0 for one in pending)
        seconds = max(pause * random.uniform(0.5, 1.0), min(asked, LONGEST_PAUSE))  # noqa: S311
        await self._pauses.sleep(seconds)
        return seconds
