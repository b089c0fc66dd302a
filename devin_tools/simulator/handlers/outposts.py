"""Outposts: workers take the sessions that name their platform out of queues, and watch these."""

from __future__ import annotations

from typing import Any

from ...api import outposts
from ..outpost_queue import (
    QUEUED,
    STREAM_SECONDS,
    QueueEvents,
    claim,
    outposts_of,
    position,
    release,
    shown,
)
from ..response import Answer
from ..world import World

MOST = 100
"""How many sessions one answer holds."""


def list_outposts(world: World, call: outposts.ListOutposts) -> dict[str, Any]:
    """List the outposts, each with what is in its queue."""
    page = outposts_of(world).page(world.cut_page, call)
    return page | {"items": [outpost | {"status": _status(world, outpost)} for outpost in page["items"]]}


def _status(world: World, outpost: dict[str, Any]) -> dict[str, int]:
    own = outpost["metadata"]["outpost_id"]
    rows = [row for row in world.store(QUEUED).all() if row["metadata"]["outpost_id"] == own]
    waiting = sum(row["status"]["phase"] == "pending" for row in rows)
    return {"queue_depth": waiting, "active_claims": len(rows) - waiting}


def list_sessions(world: World, call: outposts.ListOutpostSessions) -> dict[str, Any] | Answer:
    """List what is in a queue from a cursor on, its edge again; or send what changes as events."""
    outposts_of(world).find(call.outpost_id)
    start = position(call.cursor)
    if ("watch", "true") in world.query:
        stream = QueueEvents(world.org_id, call.outpost_id, start, world.now + STREAM_SECONDS, world.now)
        return Answer(200, headers={"content-type": "text/event-stream"}, stream=stream)
    rows = sorted(
        (
            row
            for row in world.store(QUEUED).all()
            if row["metadata"]["outpost_id"] == call.outpost_id
            and row["_change"] >= start
            and call.phase in (None, row["status"]["phase"])
            and call.acceptor_id in (None, row["status"]["acceptor_id"])
        ),
        key=lambda row: int(row["_change"]),
    )
    last = rows[:MOST][-1]["_change"] if rows else start
    return {
        "items": [shown(row) for row in rows[:MOST]],
        "cursor": str(last) if last else None,
        "has_next_page": len(rows) > MOST,
        "total": len(rows),
    }


def claim_session(world: World, call: outposts.ClaimOutpostSession) -> dict[str, Any]:
    """Let a worker have a session."""
    return shown(claim(world, call.session_id, call.acceptor_id))


def release_session(world: World, call: outposts.ReleaseOutpostSession) -> Answer:
    """Take a session from a worker."""
    release(world, call.session_id, call.acceptor_id)
    return Answer(204)
