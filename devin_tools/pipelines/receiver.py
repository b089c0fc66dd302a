"""Receive events: start the session that the rules want for each alert, once, and return which it is.

No state is kept here but caches. The same alert within its window adopts the session that it started,
which is found by the tag of the alert.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakValueDictionary

from cachetools import FIFOCache

from ..api.messages import ListSessionMessages, SendMessage
from ..api.session import Session
from ..api.sessions import ArchiveSession, ListSessions, TerminateSession, UnarchiveSession
from ..api.shared.fields import bare_id
from ..api.shared.once import tag_of_key
from ..api.tags import AppendSessionTags
from ..client import AsyncClient
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
from .rule_models import Rule, Rules
from .secrets import without_secrets
from .storms import Storms

log = logging.getLogger("devin_tools.pipelines")

REMEMBERED = 10_000
ENDED = frozenset({"exit", "error"})
"""Statuses that no message changes."""

ADOPTED = "this alert started it before, within the same window"

RESOLVED_TAG = "alert-resolved:"
"""Prefix of the tag of a session whose alert is over: it is told so, or archived, once."""


@dataclass(frozen=True, slots=True)
class Received:
    """What was done about one alert."""

    alert: str
    """Its name."""

    done: str
    """`created`, `adopted`, `reopened`, `collapsed`, `messaged`, `archived`, `nothing`, `failed`; of what
    could not be read, `unreadable`."""

    reason: str
    session_id: str | None = None
    session_url: str | None = None


@dataclass(slots=True)
class RetryState:
    """What all tries of one alert share."""

    since: float
    """When it came, in seconds since 1970: its window, and so its idempotency key, are of this time."""
    begun: set[str] = field(default_factory=set)
    """What an earlier try has begun, and may have done: `reopen ID`, `message ID`, `resolve ID`."""


class Receiver:
    """Acts on events."""

    def __init__(
        self,
        client: AsyncClient,
        rules: Rules,
        readers: Mapping[str, Reader],
        notifier: Notifier,
        follower: Follower | None = None,
        *,
        clock: Clock | None = None,
    ):
        self._client = client
        self._rules = rules
        self._readers = readers
        self._notifier = notifier
        self._clock = clock or WallClock()
        self._follower = follower
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._known: FIFOCache[str, Received] = FIFOCache(REMEMBERED)
        """What keys started, as far as this process knows: most repeats ask nothing of the API."""
        self._storms = Storms(client, self._clock)

    def read(self, headers: Mapping[str, str], body: bytes) -> tuple[Alert, ...]:
        """Return the alerts of an event; raise `UnreadableEvent`."""
        return read_event(headers, body, self._readers).alerts

    def retry_for(self, alert: Alert) -> int:
        """Return the seconds for which an alert is tried again."""
        rule = rule_for(alert, self._rules)
        return rule.retry_for if rule else 0

    async def receive(self, alert: Alert, state: RetryState | None = None) -> Received:
        """Do what the rules want for an alert; raises what a call raises.

        Another try with the same state goes on where the first one failed, and doubles nothing.
        """
        state = state or RetryState(self._clock.now())
        if alert.is_resolved and (rule := rule_for(alert, self._rules)) is not None and rule.start:
            return await self._resolve(alert, state)
        decided = plan(alert, self._rules, now=state.since)
        if decided.call is None:
            return _received(alert, "nothing", decided.reason)
        name = decided.call.idempotency_key
        assert name is not None
        # Two tasks of this process, then two processes of this machine, take turns at one alert: the second
        # finds what the first has started. Servers on two machines do not see each other's locks; what they
        # do at the same moment is found afterwards, by `_end_doubles`.
        async with self._locks.setdefault(name, asyncio.Lock()):
            received = self._known.get(name)
            if received is None:
                async with held(name, self._client.settings, kind="alert"):
                    received = await self._start(decided, name, state)
        return received

    async def _start(self, decided: Plan, name: str, state: RetryState) -> Received:
        """Go on with the session that the alert started, or create it, unless the rule has started enough."""
        alert, call, rule = decided.alert, decided.call, decided.rule
        assert call is not None and rule is not None
        session = await self._earlier(decided.alert_tag, state.since - rule.window)
        if session is not None:
            done, reason = await self._go_on(session, call.prompt, state)
        else:
            # The lock of the rule is taken inside of that of the alert, never the other way round.
            async with self._storms.turn(rule) as started:
                if started is not None:
                    session = created = await self._client.run(call)
                    started.add(bare_id(created.session_id))
                    done, reason = str(created.creation), decided.reason
            if session is None:
                await self._report_storm(rule)
                most = f"{rule.storm_limit} sessions in its window"
                return _received(alert, "collapsed", f"the rule {rule.name} has started {most}")
            session = await self._end_doubles(tag_of_key(name), session)
        if self._follower is not None:
            self._follower.add(session.session_id)
        received = _received(alert, done, reason, session)
        # Remember only what this key started: the window of an adopted session may end sooner. Nothing where
        # the rule archives: another server may have archived the session since.
        if tag_of_key(name) in session.tags and rule.on_resolved != "archive":
            self._known[name] = replace(received, done="adopted", reason=ADOPTED)
        return received

    async def _earlier(self, tag: str, since: float) -> Session | None:
        """Find the oldest session with the tag of an alert that was created after a time.

        The idempotency key alone does not find it: keys change at fixed times, so an alert that fires at
        11:59 and at 12:01 has two, and its window of an hour begins with its session.
        """
        found = await self._tagged(tag, created_after=int(since))
        return next((session for session in found if (session.created_at or 0) > since), None)

    async def _go_on(self, session: Session, prompt: str, state: RetryState) -> tuple[str, str]:
        """Adopt a session; one that was archived because its alert was over is told that it fires again."""
        was_over = any(tag.startswith(RESOLVED_TAG) for tag in session.tags)
        step = f"reopen {session.session_id}"
        # A try that opened it and failed at the message finds it open: what it had begun is still to be done.
        is_to_open = (session.is_archived and was_over) or step in state.begun
        if not is_to_open or session.status in ENDED:
            return "adopted", ADOPTED + ("; it is archived" if session.is_archived else "")
        state.begun.add(step)
        if session.is_archived:
            await self._client.run(UnarchiveSession(session_id=session.session_id))
        await self._send_message(session.session_id, f"The alert fires again.\n\n{prompt}", state)
        return "reopened", "the alert fires again, and its session was archived"

    async def _send_message(self, session_id: str, message: str, state: RetryState) -> None:
        """Send a message, unless an earlier try has sent it."""
        step = f"message {session_id}"
        if step in state.begun:  # its answer may have been lost: look whether it arrived
            async for page in self._client.pages(ListSessionMessages(session_id=session_id, limit=200)):
                for sent in require_whole(page).messages:
                    is_later = (sent.created_at or math.inf) >= int(state.since)
                    if sent.source == "user" and sent.message == message and is_later:
                        return
        state.begun.add(step)
        await self._client.run(SendMessage(session_id=session_id, message=message))

    async def _tagged(self, tag: str, **filters: Any) -> list[Session]:
        """List the sessions with a tag, the oldest first: the newest 200 that are archived, and that are not.

        It is not documented whether the API's filter takes part of a tag for the whole: tags are compared.
        """
        calls = (ListSessions(tags=[tag], limit=200, is_archived=is_, **filters) for is_ in (False, True))
        pages = await asyncio.gather(*map(self._client.run, calls))
        found = [session for page in pages for session in require_whole(page).sessions if tag in session.tags]
        return sorted(found, key=lambda session: (session.created_at or math.inf, session.session_id))

    async def _end_doubles(self, tag: str, created: Session) -> Session:
        """End what a server on another machine started at the same moment; return the oldest, which stays."""
        # Both servers sort by the same facts, so both keep the same one, whichever of them looks first.
        oldest, *doubles = await self._tagged(tag) or [created]
        for session in doubles:
            try:
                await self._client.run(TerminateSession(session_id=session.session_id), confirm=True)
                log.warning("two servers started a session for one alert: the younger was ended")
            except DevinToolsError as error:
                log.error("two servers started a session for one alert: %s", error.message)
        return oldest

    async def _resolve(self, alert: Alert, state: RetryState) -> Received:
        """Message or archive the newest open session of an alert that is over, as its rule says."""
        tagged = await self._tagged(alert_tag(alert))
        sessions = [
            one for one in tagged if not one.is_archived or f"resolve {one.session_id}" in state.begun
        ]
        if not sessions:
            return _received(alert, "nothing", "the alert is resolved, and has no open session")
        session = sessions[-1]
        decided = plan(alert, self._rules, now=state.since, started_by=rule_in(session.tags))
        if decided.action not in ("message", "archive"):
            return _received(alert, "nothing", decided.reason, session)
        # The tag goes before the act. A vendor that sends the same end twice finds it and does nothing; only
        # this alert's own further tries know that the act itself may have failed, and do it.
        tag = RESOLVED_TAG + digest(alert.fired_time, alert.fingerprint)[:16]
        step = f"resolve {session.session_id}"
        was_told = tag in session.tags and step not in state.begun
        if decided.action == "message" and was_told:
            return _received(alert, "nothing", "its session was told before", session)
        state.begun.add(step)
        await self._client.run(AppendSessionTags(session_id=session.session_id, tags=[tag]))
        if decided.message is None:
            await self._client.run(ArchiveSession(session_id=session.session_id))
            return _received(alert, "archived", decided.reason, session)
        await self._send_message(session.session_id, decided.message, state)
        return _received(alert, "messaged", decided.reason, session)

    async def _report_storm(self, rule: Rule) -> None:
        """Report a storm, once in its window."""
        if self._storms.is_unreported(rule):
            most = f"starts {rule.storm_limit} sessions in {rule.window} seconds at most"
            id_ = digest("storm", rule.name, self._storms.window_start(rule))
            await self._report("storm", id_, f"The rule {rule.name} {most}.", rule)

    async def report_failure(
        self, alert: Alert, error: DevinToolsError, *, is_lost: bool = False
    ) -> Received:
        """Report that an alert could not be acted on: its sender may have been answered already."""
        shown, _ = without_secrets(alert)
        outcome = "lost" if is_lost else "not_closed" if alert.is_resolved else "not_started"
        log.error("the alert %s: %s", shown.name, headline_of(outcome))
        id_ = digest(outcome, alert.fingerprint, self._clock.now())
        await self._report(outcome, id_, error.message, rule_for(alert, self._rules), shown.name)
        return Received(shown.name, "failed", error.message)

    async def _report(self, outcome: str, id_: str, advice: str, rule: Rule | None, title: str = "") -> None:
        notification = Notification(
            id=id_,
            outcome=outcome,
            headline=headline_of(outcome),
            advice=advice,
            rule=rule.name if rule else "",
            title=title,
        )
        await self._notifier.send_until_taken(notification)


def _received(alert: Alert, done: str, reason: str, session: Session | None = None) -> Received:
    if session is None:
        return Received(alert.name, done, reason)
    return Received(alert.name, done, reason, bare_id(session.session_id), session.url)
