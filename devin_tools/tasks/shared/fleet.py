"""The sessions of one `devin_fan_out`: found again, started, watched."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...api.create_session import CreateSession
from ...api.session import CreatedSession, Session
from ...api.sessions import ListSessions
from ...api.shared.fields import path_id
from ...api.shared.once import retry_reads, tag_of_key
from ...errors import Busy, ConnectionFailed, DevinToolsError, Forbidden, MissingSetting, Unauthenticated
from ...flow import OUT_OF_TIME, Flow, Monotonic, Progress
from ...paging.pages import Walk, whole
from ...tool import perform
from ..session_events import Event
from ..wait_session import sleep_until
from ..wait_sessions import SessionWatchlist

FAN_TAG = "devin-tools-fan-out:"
"""How the tag begins that all sessions of one fan-out bear: all are found with one request."""

FATAL_ERRORS = (ConnectionFailed, Forbidden, MissingSetting, Unauthenticated)
"""Errors that every further session would meet too: when the first meets one, none is started."""


@dataclass
class FleetItem:
    """One item: its key, what its session is to be, and what became of it."""

    item: Any
    key: str
    fields: dict[str, Any]
    session: CreatedSession | None = None
    error: DevinToolsError | None = None

    @property
    def is_open(self) -> bool:
        """Whether its session is still to be started."""
        return self.session is None and self.error is None


class Fleet:
    """The items of a fan-out, of which a limited number are at work at a time."""

    def __init__(
        self,
        key: str,
        values: Iterable[Any],
        max_parallel: int,
        settle_seconds: float,
        *,
        is_output_required: bool = False,
    ):
        self.key = key
        self.tag = FAN_TAG + hashlib.sha256(key.encode()).hexdigest()[:32]
        self.items = [FleetItem(item, key, {}) for item, key in _keyed(key, values)]
        self.watchlist = SessionWatchlist(
            (), settle_seconds, len(self.items), is_output_required=is_output_required
        )
        self._max_parallel = max_parallel

    @property
    def has_open(self) -> bool:
        """Whether any session is still to be started."""
        return any(one.is_open for one in self.items)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to start or to wait for."""
        return not self.watchlist.open and not self.has_open

    @property
    def can_start(self) -> bool:
        """Whether one more can be started. Who looks settled is at work no more, though its hold runs on.

        A slice may be shorter than that hold, and must start something all the same.
        """
        return self.watchlist.at_work < self._max_parallel and self.has_open

    def adopt(self) -> Flow[None]:
        """Find the sessions that an earlier call started: one list request for each 200 of them."""
        found: dict[str, Session] = {}
        for is_archived in (False, True):
            walk = Walk(ListSessions(tags=[self.tag], is_archived=is_archived, limit=200))
            while walk.next is not None:
                page = walk.take((yield from retry_reads(partial(whole, walk.next))))
                for session in page.sessions:
                    for tag in session.tags:
                        found[tag] = _older(found.get(tag), session)
        for one in self.items:
            if earlier := found.get(tag_of_key(one.key)):
                values = earlier.model_dump(exclude_unset=True) | {"creation": "adopted"}
                self._take(one, CreatedSession.model_validate(values))

    def start(self, end: float) -> Flow[None]:
        """Start as many as may be at work, before time is up."""
        for one in self.items:
            if not self.can_start or (yield Monotonic()) >= end:
                return
            if one.is_open:
                yield from self._create(one)

    def _create(self, one: FleetItem) -> Flow[None]:
        try:
            created = yield from perform(CreateSession(**one.fields, idempotency_key=one.key), end=-math.inf)
        except Busy:  # its turn comes later: others are started meanwhile
            return
        except DevinToolsError as error:
            if isinstance(error, FATAL_ERRORS) and not any(other.session for other in self.items):
                raise
            one.error = error
            return
        self._take(one, created)
        count = sum(other.session is not None for other in self.items)
        event = Event(kind="status", session=created)
        yield Progress(f"{count} of {len(self.items)} {created.creation}", event)

    def _take(self, one: FleetItem, session: CreatedSession) -> None:
        one.session = session
        self.watchlist.add(path_id(session.session_id))

    def look(self, end: float) -> Flow[None]:
        """Look at all that are at work; when faults outlast the time, they count as they were last seen."""
        if not self.watchlist.open:
            return
        try:
            yield from self.watchlist.look(end)
        except DevinToolsError as error:
            if error.gave_up != OUT_OF_TIME:
                raise
            yield from sleep_until(end)


def _keyed(key: str, items: Iterable[Any]) -> Iterable[tuple[Any, str]]:
    """Assign each item a key of its own, which does not change when other items come or go."""
    seen: Counter[str] = Counter()
    for item in items:
        text = json.dumps(item, sort_keys=True)
        seen[text] += 1
        yield item, f"{key}\n{text}\n{seen[text]}"


def _older(known: Session | None, found: Session) -> Session:
    is_older = known is not None and (known.created_at or 0) <= (found.created_at or 0)
    return known if known is not None and is_older else found
