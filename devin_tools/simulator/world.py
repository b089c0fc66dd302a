"""The state of a pretend Devin: sessions, what happens to them next, and when."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..api.shared.fields import bare_id
from .clock import EPOCH, SimulatedClock
from .file_store import FileStore
from .paging import Cut, cut_page
from .principals import ORG_ID as ORG_ID
from .principals import OTHER_ORG_ID, Principal, Token
from .principals import SERVICE_USER_ID as SERVICE_USER_ID
from .refusal import Refusal
from .store import ResourceStore

INHERITED_PLAYBOOK = f"playbook-{1:032x}"
"""The playbook of the samples that the organisations have from their enterprise."""
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
    """Which of its organisation's sessions it is, counted from 1."""
    prompt: str
    scenario: str
    created_at: float
    updated_at: float
    asked: dict[str, Any]
    """The fields of the create call, by name."""
    org_id: str = ORG_ID
    order: int = 0
    """Which of the enterprise's sessions it is, counted from 1."""
    service_user_id: str = SERVICE_USER_ID
    """The service user that started it."""
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
    is_deleted: bool = False
    """Whether its organisation was deleted, and it with it."""

    @property
    def user_id(self) -> str | None:
        """The user on whose behalf it was created, if there is one."""
        return self.asked.get("create_as_user_id")

    @property
    def origin(self) -> str:
        """Where it was started from: the samples have some of an automation."""
        return self.asked.get("origin") or ("automation" if self.asked.get("automation_id") else "api")

    def to_wire(self, now: float, *, full: bool) -> dict[str, Any]:
        """Return the session as the API sends it. Get and list fill more than the other answers."""
        asked = self.asked
        return {
            "session_id": self.session_id,
            "url": f"https://app.devin.ai/sessions/{self.session_id}",
            "status": self.status,
            "status_detail": self.status_detail if full else None,
            "org_id": self.org_id,
            "created_at": int(self.created_at),
            "updated_at": int(self.updated_at),
            "acus_consumed": round(self.spent(now), 2),
            "tags": list(self.tags),
            "pull_requests": [{key: pr[key] for key in ("pr_url", "pr_state")} for pr in self.pull_requests],
            "title": self.title,
            "user_id": self.user_id,
            "service_user_id": self.service_user_id,
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
        """Return when its own ACU limit, or that of its organisation, will stop it, while it works."""
        limit, since = self.asked.get("max_acu_limit") or self.asked.get("acu_ceiling"), self.working_since
        return None if limit is None or since is None else since + (limit - self.acus) * SECONDS_PER_ACU

    def spent(self, now: float) -> float:
        """Count the ACUs spent until now."""
        since = self.working_since
        return self.acus + (0.0 if since is None else (now - since) / SECONDS_PER_ACU)


class World:
    """All sessions of an enterprise, and a queue of what happens next. Ids come from the seed."""

    def __init__(self, clock: SimulatedClock, *, seed: int = 0, scenario: str = "finishes"):
        self.clock = clock
        self.now = clock.now()
        """The time of the request being answered: it stands still until the next one."""
        self.scenario = scenario
        self.scope: str | None = ORG_ID
        """The organisation that the request is about; `None` for one about the enterprise."""
        self.principal = Principal()
        """Who makes the request."""
        self.tokens: dict[str, Token] = {}
        """The keys that were made here."""
        self.audit_log: list[dict[str, Any]] = []
        """What changed something, oldest first."""
        self.sessions: dict[str, SessionRecord] = {}
        self.files = FileStore()
        self._stores: dict[tuple[str, str | None], ResourceStore] = {}
        self._samples: dict[tuple[str, str | None], Callable[[World], None]] = {}
        self._seed = seed
        self._randoms: dict[str, random.Random] = {}
        self._numbers: defaultdict[str, Iterator[int]] = defaultdict(itertools.count)
        self.cut_page: Cut = cut_page
        """How pages are cut out of lists; a fault puts its own way here for one request."""
        self._stale: dict[str, tuple[float, SessionRecord | None]] = {}
        self._in_order: dict[str | None, list[SessionRecord]] = defaultdict(list)
        self._due: list[tuple[float, int, str, int, tuple[ScenarioStep, ...]]] = []
        self._limits: list[tuple[float, str]] = []
        self._timers: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = itertools.count()
        for number, org_id in enumerate((ORG_ID, OTHER_ORG_ID), 1):
            self.furnish("GitPermission", partial(_add_git_permission, number), org_id)
        self.watchers: dict[str, Callable[[World, SessionRecord], None]] = {}
        """What is told of each change of a session's state, by a name of its own."""
        self.query: Sequence[tuple[str, str]] = ()
        """The query of the request, with what no tool takes."""

    def begin(self, prompt: str, scenario: str, at: float, asked: dict[str, Any]) -> SessionRecord:
        """Create a session, which begins at this moment."""
        record = SessionRecord(
            session_id=self.new_id(),
            number=len(self._sessions_of(self.org_id)) + 1,
            prompt=prompt,
            scenario=scenario,
            created_at=at,
            updated_at=at,
            asked=asked,
            org_id=self.org_id,
            service_user_id=self.principal.service_user_id,
            title=asked.get("title"),
            tags=list(dict.fromkeys(asked.get("tags") or [])),
        )
        self.add(record)
        self.say(record, "user", prompt)
        return record

    def new_id(self) -> str:
        """Return 32 hex digits, as real answers carry; each organisation has a sequence of its own."""
        if (made := self._randoms.get(self.org_id)) is None:
            seed = self._seed if self.org_id == ORG_ID else f"{self._seed} {self.org_id}"
            made = self._randoms[self.org_id] = random.Random(seed)  # noqa: S311 - no secrets
        return f"{made.getrandbits(128):032x}"

    @property
    def org_id(self) -> str:
        """The organisation that the request is about; the first one for a request about the enterprise."""
        return self.scope or ORG_ID

    @property
    def organizations(self) -> ResourceStore:
        """The organisations of the enterprise."""
        if ("Organization", None) not in self._stores:
            for org_id, name in ((ORG_ID, "Simulated organisation"), (OTHER_ORG_ID, "Simulated research")):
                self.store("Organization", None).add(org_id, _organization(org_id, name))
        return self.store("Organization", None)

    def store(self, noun: str, *of: str | None) -> ResourceStore:
        """Return the store of a kind of resource, such as "Playbook", in the request's scope or `of` another.

        The enterprise has stores of its own, with `None` in place of an organisation.
        """
        scope = of[0] if of else self.scope
        store = self._stores.get((noun, scope))
        if store is None:
            store = self._stores[noun, scope] = ResourceStore(noun, self._numbers[noun])
            if (add_samples := self._samples.pop((noun, scope), None)) is not None:
                with self.within(scope):
                    add_samples(self)
        return store

    @contextmanager
    def within(self, scope: str | None) -> Iterator[None]:
        """Let what happens be about an organisation, or with `None` about the enterprise."""
        before, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = before

    def furnish(self, noun: str, add_samples: Callable[[World], None], scope: str | None = ORG_ID) -> None:
        """Have samples added to a store, which is empty so far, when it is first used."""
        self._samples[noun, scope] = add_samples

    def _sessions_of(self, scope: str | None) -> list[SessionRecord]:
        """Return the sessions of an organisation, with `None` of all, oldest first.

        The samples of the other organisation are made when first asked for, and have lived till then.
        """
        if scope != ORG_ID and (add_samples := self._samples.pop(("Session", OTHER_ORG_ID), None)):
            with self.within(OTHER_ORG_ID):
                add_samples(self)
            self._perform_due()
            every = sorted(self._in_order[None], key=lambda record: record.created_at)
            for order, record in enumerate(every, 1):  # nobody has a cursor into this list yet
                record.order = order
            self._in_order[None] = every
        return self._in_order[scope]

    def in_scope(self) -> Iterator[SessionRecord]:
        """Yield the sessions that the request is about, oldest first."""
        return (record for record in self._sessions_of(self.scope) if not record.is_deleted)

    def delete_organization(self, org_id: str) -> dict[str, Any]:
        """Delete an organisation with its sessions and all that is kept for it; return what it was."""
        sessions, deleted = self._sessions_of(org_id), self.organizations.remove(org_id)
        for record in sessions:
            record.updated_at, record.is_deleted = self.now, True
            self.set_state(record, "exit")
            self.play(record, ())
        self._stores = {place: store for place, store in self._stores.items() if place[1] != org_id}
        self._samples = {place: add for place, add in self._samples.items() if place[1] != org_id}
        return deleted

    def named(self, session_ids: Iterable[str]) -> Iterator[SessionRecord]:
        """Yield the sessions with these path ids, of those that the request is about."""
        self._sessions_of(self.scope)
        for session_id in session_ids:
            record = self.sessions.get(bare_id(session_id))
            if record and not record.is_deleted and self.scope in (None, record.org_id):
                yield record

    def session(self, session_id: str) -> SessionRecord:
        """Find a session of the request's scope by its path id; refuse with 404."""
        for record in self.named([session_id]):
            return record
        raise Refusal(404, "Session not found")

    def place(self, record: SessionRecord) -> int:
        """Return where a session stands in the list of those that the request is about, counted from 1."""
        return record.order if self.scope is None else record.number

    def add(self, record: SessionRecord) -> None:
        """Keep a new session."""
        self.sessions[record.session_id] = record
        self._in_order[record.org_id].append(record)
        self._in_order[None].append(record)
        record.order = len(self._in_order[None])
        record.is_deleted = not self.organizations.has(record.org_id)  # what was to start it came too late

    def newest_first(self, before: int | None = None) -> Iterator[SessionRecord]:
        """List the sessions of the request's scope whose place is below `before`; without it, all."""
        found = self._sessions_of(self.scope)
        start = len(found) if before is None else min(before - 1, len(found))
        return (found[i] for i in range(start - 1, -1, -1) if not found[i].is_deleted)

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

    def at(self, due: float, act: Callable[..., None], *given: Any) -> None:
        """Let something happen at a time: `act` gets the world, the time and what is given."""
        heapq.heappush(self._timers, (due, next(self._order), act, given))

    def catch_up(self) -> None:
        """Perform all steps that are due by now, in order of time."""
        self.now = self.clock.now()
        self._perform_due()

    def _perform_due(self) -> None:
        queues: tuple[list[Any], ...] = self._due, self._limits, self._timers
        while (due := min(queue[0][0] if queue else math.inf for queue in queues)) <= self.now:
            if self._limits and self._limits[0][0] <= due:
                self._stop(*heapq.heappop(self._limits))
            elif self._timers and self._timers[0][0] <= due:
                _, _, act, given = heapq.heappop(self._timers)
                act(self, due, *given)
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
        with self.within(record.org_id):
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
        for watch in tuple(self.watchers.values()):
            watch(self, record)

    def say(self, record: SessionRecord, source: str, text: str) -> None:
        """Add a message to a session."""
        event_id, created_at = f"evt-{self.new_id()[:16]}", int(record.updated_at)
        message = {"event_id": event_id, "source": source, "message": text, "created_at": created_at}
        record.messages.append(message)


def _organization(org_id: str, name: str) -> dict[str, Any]:
    """Return an organisation of the beginning: nothing in it comes near its limits."""
    return {
        "org_id": org_id,
        "name": name,
        "created_at": int(EPOCH),
        "updated_at": int(EPOCH),
        "max_session_acu_limit": 1_000,
        "max_cycle_acu_limit": 100_000,
    }


def _add_git_permission(number: int, world: World) -> None:
    """Let an organisation of the beginning use all of the connection that the repositories are reached by."""
    permission_id = f"git-permission-{number}"
    permission = {
        "git_permission_id": permission_id,
        "git_connection_id": "connection-1",
        "repo_path": None,
        "group_prefix": "acme/",
        "prefix_path": None,
        "depot_path": None,
        "read_only": False,
        "created_at": int(EPOCH),
    }
    world.store("GitPermission").add(permission_id, permission)
