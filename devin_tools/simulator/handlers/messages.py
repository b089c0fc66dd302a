"""Messages: people and Devin speak."""

from __future__ import annotations

from typing import Any

from ...api import messages
from ..paging import page_of_rows
from ..refusal import Refusal
from ..scenarios import wake
from ..world import ENDED, SessionRecord, World

DAYS_TO_CONTINUE = 30
"""A session that is older than this cannot be woken (the vendor's rule)."""


def send_message(world: World, call: messages.SendMessage) -> dict[str, Any]:
    """Add a message and let it have its effect; ended sessions refuse."""
    record = world.session(call.session_id)
    if record.status in ENDED:
        raise Refusal(409, "Session has ended and cannot be resumed")
    if record.status == "suspended":
        _check_can_continue(world, record)
    record.updated_at = world.now
    world.say(record, "user", call.message)
    wake(world, record)
    return record.to_wire(world.now, full=False)


def _check_can_continue(world: World, record: SessionRecord) -> None:
    if record.asked.get("resumable") is False:
        raise Refusal(409, "Session was created as not resumable")
    if world.now - record.created_at > DAYS_TO_CONTINUE * 24 * 3600:
        raise Refusal(409, f"Session is older than {DAYS_TO_CONTINUE} days and cannot be resumed")


def list_session_messages(world: World, call: messages.ListSessionMessages) -> dict[str, Any]:
    """List messages, oldest first."""
    seen = world.as_listed(world.session(call.session_id))
    return page_of_rows(world.cut_page, enumerate(seen.messages if seen else ()), call)
