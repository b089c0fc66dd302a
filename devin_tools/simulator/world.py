"""The state of a pretend Devin: sessions, what happens to them next, and when."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..api.shared.fields import bare_id
from .clock import SimulatedClock
from .file_store import FileStore
from .paging import Cut, cut_page
from .refusal import Refusal
from .store import ResourceStore

ORG_ID = "org-5e0f0000000000000000000000000001"
SERVICE_USER_ID = "service-user-simulator"
INHERITED_PLAYBOOK = f"playbook-{1:032x}"
"""The playbook of the samples that the organisation has from its enterprise."""
SECONDS_PER_ACU = 900.0
"""About a quarter of an hour of work for one ACU, as the vendor describes it."""

ENDED = frozenset({"exit", "error"})


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """One thing that happens to a session, some seconds after the step before."""

    after: float
    act: Callable[[World, SessionRecord], None]


@dataclass
class SessionRecord:
    """A session as the world keeps it."""

    session_id: str
    number: int
    prompt: str
    scenario: str
    created_at: float
    updated_at: float
    asked: dict[str, Any]
    """The fields of the create call, by name."""
    title: str | None = None
    status: str = "new"
    status_detail: str | None = None
    tags: list[str] = field(default_factory=list)
    pull_requests: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    structured_output: dict[str, Any] | None = None
    category: str | None = None
    is_archived: bool = False
    acus: float = 0.0
    working_since: float | None = None
    intervals: list[tuple[float, float]] = field(default_factory=list)
    """Begin and end of each time of work that is over."""
    parent: str | None = None
    """The id of the session that spawned it."""
    children: list[str] = field(default_factory=list)
    analysis_at: float | None = None
    """When its analysis is ready, once one was asked for."""
    script: int = 0
    """Which script is running: steps of an earlier one are dropped."""

    @property
    def user_id(self) -> str | None:
        """The user on whose behalf it was created, if there is one."""
        return self.asked.get("create_as_user_id")

    @property
    def origin(self) -> str:
        """Where it was started from: the samples have some of an automation."""
        return "automation" if self.asked.get("automation_id") else "api"

    def to_wire(self, now: float, *, full: bool) -> dict[str, Any]:
        """Return the session as the API sends it. Get and list fill more than the other answers."""
        asked = self.asked
        return {
            "session_id": self.session_id,
            "url": f"https://app.devin.ai/sessions/{self.session_id}",
            "status": self.status,
            "status_detail": self.status_detail if full else None,
            "org_id": ORG_ID,
            "created_at": int(self.created_at),
            "updated_at": int(self.updated_at),
            "acus_consumed": round(self.spent(now), 2),
            "tags": list(self.tags),
            "pull_requests": [{key: pr[key] for key in ("pr_url", "pr_state")} for pr in self.pull_requests],
            "title": self.title,
            "user_id": self.user_id,
            "service_user_id": SERVICE_USER_ID,
            "playbook_id": asked.get("playbook_id"),
            "parent_session_id": self.parent,
            "child_session_ids": list(self.children),
            "is_archived": self.is_archived,
            "structured_output": self.structured_output if full else None,
            "origin": self.origin,
            "category": self.category if full else None,
            "subcategory": "Other" if full and self.category else None,
            "devin_mode": asked.get("devin_mode") or "normal",
            "automation_id": asked.get("automation_id"),
        }

    def limit_at(self) -> float | None:
        """Return when the session's own ACU limit will stop it, while it works."""
        limit, since = self.asked.get("max_acu_limit"), self.working_since
        return None if limit is None or since is None else since + (limit - self.acus) * SECONDS_PER_ACU

    def spent(self, now: float) -> float:
        """Count the ACUs spent until now."""
        since = self.working_since
        return self.acus + (0.0 if since is None else (now - since) / SECONDS_PER_ACU)


