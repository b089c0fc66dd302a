"""Sessions: they change and end."""

from __future__ import annotations

from typing import Any

from ...api import sessions
from ..refusal import Refusal
from ..session_filters import filtered_sessions
from ..world import ENDED, World


def get_session(world: World, call: sessions.GetSession) -> dict[str, Any]:
    """Return a session with all its fields."""
    return world.session(call.session_id).to_wire(world.now, full=True)


def list_sessions(world: World, call: sessions.ListSessions) -> dict[str, Any]:
    """List the sessions that pass every filter."""
    return filtered_sessions(world, call)


def archive_session(world: World, call: sessions.ArchiveSession) -> dict[str, Any]:
    """Archive a session, which suspends it."""
    record = world.session(call.session_id)
    record.updated_at = world.now
    record.is_archived = True
    if record.status not in (*ENDED, "suspended"):
        world.set_state(record, "suspended", "user_request")
    world.play(record, ())
    return record.to_wire(world.now, full=False)


def unarchive_session(world: World, call: sessions.UnarchiveSession) -> dict[str, Any]:
    """Unarchive a session; it stays suspended until a message comes."""
    record = world.session(call.session_id)
    record.updated_at = world.now
    record.is_archived = False
    return record.to_wire(world.now, full=False)


def terminate_session(world: World, call: sessions.TerminateSession) -> dict[str, Any]:
    """End a session for good."""
    record = world.session(call.session_id)
    if record.status in ENDED:
        raise Refusal(409, "Session has already ended")
    record.updated_at = world.now
    world.set_state(record, "exit")
    world.play(record, ())
    record.is_archived = record.is_archived or call.archive
    return record.to_wire(world.now, full=False)
