"""Follow what was started: from the API's own data, so that a restart goes on where it was.

A session that rules started bears a tag that names the rule. Two more tags say of each of its outcomes
that it is being told and that it was told: between the two a server may have been stopped, so what is
told after that is marked as a repeat. All open sessions together cost one list request a look, per 200.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Iterable

from ..api.outcomes import judge
from ..api.session_models import Session
from ..api.sessions import ListSessions
from ..api.tags import AppendSessionTags
from ..api.waiting_for_many import Crowd, SettledSession
from ..client import AsyncClient
from ..clock import Clock, WallClock
from ..errors import DevinToolsError
from .news import TELLING, TOLD, mark_of, news_of
from .plans import rule_in, rule_tag
from .rules import Rules
from .telling import Teller

__all__ = ["Follower", "is_over"]

log = logging.getLogger("devin_tools.pipelines")

LIFE_SECONDS = 30 * 86_400
"""For how long a session can go on at all (docs.devin.ai, sessions)."""

LOOK_SECONDS = 15.0
DISCOVER_SECONDS = 600.0
"""How often to look for sessions that another server started."""

SETTLE_SECONDS = 3.0
FOR_GOOD = frozenset({"finished", "failed", "ended", "not_found"})
"""Outcomes after which nobody looks any more, once they are told."""


class Follower:
    """Tells what becomes of the sessions that rules start."""

    def __init__(
        self,
        client: AsyncClient,
        rules: Rules,
        teller: Teller,
        *,
        clock: Clock | None = None,
        look_seconds: float = LOOK_SECONDS,
        discover_seconds: float = DISCOVER_SECONDS,
    ):
        self._client = client
        self._teller = teller
        self._clock = clock or WallClock()
        self._tags = [rule_tag(rule.name) for rule in rules.rules if rule.start]
        self._look_seconds, self._discover_seconds = look_seconds, discover_seconds
        self._crowd = Crowd([], SETTLE_SECONDS)
        self._told: dict[str, str] = {}
        """The outcome that was told last, of sessions that are looked at still."""

    def add(self, session_id: str) -> None:
        """Follow one more session; its id as paths have it."""
        self._crowd.add("devin-" + session_id.removeprefix("devin-"))

    async def run(self) -> None:
        """Follow until cancelled; what fails is logged, and tried again at the next look."""
        due = 0.0
        while True:
            try:
                if self._clock.now() >= due:
                    await self.discover()
                    due = self._clock.now() + self._discover_seconds
                await self.look()
            except DevinToolsError as error:
                log.warning("following: %s", error.message)
            await self._clock.sleep_async(self._look_seconds)

    async def discover(self) -> None:
        """Find the sessions that rules started, and that are not told to their end."""
        if not self._tags:
            return
        since = max(0, int(self._clock.now() - LIFE_SECONDS))
        for is_archived in (False, True):
            call = ListSessions(tags=self._tags, created_after=since, limit=200, is_archived=is_archived)
            async for session in self._client.items(call):
                if rule_in(session.tags) is not None and not is_over(session):
                    self.add(session.session_id)

    async def look(self) -> None:
        """Look at all that are open, and tell what has settled."""
        if not self._crowd.open:
            return
        await self._client.drive(self._crowd.look(math.inf))
        for session_id, since in self._crowd.open.items():
            if since is None:
                self._told.pop(session_id, None)  # it works again: its next outcome is news
        settled, self._crowd.settled = list(self._crowd.settled.values()), {}
        await asyncio.gather(*(self._settle(each) for each in settled))

    async def _settle(self, settled: SettledSession) -> None:
        """Tell an outcome, unless it was told, and go on with the session unless that was its end."""
        session_id, is_told = settled.session_id, True
        if settled.session is not None and self._told.get(session_id) != settled.outcome:
            is_told = await self.tell(settled.session)
        if is_told and settled.outcome in FOR_GOOD:
            self._told.pop(session_id, None)
            return
        if is_told:
            self._told[session_id] = settled.outcome
        self.add(session_id)

    async def tell(self, session: Session) -> bool:
        """Tell how a session has settled, if it has and that was not told; say whether that is done."""
        verdict = judge(session)
        if verdict is None:
            return False
        mark = mark_of(verdict.outcome, _links(session))
        if TOLD + mark in session.tags:
            return True
        news = news_of(
            session, verdict, rule_in(session.tags) or "", is_repeat=TELLING + mark in session.tags
        )
        await self._mark(session, TELLING + mark)
        if not await self._teller.tell(news):
            return False
        await self._mark(session, TOLD + mark)
        return True

    async def _mark(self, session: Session, tag: str) -> None:
        """Tag a session; where that fails its news may be told twice, which is better than never."""
        try:
            await self._client.run(AppendSessionTags(session_id=session.session_id, tags=[tag]))
        except DevinToolsError as error:
            log.warning("marking a session as told: %s", error.message)


def _links(session: Session) -> Iterable[str]:
    return (each.pr_url for each in session.pull_requests or [] if each.pr_url)


def is_over(session: Session) -> bool:
    """Say whether a session's last outcome was told, and is one that nothing follows."""
    verdict = judge(session)
    if verdict is None or verdict.outcome not in FOR_GOOD:
        return False
    return TOLD + mark_of(verdict.outcome, _links(session)) in session.tags
