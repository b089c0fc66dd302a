"""Follow the sessions that rules started, and send what becomes of them.

All state is the API's own, so a restart goes on where it was: a session that a rule started bears a tag
that names the rule. All open sessions together cost one list request a look, per 200.
"""

from __future__ import annotations

import asyncio
import logging
import math

from ..api.messages import ListSessionMessages
from ..api.session import Session
from ..api.sessions import ListSessions
from ..api.shared.fields import path_id
from ..api.tags import AppendSessionTags
from ..client import AsyncClient
from ..client.clock import Clock, WallClock
from ..errors import DevinToolsError
from ..tasks.shared.outcomes import Verdict, judge
from ..tasks.wait_sessions import SessionWatchlist, SettledSession
from .notification import CLAIMED_TAG, SENT_TAG, notification_of, pull_requests_of, tag_of
from .notifier import Notifier
from .plans import rule_in, rule_tag
from .rule_models import Rules

log = logging.getLogger("devin_tools.pipelines")

LIFE_SECONDS = 30 * 86_400
"""For how long a session can go on at all (docs.devin.ai, sessions)."""

LOOK_SECONDS = 15.0
DISCOVER_SECONDS = 600.0
"""How often to look for sessions that another server started."""

SETTLE_SECONDS = 3.0
LONGEST_PAUSE = 3600.0
"""Seconds between two tries to send what could not be sent, at most."""

QUESTIONS = frozenset({"waiting_for_user", "waiting_for_approval"})
"""Outcomes that can come again, about something else each time."""

FINAL = frozenset({"finished", "failed", "ended", "not_found"})
"""Outcomes after which a session is not looked at any more, once they are sent."""


class Follower:
    """Sends what becomes of the sessions that rules start."""

    def __init__(
        self,
        client: AsyncClient,
        rules: Rules,
        notifier: Notifier,
        *,
        clock: Clock | None = None,
        look_seconds: float = LOOK_SECONDS,
    ):
        self._client = client
        self._notifier = notifier
        self._clock = clock or WallClock()
        self._tags = [rule_tag(rule.name) for rule in rules.rules if rule.start]
        self._look_seconds = look_seconds
        self.watchlist = SessionWatchlist([], SETTLE_SECONDS)
        """The sessions that are followed."""
        self._sent: dict[str, tuple[str, float | None]] = {}
        """Of sessions that go on: the outcome that was sent last, and when the session changed."""
        self._pauses: dict[str, tuple[float, float]] = {}
        """Of sessions whose outcome could not be sent: the time of the next try, and the pause before it."""

    def add(self, session_id: str) -> None:
        """Follow one more session; its id as paths have it."""
        self.watchlist.add(path_id(session_id))

    async def run(self) -> None:
        """Follow until cancelled; what fails is logged, and tried again at the next look."""
        due = 0.0
        while True:
            try:
                if self._clock.monotonic() >= due:
                    await self.discover()
                    due = self._clock.monotonic() + DISCOVER_SECONDS
                await self.look()
            except DevinToolsError as error:
                log.warning("following: %s", error.message)
            await self._clock.sleep_async(self._look_seconds)

    async def discover(self) -> None:
        """Find the sessions that rules started and whose end was not sent."""
        if not self._tags:
            return
        since = max(0, int(self._clock.now() - LIFE_SECONDS))
        for is_archived in (False, True):
            call = ListSessions(tags=self._tags, created_after=since, limit=200, is_archived=is_archived)
            async for session in self._client.items(call):
                if rule_in(session.tags) is not None and not is_over(session):
                    self.add(session.session_id)

    async def look(self) -> None:
        """Look at all that are open, and send what has settled."""
        if not self.watchlist.open:
            return
        await self._client.drive(self.watchlist.look(math.inf))
        for session_id, since in self.watchlist.open.items():
            if since is None:
                self._sent.pop(session_id, None)  # it works again: its next outcome is to be sent
        settled, self.watchlist.settled = list(self.watchlist.settled.values()), {}
        await asyncio.gather(*(self._settle(each) for each in settled))

    async def _settle(self, settled: SettledSession) -> None:
        """Send an outcome, unless it was sent, and go on with the session unless that was its end."""
        session_id, session, is_sent = settled.session_id, settled.session, True
        if session is not None and self._sent.get(session_id) != (settled.outcome, session.updated_at):
            is_sent = await self._report_when_due(session_id, session)
        if is_sent and (settled.outcome in FINAL or (session is not None and is_over(session))):
            self._sent.pop(session_id, None)
            return
        if is_sent and session is not None:
            self._sent[session_id] = settled.outcome, session.updated_at
        self.add(session_id)

    async def _report_when_due(self, session_id: str, session: Session) -> bool:
        """Report, after longer and longer pauses while it fails."""
        due, pause = self._pauses.get(session_id, (0.0, self._look_seconds))
        if self._clock.monotonic() < due:
            return False
        if await self.report(session):
            self._pauses.pop(session_id, None)
            return True
        self._pauses[session_id] = self._clock.monotonic() + pause, min(2 * pause, LONGEST_PAUSE)
        return False

    async def report(self, session: Session) -> bool:
        """Send how a session has settled, unless that was done; return whether it is done."""
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
        tag = tag_of(verdict.outcome, pull_requests_of(session), question)
        if SENT_TAG + tag in session.tags:
            return True
        # The first tag goes before the notification, the second after it. A server that is killed between
        # the two leaves the first one alone, so the next one sends again, and says that it may be a repeat.
        is_repeat = CLAIMED_TAG + tag in session.tags
        notification = notification_of(
            session, verdict, rule_in(session.tags) or "", tag=tag, is_repeat=is_repeat
        )
        await self._tag(session, CLAIMED_TAG + tag)
        if not await self._notifier.send(notification):
            return False
        await self._tag(session, SENT_TAG + tag)
        return True

    async def _question(self, session: Session, verdict: Verdict) -> str:
        """Return the id of the last thing that Devin said, which distinguishes one question from the next."""
        last = ""
        if verdict.outcome in QUESTIONS:
            call = ListSessionMessages(session_id=session.session_id, limit=200)
            async for message in self._client.items(call):
                last = message.event_id if message.source == "devin" else last
        return last

    async def _tag(self, session: Session, tag: str) -> None:
        """Tag a session; where that fails its outcome may be sent twice, which is better than never."""
        try:
            await self._client.run(AppendSessionTags(session_id=session.session_id, tags=[tag]))
        except DevinToolsError as error:
            log.warning("tagging a session: %s", error.message)


def is_over(session: Session) -> bool:
    """Return whether nothing more is to be sent of a session: its end was sent, or it sleeps after that.

    The API puts a session to sleep that was idle for a while, one that is done too, and one that is archived.
    """
    verdict, links = judge(session), pull_requests_of(session)
    if verdict is None:
        return False
    if verdict.outcome == "asleep":
        sent = {SENT_TAG + tag_of(outcome, links) for outcome in FINAL}
        return session.is_archived or not sent.isdisjoint(session.tags)
    return verdict.outcome in FINAL and SENT_TAG + tag_of(verdict.outcome, links) in session.tags