class World:
    """All sessions, and a queue of what happens next. Ids come from the seed."""

    def __init__(self, clock: SimulatedClock, *, seed: int = 0, scenario: str = "finishes"):
        self.clock = clock
        self.now = clock.now()
        """The time of the request being answered: it stands still until the next one."""
        self.scenario = scenario
        self.org_id = ORG_ID
        self.sessions: dict[str, SessionRecord] = {}
        self.files = FileStore()
        self._stores: dict[str, ResourceStore] = {}
        self._samples: dict[str, Callable[[World], None]] = {}
        self.random = random.Random(seed)  # noqa: S311 - repeatable ids, no secrets
        self.cut_page: Cut = cut_page
        """How pages are cut out of lists; a fault puts its own way here for one request."""
        self._stale: dict[str, tuple[float, SessionRecord | None]] = {}
        self._in_order: list[SessionRecord] = []
        self._due: list[tuple[float, int, str, int, tuple[ScenarioStep, ...]]] = []
        self._limits: list[tuple[float, str]] = []
        self._order = itertools.count()

    def begin(self, prompt: str, scenario: str, at: float, asked: dict[str, Any]) -> SessionRecord:
        """Create a session, which begins at this moment."""
        record = SessionRecord(
            session_id=self.new_id(),
            number=len(self.sessions) + 1,
            prompt=prompt,
            scenario=scenario,
            created_at=at,
            updated_at=at,
            asked=asked,
            title=asked.get("title"),
            tags=list(dict.fromkeys(asked.get("tags") or [])),
        )
        self.add(record)
        self.say(record, "user", prompt)
        return record

    def new_id(self) -> str:
        """Return 32 hex digits, as real answers carry."""
        return f"{self.random.getrandbits(128):032x}"

    def store(self, noun: str) -> ResourceStore:
        """Return the store of one kind of resource, such as "Playbook"."""
        store = self._stores.get(noun)
        if store is None:
            store = self._stores[noun] = ResourceStore(noun)
            if (add_samples := self._samples.pop(noun, None)) is not None:
                add_samples(self)
        return store

    def furnish(self, noun: str, add_samples: Callable[[World], None]) -> None:
        """Have samples added to a store, which is empty so far, when it is first used."""
        self._samples[noun] = add_samples

    def session(self, session_id: str) -> SessionRecord:
        """Find a session by its path id; refuse with 404."""
        record = self.sessions.get(bare_id(session_id))
        if record is None:
            raise Refusal(404, "Session not found")
        return record

    def add(self, record: SessionRecord) -> None:
        """Keep a new session."""
        self.sessions[record.session_id] = record
        self._in_order.append(record)

    def newest_first(self, before: int | None = None) -> Iterator[SessionRecord]:
        """List the sessions whose number is below `before`; without it, all."""
        start = len(self._in_order) if before is None else min(before - 1, len(self._in_order))
        return (self._in_order[i] for i in range(start - 1, -1, -1))

    def hold_back(self, session_id: str, before: SessionRecord | None, until: float) -> None:
        """Keep a write of a session out of lists until a time: they show `before`, or nothing."""
        held = self._stale.get(session_id)
        if held and held[0] > self.now:
            until, before = max(until, held[0]), held[1]
        self._stale[session_id] = (until, before)

    def as_listed(self, record: SessionRecord) -> SessionRecord | None:
        """Return a session as lists show it; `None` when they do not show it yet."""
        held = self._stale.get(record.session_id) if self._stale else None
        if held is None:
            return record
        if held[0] > self.now:
            return held[1]
        del self._stale[record.session_id]
        return record

    def play(self, record: SessionRecord, steps: tuple[ScenarioStep, ...]) -> None:
        """Schedule steps from the session's last change on, in place of whatever was to come."""
        record.script += 1
        self._schedule(record.updated_at, record, steps)

    def _schedule(self, start: float, record: SessionRecord, steps: tuple[ScenarioStep, ...]) -> None:
        if steps:
            entry = (start + steps[0].after, next(self._order), record.session_id, record.script, steps)
            heapq.heappush(self._due, entry)

    def catch_up(self) -> None:
        """Perform all steps that are due by now, in order of time."""
        self.now = self.clock.now()
        queues: tuple[list[Any], ...] = self._due, self._limits
        while (due := min(queue[0][0] if queue else math.inf for queue in queues)) <= self.now:
            if self._limits and self._limits[0][0] <= due:
                self._stop(*heapq.heappop(self._limits))
            else:
                _, _, session_id, script, steps = heapq.heappop(self._due)
                if self.sessions[session_id].script == script:
                    self._happen(due, self.sessions[session_id], steps)

    def _stop(self, due: float, session_id: str) -> None:
        """Stop a session that has spent its own ACU limit, if it worked all the way here."""
        record = self.sessions[session_id]
        if record.limit_at() == due:
            record.updated_at = due
            self.set_state(record, "suspended", "usage_limit_exceeded")
            self.play(record, ())

    def _happen(self, due: float, record: SessionRecord, steps: tuple[ScenarioStep, ...]) -> None:
        record.updated_at = due
        steps[0].act(self, record)
        self._schedule(due, record, steps[1:])

    def set_state(self, record: SessionRecord, status: str, detail: str | None = None) -> None:
        """Move a session to a state; ACUs run only while it works."""
        now = record.updated_at
        if record.working_since is not None:
            record.intervals.append((record.working_since, now))
        record.acus, record.working_since = record.spent(now), None
        record.status, record.status_detail = status, detail
        if (status, detail) == ("running", "working"):
            record.working_since = now
            if (limit_at := record.limit_at()) is not None:
                heapq.heappush(self._limits, (limit_at, record.session_id))

    def say(self, record: SessionRecord, source: str, text: str) -> None:
        """Add a message to a session."""
        event_id, created_at = f"evt-{self.new_id()[:16]}", int(record.updated_at)
        message = {"event_id": event_id, "source": source, "message": text, "created_at": created_at}
        record.messages.append(message)
