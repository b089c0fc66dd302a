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

from ..api.messages import ListSessionMessages
from ..api.sessions import ListSessions, Session
from ..api.shared.fields import path_id
from ..api.tags import AppendSessionTags
from ..client.clients import AsyncClient
from ..client.clock import Clock, WallClock
from ..errors import DevinToolsError
from ..tasks.shared.outcomes import Verdict, judge
from ..tasks.wait_sessions import SessionWatchlist, SettledSession
from .notification import CLAIMED_TAG, SENT_TAG, notification_of, tag_of
from .notifier import Notifier
from .plans import rule_in, rule_tag
from .rule_files import Rules

log = logging.getLogger("devin_tools.pipelines")

LIFE_SECONDS = 30 * 86_400
"""For how long a session can go on at all (docs.devin.ai, sessions)."""

LOOK_SECONDS = 15.0
DISCOVER_SECONDS = 600.0
"""How often to look for sessions that another server started."""

SETTLE_SECONDS = 3.0
LONGEST_PAUSE = 3600.0
"""Seconds between two tries to tell what could not be told, at most."""

ASKED = frozenset({"waiting_for_user", "waiting_for_approval"})
"""Outcomes that can come again, about something else each time."""

FOR_GOOD = frozenset({"finished", "failed", "ended", "not_found"})
"""Outcomes after which nobody looks any more, once they are told."""


class Follower:
    """Tells what becomes of the sessions that rules start."""

    def __init__(
        self,
        client: AsyncClient,
        rules: Rules,
        teller: Notifier,
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
        self._crowd = SessionWatchlist([], SETTLE_SECONDS)
        self._told: dict[str, tuple[str, float | None]] = {}
        """The outcome that was told last, and when the session changed, of those that are looked at still."""
        self._pauses: dict[str, tuple[float, float]] = {}
        """Of sessions that could not be told: the time of the next try, and the pause before it."""

    def add(self, session_id: str) -> None:
        """Follow one more session; its id as paths have it."""
        self._crowd.add(path_id(session_id))

    async def run(self) -> None:
        """Follow until cancelled; what fails is logged, and tried again at the next look."""
        due = 0.0
        while True:
            try:
                if self._clock.monotonic() >= due:
                    await self.discover()
                    due = self._clock.monotonic() + self._discover_seconds
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
        session_id, session, is_told = settled.session_id, settled.session, True
        if session is not None and self._told.get(session_id) != (settled.outcome, session.updated_at):
            is_told = await self._tell_in_time(session_id, session)
        if is_told and (settled.outcome in FOR_GOOD or (session is not None and is_over(session))):
            self._told.pop(session_id, None)
            return
        if is_told and session is not None:
            self._told[session_id] = settled.outcome, session.updated_at
        self.add(session_id)

    async def _tell_in_time(self, session_id: str, session: Session) -> bool:
        """Tell, with longer and longer pauses where it fails."""
        due, pause = self._pauses.get(session_id, (0.0, self._look_seconds))
        if self._clock.monotonic() < due:
            return False
        if await self.tell(session):
            self._pauses.pop(session_id, None)
            return True
        self._pauses[session_id] = self._clock.monotonic() + pause, min(2 * pause, LONGEST_PAUSE)
        return False

    async def tell(self, session: Session) -> bool:
        """Tell how a session has settled, if it has and that was not told; say whether that is done."""
        verdict = judge(session)
        if verdict is None:
            return False
        if is_over(session):
            return True
        try:
            question = await self._question(session, verdict)
        except DevinToolsError as error:
            log.warning("reading what a session asks: %s", error.message)
            return False
        mark = tag_of(verdict.outcome, _links(session), question)
        if SENT_TAG + mark in session.tags:
            return True
        rule = rule_in(session.tags) or ""
        news = notification_of(
            session, verdict, rule, mark=mark, is_repeat=CLAIMED_TAG + mark in session.tags
        )
        await self._mark(session, CLAIMED_TAG + mark)
        if not await self._teller.tell(news):
            return False
        await self._mark(session, SENT_TAG + mark)
        return True

    async def _question(self, session: Session, verdict: Verdict) -> str:
        """Tell one question of a session from the next: by the last thing that Devin said."""
        last = ""
        if verdict.outcome in ASKED:
            call = ListSessionMessages(session_id=session.session_id, limit=200)
            async for message in self._client.items(call):
                last = message.event_id if message.source == "devin" else last
        return last

    async def _mark(self, session: Session, tag: str) -> None:
        """Tag a session; where that fails its news may be told twice, which is better than never."""
        try:
            await self._client.run(AppendSessionTags(session_id=session.session_id, tags=[tag]))
        except DevinToolsError as error:
            log.warning("marking a session as told: %s", error.message)


def _links(session: Session) -> Iterable[str]:
    return (each.pr_url for each in session.pull_requests or [] if each.pr_url)


def is_over(session: Session) -> bool:
    """Return whether there is nothing more to tell of a session: its end was told, or it sleeps after that.

    The API puts a session to sleep that was idle for a while, one that is done too, and one that is archived.
    """
    verdict, links = judge(session), list(_links(session))
    if verdict is None:
        return False
    if verdict.outcome == "asleep":
        told = {SENT_TAG + tag_of(outcome, links) for outcome in FOR_GOOD}
        return session.is_archived or not told.isdisjoint(session.tags)
    return verdict.outcome in FOR_GOOD and SENT_TAG + tag_of(verdict.outcome, links) in session.tags
