"""Try alerts again that failed for a while, for as long as their rules say.

Whoever sent an alert may have been answered with success long before. One whose time is up, or that a
server has to give up because it stops, is reported to the sinks of its rule as lost, by its name.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

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
from .notifier import pause_until
from .receiver import Received, Receiver, RetryState

TRANSIENT = (NetworkError, Ambiguous, RateLimited, ServerFault, UnexpectedResponse)
"""What can be gone the next time: faults of the way and of the API, not what it or a rule refuses."""

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
"""Seconds until an alert is tried again: doubled each time."""

STOPPED = "The server was stopped before the alert could be acted on."


class Retrier:
    """Acts on alerts until each is done, refused, or lost."""

    def __init__(self, receiver: Receiver, clock: Clock):
        self._receiver = receiver
        self._clock = clock
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End all pauses: what is pending is tried a last time."""
        self._stopping.set()

    async def act(self, alerts: Sequence[Alert]) -> list[Received]:
        """Act on every alert, and return what was done before what failed.

        Raises why the last one failed, when all have.
        """
        turn = asyncio.Lock()  # one at a time: an event of a thousand alerts must not be a burst of requests
        done: list[Received] = []
        failed: list[tuple[Received, DevinToolsError]] = []

        async def act_on(alert: Alert) -> None:
            state, pause, waited = RetryState(self._clock.now()), FIRST_PAUSE, 0.0
            error: DevinToolsError | None = None
            try:
                while (error := await self._try(alert, state, turn, done)) is not None:
                    is_late = self._stopping.is_set() or waited >= self._receiver.retry_for(alert)
                    is_passing = isinstance(error, TRANSIENT)
                    if is_late or not is_passing:
                        report = self._receiver.report_failure(alert, error, is_lost=is_passing)
                        failed.append((await report, error))
                        return
                    asked = min(error.retry_after or 0.0, LONGEST_PAUSE)
                    seconds = max(pause * random.uniform(0.5, 1.0), asked)  # noqa: S311
                    await pause_until(self._stopping, seconds, self._clock)
                    waited, pause = waited + seconds, min(2 * pause, LONGEST_PAUSE)
            except asyncio.CancelledError:
                error = error or DevinToolsError(STOPPED)
                await self._receiver.report_failure(alert, error, is_lost=True)
                raise

        await asyncio.gather(*map(act_on, alerts))
        if failed and not done:
            raise failed[-1][1]
        return done + [received for received, _ in failed]

    async def _try(
        self, alert: Alert, state: RetryState, turn: asyncio.Lock, done: list[Received]
    ) -> DevinToolsError | None:
        """Act on an alert once; return what kept it."""
        async with turn:
            try:
                done.append(await self._receiver.receive(alert, state))
            except DevinToolsError as error:
                return error
            except Exception as fault:  # its text could hold a value
                return DevinToolsError(f"The server met a fault of its own: {type(fault).__name__}.")
        return None
