"""Storms: more alerts in a window than a rule starts sessions for.

The sessions of a rule are counted in the API's own list, by the tag of the rule, so that a restart, or a
server on another machine, does not begin to count anew.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from cachetools import FIFOCache

from ..api.sessions import ListSessions
from ..api.shared.fields import bare_id
from ..client import AsyncClient
from ..client.clock import Clock
from ..local.locks import held
from ..paging.pages import require_whole
from .plans import rule_tag
from .rule_models import Rule

REMEMBERED = 1_000


@dataclass
class Window:
    """What this process knows of a rule in one of its windows."""

    started: set[str] = field(default_factory=set)
    """The bare ids of its own sessions, which may not be in the list yet."""
    is_full: bool = False
    is_reported: bool = False


class Storms:
    """Keeps rules from starting more sessions in a window than they allow."""

    def __init__(self, client: AsyncClient, clock: Clock):
        self._client = client
        self._clock = clock
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._windows: FIFOCache[tuple[str, int], Window] = FIFOCache(REMEMBERED)

    @asynccontextmanager
    async def turn(self, rule: Rule) -> AsyncIterator[set[str] | None]:
        """Yield what this process started, to add a bare id to; None where the rule allows no more."""
        window = self._window(rule)
        if window.is_full:
            yield None
            return
        # Counting and starting are one turn: side by side, each would count before the other has started,
        # and both would find room for one more. The tasks of this process queue at a lock of asyncio, which
        # is fair; only the first of them asks for that of the machine, which is polled.
        async with self._turns[rule.name], held(rule.name, self._client.settings, kind="rule"):
            window.is_full = window.is_full or await self._is_full(rule, window)
            yield None if window.is_full else window.started

    def is_unreported(self, rule: Rule) -> bool:
        """Return whether the storm of this window is still to be reported: true once."""
        window = self._window(rule)
        was_reported, window.is_reported = window.is_reported, True
        return not was_reported

    def window_start(self, rule: Rule) -> int:
        """Return when the window began, in seconds since 1970."""
        return int(self._clock.now() // rule.window) * rule.window

    def _window(self, rule: Rule) -> Window:
        return self._windows.setdefault((rule.name, self.window_start(rule)), Window())

    async def _is_full(self, rule: Rule, window: Window) -> bool:
        """Count what is listed together with what this process knows: a new session is listed late."""
        tag, found = rule_tag(rule.name), set(window.started)
        call = ListSessions(tags=[tag], created_after=self.window_start(rule), limit=200)
        async for page in self._client.pages(call):
            own = (session for session in require_whole(page).sessions if tag in session.tags)
            found.update(bare_id(session.session_id) for session in own)
            if len(found) >= rule.storm_limit:
                break
        return len(found) >= rule.storm_limit
