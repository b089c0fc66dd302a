"""Receive events: start the session that the rules want for each alert, once, and say which it is.

There is no state here. The same alert within its window adopts the session that it started, which is
found by the tag of the alert.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from cachetools import FIFOCache

from ..api.messages import ListSessionMessages, SendMessage
from ..api.sessions import ArchiveSession, ListSessions, Session, TerminateSession, UnarchiveSession
from ..api.shared.fields import bare_id
from ..api.shared.once import tag_of_key
from ..api.tags import AppendSessionTags
from ..client.clients import AsyncClient
from ..client.clock import Clock, WallClock
from ..errors import DevinToolsError
from ..hookspecs import Reader
from ..local.locks import held
from ..paging.pages import require_whole
from .alert import Alert, digest
from .events import read_event
from .follower import Follower
from .notification import Notification, headline_of
from .notifier import Notifier
from .plans import Plan, alert_tag, plan, rule_for, rule_in
from .rule_files import Rules
from .rule_models import Rule
from .secrets import without_secrets
from .storms import Storms

log = logging.getLogger("devin_tools.pipelines")

REMEMBERED = 10_000
ENDED = frozenset({"exit", "error"})
"""Statuses that no message changes."""

_DONE = {"message": "messaged", "archive": "archived"}

RESOLVED_TAG = "alert-resolved:"
"""Marks a session whose alert is over, so that it is told, or archived, once."""


@dataclass(frozen=True, slots=True)
class Received:
    """What was done about one alert."""

    alert: str
    """Its name."""

    done: str
    """`created`, `adopted`, `reopened`, `collapsed`, `messaged`, `archived`, `nothing`, `failed`."""

    reason: str
    session_id: str | None = None
    session_url: str | None = None


@dataclass(slots=True)
class Effort:
    """What one alert has in common over all its tries."""

    since: float
    """When it came: its window, and so its idempotency key, are of this time."""
    begun: set[str] = field(default_factory=set)
    """Steps that an earlier try has begun, and may have done."""


class Receiver:
    """Acts on events."""

    def __init__(
        self,
        client: AsyncClient,
        rules: Rules,
        readers: Mapping[str, Reader],
        teller: Notifier,
        follower: Follower | None = None,
        *,
        clock: Clock | None = None,
    ):
        self._client = client
        self._rules = rules
        self._readers = readers
        self._teller = teller
        self._clock = clock or WallClock()
        self._follower = follower
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._known: FIFOCache[str, Received] = FIFOCache(REMEMBERED)
        """What keys started, as far as this process knows: most repeats ask nothing of the API."""
        self._storms = Storms(client, self._clock)

    def read(self, headers: Mapping[str, str], body: bytes, reader: str | None = None) -> tuple[Alert, ...]:
        """Read an event; raises `UnreadableEvent`."""
        return read_event(headers, body, self._readers, reader=reader).alerts

    def retry_for(self, alert: Alert) -> int:
        """Return the seconds for which an alert is tried again."""
        rule = rule_for(alert, self._rules)
        return rule.retry_for if rule else 0

    async def receive(self, alert: Alert, effort: Effort | None = None) -> Received:
        """Do what the rules want for an alert; raises what a call raises.

        Another try of the same effort goes on where the first one failed, and doubles nothing.
        """
        effort = effort or Effort(self._clock.now())
        made = plan(alert, self._rules, now=effort.since)
        if alert.is_resolved and made.rule is not None and made.rule.start:
            return await self._resolve(alert, effort)
        if made.action != "start":
            return Received(alert.name, "nothing", made.reason)
        assert made.call is not None and made.call.idempotency_key is not None
        name = made.call.idempotency_key
        async with self._locks.setdefault(name, asyncio.Lock()):
            received = self._known.get(name)
            if received is None:
                async with held(name, self._client.settings, kind="alert"):
                    received = await self._start(made, name, effort)
        return received

    def _remember(self, name: str, received: Received) -> None:
        again = "this alert started it before, within the same window"
        self._known[name] = Received(
            received.alert, "adopted", again, received.session_id, received.session_url
        )

    async def _start(self, made: Plan, name: str, effort: Effort) -> Received:
        """Go on with the session that the alert started, or create it, unless the rule has started enough."""
        assert made.call is not None and made.rule is not None
        session = await self._earlier(made, effort)
        if session is not None:
            done, reason = await self._go_on(session, made.call.prompt, effort)
        else:
            async with self._storms.turn(made.rule) as started:
                if started is not None:
                    session = created = await self._client.run(made.call)
                    started.add(bare_id(created.session_id))
                    done, reason = str(created.creation), made.reason
            if session is None:
                await self._report_storm(made.rule)
                most = f"{made.rule.storm_limit} sessions in its window"
                return Received(made.alert.name, "collapsed", f"the rule {made.rule.name} has started {most}")
            session = await self._end_doubles(tag_of_key(name), session)
        if self._follower is not None:
            self._follower.add(session.session_id)
        received = Received(made.alert.name, done, reason, _bare(session), session.url)
        is_of_this_key = tag_of_key(name) in session.tags  # else its window ends before that of the key
        if is_of_this_key and made.rule.on_resolved != "archive":  # which another server may do
            self._remember(name, received)
        return received

    async def _earlier(self, made: Plan, effort: Effort) -> Session | None:
        """Find the session that the alert started less than a window ago, under whichever key."""
        assert made.rule is not None
        since = effort.since - made.rule.window
        found = await self._tagged(made.alert_tag, created_after=int(since))
        return next((session for session in found if (session.created_at or 0) > since), None)

    async def _go_on(self, session: Session, prompt: str, effort: Effort) -> tuple[str, str]:
        """Adopt a session; one that was archived because its alert was over is told that it fires again."""
        was_over = any(tag.startswith(RESOLVED_TAG) for tag in session.tags)
        step = f"reopen {session.session_id}"
        is_to_open = (session.is_archived and was_over) or step in effort.begun
        if not is_to_open or session.status in ENDED:
            archived = "; it is archived" if session.is_archived else ""
            return "adopted", f"this alert started it before, within the same window{archived}"
        effort.begun.add(step)
        if session.is_archived:
            await self._client.run(UnarchiveSession(session_id=session.session_id))
        await self._say(session.session_id, f"The alert fires again.\n\n{prompt}", effort)
        return "reopened", "the alert fires again, and its session was archived"

    async def _say(self, session_id: str, message: str, effort: Effort) -> None:
        """Send a message, unless an earlier try has sent it."""
        step = f"say {session_id}"
        if step in effort.begun:
            async for page in self._client.pages(ListSessionMessages(session_id=session_id, limit=200)):
                for said in require_whole(page).messages:
                    is_later = (said.created_at or math.inf) >= int(effort.since)
                    if said.source == "user" and said.message == message and is_later:
                        return
        effort.begun.add(step)
        await self._client.run(SendMessage(session_id=session_id, message=message))

    async def _tagged(self, tag: str, **filters: Any) -> list[Session]:
        """List the sessions with a tag, the oldest first; the API's filter of tags is not relied on."""
        calls = (ListSessions(tags=[tag], limit=200, is_archived=is_, **filters) for is_ in (False, True))
        pages = await asyncio.gather(*map(self._client.run, calls))
        found = [session for page in pages for session in require_whole(page).sessions if tag in session.tags]
        return sorted(found, key=lambda session: (session.created_at or math.inf, session.session_id))

    async def _end_doubles(self, tag: str, created: Session) -> Session:
        """End what a server on another machine started at the same moment; the oldest stays, and is given."""
        oldest, *doubles = await self._tagged(tag) or [created]
        for session in doubles:
            try:
                await self._client.run(TerminateSession(session_id=session.session_id), confirm=True)
                log.warning("two servers started a session for one alert: the younger was ended")
            except DevinToolsError as error:
                log.error("two servers started a session for one alert: %s", error.message)
        return oldest

    async def _report_storm(self, rule: Rule) -> None:
        """Tell of a storm, once in its window."""
        if not self._storms.is_news(rule):
            return
        advice = f"The rule {rule.name} starts {rule.storm_limit} sessions in {rule.window} seconds at most."
        news = Notification(
            id=digest("storm", rule.name, self._storms.begin(rule)),
            outcome="storm",
            headline=headline_of("storm"),
            advice=advice,
            rule=rule.name,
        )
        await self._teller.insist(news)

    async def _resolve(self, alert: Alert, effort: Effort) -> Received:
        """Message or archive the sessions of an alert that is over, as the rule that started them says."""
        tagged = await self._tagged(alert_tag(alert))
        sessions = [one for one in tagged if not one.is_archived or one.session_id in effort.begun]
        if not sessions:
            return Received(alert.name, "nothing", "the alert is resolved, and has no open session")
        session = sessions[-1]
        made = plan(alert, self._rules, now=effort.since, started_by=rule_in(session.tags))
        mark = RESOLVED_TAG + digest(alert.fired_time, alert.fingerprint)[:16]
        done = _DONE.get(made.action, "nothing")
        if done == "nothing":
            return Received(alert.name, done, made.reason, _bare(session), session.url)
        was_told = mark in session.tags and session.session_id not in effort.begun
        if made.action == "message" and was_told:
            return Received(alert.name, "nothing", "its session was told before", _bare(session), session.url)
        effort.begun.add(session.session_id)
        await self._client.run(AppendSessionTags(session_id=session.session_id, tags=[mark]))
        if made.action == "archive":
            await self._client.run(ArchiveSession(session_id=session.session_id))
        elif made.message is not None:
            await self._say(session.session_id, made.message, effort)
        return Received(alert.name, done, made.reason, _bare(session), session.url)

    async def report_failure(
        self, alert: Alert, error: DevinToolsError, *, is_lost: bool = False
    ) -> Received:
        """Tell that an alert could not be acted on: its sender may have been answered already."""
        rule, (shown, _) = rule_for(alert, self._rules), without_secrets(alert)
        outcome = "lost" if is_lost else "not_closed" if alert.is_resolved else "not_started"
        log.error("the alert %s: %s", shown.name, headline_of(outcome))
        news = Notification(
            id=digest(outcome, alert.fingerprint, self._clock.now()),
            outcome=outcome,
            headline=headline_of(outcome),
            advice=error.message,
            rule=rule.name if rule else "",
            title=shown.name,
        )
        await self._teller.insist(news)
        return Received(shown.name, "failed", error.message)


def _bare(session: Session) -> str:
    return bare_id(session.session_id)
