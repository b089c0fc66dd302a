"""Who opened which session, so that nobody else gets into it; and how many there may be."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..errors import NotFound
from .client_pool import OWN

MOST_SESSIONS = 1000
MOST_OF_A_CALLER = 64
"""Of a caller with a key of its own; who holds the server's token may stand for many people."""
IDLE_SECONDS = 1800.0


@dataclass(slots=True)
class _Session:
    owner: str
    used: float
    visits: int = 0
    """How many requests to it are being answered."""


class Sessions:
    """The open sessions, each bound to the caller that opened it, for as long as it is open."""

    def __init__(
        self,
        most: int = MOST_SESSIONS,
        each: int = MOST_OF_A_CALLER,
        idle_seconds: float = IDLE_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ):
        self._most = most
        self._each = each
        self._idle_seconds = idle_seconds
        self._now = now
        self._open: dict[str, _Session] = {}

    def __len__(self) -> int:
        return len(self._open)

    @contextmanager
    def visited(self, name: str, caller: str) -> Iterator[None]:
        """Hold a session in use; raise `NotFound` unless this caller opened it."""
        session = self._open.get(name)
        if session is None or session.owner != caller:
            raise NotFound("No session has this id.", status=404, hint="Open another one.")
        session.visits += 1
        try:
            yield
        finally:
            session.visits -= 1
            session.used = self._now()

    def add(self, name: str, caller: str) -> list[str]:
        """Note a session that was opened; return those that have to end for it, forgotten already.

        Those end that were idle for long; then, of the caller with too many, the one unused for longest.
        So one caller's sessions never push out those of callers that have fewer.
        """
        now = self._now()
        ended = [
            name
            for name, session in self._open.items()
            if not session.visits and now - session.used > self._idle_seconds
        ]
        for name_of_idle in ended:
            self.forget(name_of_idle)
        self._open[name] = _Session(caller, now)
        while (owner := self._with_too_many(caller)) is not None:
            surplus = min(
                (other for other, session in self._open.items() if session.owner == owner and other != name),
                key=lambda other: (self._open[other].visits > 0, self._open[other].used),
                default=name,
            )
            ended.append(surplus)
            self.forget(surplus)
        return ended

    def _with_too_many(self, caller: str) -> str | None:
        """Return who has to give up a session now that this caller opened one."""
        counts = Counter(session.owner for session in self._open.values())
        if caller != OWN and counts[caller] > self._each:
            return caller
        return counts.most_common(1)[0][0] if len(self._open) > self._most else None

    def forget(self, name: str) -> None:
        """Forget a session that has ended."""
        self._open.pop(name, None)
