"""Follow the sessions that rules started, and send what becomes of them.

All state is the API's own, so a restart goes on where it was: a session that a rule started bears a tag
that names the rule. All open sessions together cost one list request a look, per 200.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Sequence
from typing import Any

from ..api.messages import ListSessionMessages, Message
from ..api.session import Session
from ..api.sessions import ListSessions
from ..api.shared.fields import path_id
from ..api.tags import AppendSessionTags
from ..client import AsyncClient
from ..client.clock import Clock, WallClock
from ..errors import DevinToolsError
from ..tasks.shared.outcomes import is_open_to_doubt, judge
from ..tasks.shared.structured_output import checked, is_owed
from ..tasks.shared.told_tags import finish_tags, last_told
from ..tasks.wait_sessions import SessionWatchlist, SettledSession
from .notification import (
    CLAIMED_TAG,
    SENT_TAG,
    kind_of_finish,
    notification_of,
    pull_requests_of,
    tag_of,
)
from .notifier import Notifier
from .plans import rule_in, rule_tag
from .rule_models import Rules, RuleSession

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
        self._asked = {rule.name: rule.session for rule in rules.rules}
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
        is_end = settled.outcome in FINAL and settled.certainty == "sure"
        if is_sent and (is_end or (session is not None and is_over(session))):
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
        rule = rule_in(session.tags) or ""
        owed = self._owed_output(rule)
        verdict = judge(session, is_output_required=owed is not None)
        if verdict is None:
            return False
        if is_over(session) or (is_open_to_doubt(verdict) and _was_told_asleep(session)):
            return True
        messages: list[Message] = []
        if verdict.outcome in QUESTIONS or is_open_to_doubt(verdict):
            try:
                messages = await self._messages(session)
            except DevinToolsError as error:
                log.warning("reading what a session says: %s", error.message)
                return False
            verdict = judge(session, is_output_required=owed is not None, messages=messages) or verdict
        output_status, _ = checked(session.structured_output, owed)
        is_question = verdict.outcome in QUESTIONS
        detail = _last_event(messages) if is_question else kind_of_finish(verdict, output_status)
        tag = tag_of(verdict.outcome, pull_requests_of(session), detail)
        if SENT_TAG + tag in session.tags:
            return True
        # The first tag goes before the notification, the second after it. A server that is killed between
        # the two leaves the first one alone, so the next one sends again, and says that it may be a repeat.
        is_repeat = CLAIMED_TAG + tag in session.tags
        notification = notification_of(
            session, verdict, rule, tag=tag, is_repeat=is_repeat, output_status=output_status
        )
        await self._tag(session, CLAIMED_TAG + tag)
        if not await self._notifier.send(notification):
            return False
        await self._tag(session, SENT_TAG + tag)
        return True

    def _owed_output(self, rule: str) -> dict[str, Any] | None:
        """Return the schema of the output that the sessions of a rule must deliver, if they must: no session
        shows what it was asked for."""
        asked = self._asked.get(rule) or RuleSession()
        schema = asked.structured_output_schema
        return schema if is_owed(schema, asked.structured_output_required) else None

    async def _messages(self, session: Session) -> list[Message]:
        call = ListSessionMessages(session_id=session.session_id, limit=200)
        return [message async for message in self._client.items(call)]

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
    verdict = judge(session)
    if verdict is None:
        return False
    if verdict.outcome == "asleep" or verdict.certainty == "likely":
        sent = finish_tags(session) | {_sent_tag(outcome, session) for outcome in FINAL}
        return session.is_archived or not sent.isdisjoint(session.tags)
    if verdict.outcome == "finished":
        kinds = ("", "missing" if session.structured_output is None else "invalid")
        return not finish_tags(session, kinds).isdisjoint(session.tags)
    return verdict.outcome in FINAL and _sent_tag(verdict.outcome, session) in session.tags


def _last_event(messages: Sequence[Message]) -> str:
    """Return the id of the last thing that Devin said, which distinguishes one question from the next."""
    return next((message.event_id for message in reversed(messages) if message.source == "devin"), "")


def _was_told_asleep(session: Session) -> bool:
    """Return whether the last that was sent is that it sleeps: then its messages need not be read again."""
    return last_told(session) == _sent_tag("asleep", session)


def _sent_tag(outcome: str, session: Session) -> str:
    return SENT_TAG + tag_of(outcome, pull_requests_of(session))
