"""The queues of outposts: sessions that wait for a worker, and all changes of them in their order."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import Any

from .refusal import Refusal
from .scenarios import SCENARIOS
from .store import ResourceStore
from .world import ENDED, SessionRecord, World

OUTPOSTS, QUEUED, CHANGED = "Outpost", "OutpostSession", "OutpostChange"

POOLS = (("outpost", "acme-linux", "Machines of acme"), ("outpost", "acme-gpu", "Machines with a GPU"))

CLAIM_SECONDS = 300.0
"""How long a worker has a session before it must renew its claim."""

STREAM_SECONDS = 300.0
"""After how long a stream of events is ended by the server."""

QUIET_SECONDS = 15.0
"""After how long without an event a stream says that it is there."""

STATUSES = {"new": "pending", "claimed": "pending", "suspended": "suspended", "exit": "terminated"}
"""How a queue names the states of sessions: any other is running."""


def outposts_of(world: World) -> ResourceStore:
    """Return the outposts of the world's scope, which are there from the beginning."""
    store = world.store(OUTPOSTS)
    if not store.all():
        for number, (prefix, name, description) in enumerate(POOLS, 1):
            outpost_id = f"{prefix}-{number:032x}"
            metadata = {"outpost_id": outpost_id, "account_id": "account-1", "created_at": int(world.now)}
            spec = {"name": name, "platform": name, "description": description}
            store.add(outpost_id, {"metadata": metadata, "spec": spec})
    return store


def outpost_of(world: World, platform: str | None) -> str | None:
    """Return the outpost whose machines a platform names; `None` for any other platform."""
    for outpost in outposts_of(world).all() if platform else ():
        if outpost["spec"]["platform"] == platform:
            return str(outpost["metadata"]["outpost_id"])
    return None


def put_in_queue(world: World, outpost_id: str, record: SessionRecord) -> None:
    """Let a new session wait until a worker claims it."""
    world.play(record, ())
    world.watchers["outposts"] = session_changed
    now = int(world.now)
    row: dict[str, Any] = {
        "metadata": {
            "session_id": record.session_id,
            "outpost_id": outpost_id,
            "created_at": now,
            "updated_at": now,
        },
        "spec": {"kind": "new", "platform": record.asked["platform"], "remote_binary_sha": None},
        "status": {
            "phase": "pending",
            "acceptor_id": None,
            "claim_deadline": None,
            "session_status": "pending",
        },
    }
    _note(world, world.store(QUEUED).add(record.session_id, row), world.now)


def claim(world: World, session_id: str, acceptor_id: str) -> dict[str, Any]:
    """Let a worker have a session, which begins or goes on; refuse with 409 where another has it."""
    row = world.store(QUEUED).find(session_id)
    holder = row["status"]["acceptor_id"]
    if holder not in (None, acceptor_id):
        raise Refusal(409, "Another worker has claimed the session")
    deadline = int(world.now + CLAIM_SECONDS)
    row["status"] |= {"phase": "claimed", "acceptor_id": acceptor_id, "claim_deadline": deadline}
    world.at(deadline, _expire, world.org_id, session_id, deadline)
    _note(world, row, world.now)
    record = world.session(session_id)
    if record.status == "new":
        record.updated_at = world.now
        world.play(record, SCENARIOS[record.scenario][1][1:])
    secret = {"connect_token": f"outpost_{world.new_id()}", "gateway_url": "wss://gateway.devin.ai/outposts"}
    return row | {"status": row["status"] | secret}


def release(world: World, session_id: str, acceptor_id: str) -> None:
    """Take a session from a worker; refuse with 409 one that it does not have."""
    row = world.store(QUEUED).find(session_id)
    if row["status"]["acceptor_id"] != acceptor_id:
        raise Refusal(409, "The worker does not have the session")
    _free(world, row, world.now)


def _free(world: World, row: dict[str, Any], at: float) -> None:
    if row["status"]["session_status"] != "pending":
        row["spec"]["kind"] = "resume"
    row["status"] |= {"phase": "pending", "acceptor_id": None, "claim_deadline": None}
    _note(world, row, at)


def _expire(world: World, due: float, org_id: str, session_id: str, deadline: int) -> None:
    """Put back a session whose worker did not renew its claim."""
    with world.within(org_id):
        store = world.store(QUEUED)
        if store.has(session_id) and store.find(session_id)["status"]["claim_deadline"] == deadline:
            _free(world, store.find(session_id), due)


def session_changed(world: World, record: SessionRecord) -> None:
    """Note a session's new state in its queue; one that has ended leaves it."""
    with world.within(record.org_id):
        store = world.store(QUEUED)
        if not store.has(record.session_id):
            return
        row = store.find(record.session_id)
        has_ended = record.status in ENDED
        status = "terminated" if has_ended else STATUSES.get(record.status, "running")
        if row["status"]["session_status"] != status:
            row["status"]["session_status"] = status
            _note(world, row, record.updated_at, is_gone=has_ended)
        if has_ended:
            store.remove(record.session_id)


def _note(world: World, row: dict[str, Any], at: float, *, is_gone: bool = False) -> None:
    """Write down a change; its number is the cursor after it."""
    row["metadata"]["updated_at"] = int(at)
    log = world.store(CHANGED)
    number = len(log.all()) + 1
    row["_change"] = number
    change = {"type": "DELETED" if is_gone else "MODIFIED", "object": shown(row), "cursor": str(number)}
    log.add(str(number), change)


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Return a queued session as the API shows it."""
    return copy.deepcopy({name: part for name, part in row.items() if not name.startswith("_")})


def position(cursor: str | None) -> int:
    """Read a cursor back; refuse with 400 what cannot be one."""
    if cursor is None:
        return 0
    if not cursor.isdecimal():
        raise Refusal(400, "Invalid cursor")
    return int(cursor)


@dataclass
class QueueEvents:
    """What is sent to one who watches a queue, until the server ends it. Nobody reads two parts at once."""

    org_id: str
    outpost_id: str
    next: int
    """The number of the next change; at first that of the cursor, so that it comes again."""
    end: float
    spoke_at: float

    def read(self, world: World) -> bytes | None:
        """Return what is new, as server-sent events; `None` at the end."""
        log = world.store(CHANGED).all()
        changes, self.next = log[max(0, self.next - 1) :], max(self.next, len(log) + 1)
        own = [one for one in changes if one["object"]["metadata"]["outpost_id"] == self.outpost_id]
        if own:
            self.spoke_at = world.now
            return "".join(f"data: {json.dumps(change)}\n\n" for change in own).encode()
        if world.now >= self.end:
            return None
        if world.now - self.spoke_at >= QUIET_SECONDS:
            self.spoke_at = world.now
            return b": still there\n\n"
        return b""
