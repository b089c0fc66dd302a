"""How often to look at what others work on: under a rate limit, known or found out, and no later than needed.

A look costs some requests (a page of 200 sessions each). `Pace` spreads them over time; `paced` lets a
flow keep to it. Both are pure: the clock is the driver's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from devin_tools.errors import DevinToolsError
from devin_tools.flow import Flow, Pause, Step, relay
from devin_tools.wire import Request, Response

T = TypeVar("T")

FIRST_RATE = 30.0
"""Requests a minute to begin with, where nobody knows the limit."""

LOWEST_RATE = 1.0
"""Requests a minute that are never given up: whoever stops asking learns nothing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many requests a minute looks may take now, and what follows from that.

    Additive increase, multiplicative decrease, as TCP shares a link: pollers that know nothing of each
    other come to share a limit.
    """

    rate: float = FIRST_RATE
    """Requests a minute, at most."""

    most: float | None = None
    """What the rate may grow to; `None` where the limit is not known."""

    shortest: float = 5.0
    """Seconds between the beginnings of two looks, at least."""

    growth: float = 10.0
    """By how many requests a minute the rate grows in each minute without a refusal."""

    @classmethod
    def under(cls, limit: float, share: float = 0.5, *, shortest: float = 5.0) -> Pace:
        """Make the pace that takes this share of a known limit, in requests a minute."""
        return cls(limit * share, limit * share, shortest)

    @property
    def gap(self) -> float:
        """Seconds between two requests, to spread the requests of a look."""
        return 60.0 / self.rate

    def interval(self, requests: int) -> float:
        """Seconds from the beginning of a look of so many requests to that of the next."""
        return max(self.shortest, requests * self.gap)

    def after(self, requests: int, refused: int) -> Pace:
        """Return the pace after a look: halved when any request was refused, else a little more.

        A look that the rate did not hold back shows nothing about the limit, and changes nothing.
        """
        if refused:
            return replace(self, rate=max(LOWEST_RATE, self.rate / 2))
        if requests * self.gap <= self.shortest:
            return self
        grown = self.rate + self.growth * self.interval(requests) / 60.0
        return replace(self, rate=grown if self.most is None else min(grown, self.most))


@dataclass(slots=True)
class Tally:
    """What a flow has asked so far."""

    requests: int = 0
    """Requests that were answered in the end."""

    refused: int = 0
    """How many more it took: refused for the rate limit, or lost."""


def paced(flow: Flow[T], pace: Pace, tally: Tally) -> Flow[T]:
    """Perform a flow with a pause between its requests, and count them."""

    def answer(step: Step) -> Flow[Any]:
        if isinstance(step, Request) and tally.requests:
            yield Pause(pace.gap)
        try:
            reply = yield step
        except DevinToolsError as error:
            tally.refused += error.tries
            raise
        if isinstance(reply, Response):
            tally.requests += 1
            tally.refused += reply.tries - 1 + (reply.status == 429)
        return reply

    return relay(flow, answer)
