"""What each tool does to the world: one short function per tool class.

This module is a plugin too: a third party's tools bring their handlers through the same hook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..api import account, attachments, messages, sessions, tags
from ..api.create_session import CreateSession
from ..api.session_models import MODES
from ..hookspecs import Handler, hookimpl
from ..tool import Tool
from .listing import list_sessions, only_known
from .paging import Row, page_of
from .refusal import Refusal
from .scenarios import begin, scenario_of, wake
from .world import ENDED, SERVICE_USER_ID, SessionRecord, World

__all__ = ["devin_tools_provide_handlers"]

MAX_TAGS = 50
PLATFORMS = frozenset({"windows", "inherit"})
"""The platforms that every organisation has; this one has no outpost pools besides."""
DAYS_TO_CONTINUE = 30
"""A session that is older than this cannot be woken (the vendor's rule)."""


@hookimpl
def devin_tools_provide_handlers() -> Mapping[type[Tool[Any]], Handler]:
    """Give the handlers of the built-in tools."""
    return {
        CreateSession: create_session,
        sessions.GetSession: get_session,
        sessions.ListSessions: list_sessions,
        sessions.ArchiveSession: archive_session,
        sessions.UnarchiveSession: unarchive_session,
        sessions.TerminateSession: terminate_session,
        messages.SendMessage: send_message,
        messages.ListSessionMessages: list_session_messages,
        attachments.ListSessionAttachments: list_session_attachments,
        tags.GetSessionTags: get_session_tags,
        tags.AppendSessionTags: append_session_tags,
        tags.ReplaceSessionTags: replace_session_tags,
        account.GetSelf: get_self,
    }


def create_session(world: World, call: CreateSession) -> dict[str, Any]:
    """Start a session and its scenario."""
    only_known(("body", "devin_mode"), [call.devin_mode], MODES)
    if call.platform is not None and call.platform.lower() not in PLATFORMS:
        raise Refusal(400, f"Unknown platform. Allowed: {', '.join(sorted(PLATFORMS))}")
    record = SessionRecord(
        session_id=world.new_id(),
        number=len(world.sessions) + 1,
        prompt=call.prompt,
        scenario=scenario_of(call.prompt, world.scenario),
        created_at=world.now,
        updated_at=world.now,
        asked=call.model_dump(exclude={"session_secrets"}),
        title=call.title,
        tags=list(dict.fromkeys(call.tags or [])),
    )
    world.add(record)
    world.say(record, "user", call.prompt)
    begin(world, record)
    return record.to_wire(world.now, full=False)


def get_session(world: World, call: sessions.GetSession) -> dict[str, Any]:
    """Show a session whole."""
    return world.session(call.session_id).to_wire(world.now, full=True)


def archive_session(world: World, call: sessions.ArchiveSession) -> dict[str, Any]:
    """Put a session to sleep and away."""
    record = world.session(call.session_id)
    world.touch(record)
    record.is_archived = True
    if record.status not in (*ENDED, "suspended"):
        world.set_state(record, "suspended", "user_request")
    world.play(record, ())
    return record.to_wire(world.now, full=False)


def unarchive_session(world: World, call: sessions.UnarchiveSession) -> dict[str, Any]:
    """Bring a session back; it stays asleep until a message comes."""
    record = world.session(call.session_id)
    world.touch(record)
    record.is_archived = False
    return record.to_wire(world.now, full=False)


def terminate_session(world: World, call: sessions.TerminateSession) -> dict[str, Any]:
    """End a session for good."""
    record = world.session(call.session_id)
    if record.status in ENDED:
        raise Refusal(409, "Session has already ended")
    world.touch(record)
    world.set_state(record, "exit")
    world.play(record, ())
    record.is_archived = record.is_archived or call.archive
    return record.to_wire(world.now, full=False)


def send_message(world: World, call: messages.SendMessage) -> dict[str, Any]:
    """Add a message and let it have its effect; ended sessions refuse."""
    record = world.session(call.session_id)
    if record.status in ENDED:
        raise Refusal(409, "Session has ended and cannot be resumed")
    if record.status == "suspended":
        _check_can_continue(world, record)
    world.touch(record)
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
    rows = seen.messages if seen else []

    def rows_after(index: int | None) -> Iterable[Row]:
        start = 0 if index is None else index + 1
        return enumerate(rows[start:], start)

    return page_of(world, rows_after, call, total=len(rows))


def list_session_attachments(world: World, call: attachments.ListSessionAttachments) -> list[Any]:
    """List files as a bare array, which is the documented shape."""
    return [dict(item) for item in world.session(call.session_id).attachments]


def get_session_tags(world: World, call: tags.GetSessionTags) -> dict[str, Any]:
    """Show the tags."""
    return {"tags": list(world.session(call.session_id).tags)}


def append_session_tags(world: World, call: tags.AppendSessionTags) -> dict[str, Any]:
    """Add tags, each once."""
    record = world.session(call.session_id)
    return _retag(world, record, list(dict.fromkeys([*record.tags, *call.tags])))


def replace_session_tags(world: World, call: tags.ReplaceSessionTags) -> dict[str, Any]:
    """Put these tags in place of all others."""
    return _retag(world, world.session(call.session_id), list(dict.fromkeys(call.tags)))


def _retag(world: World, record: SessionRecord, wanted: list[str]) -> dict[str, Any]:
    if record.is_archived:
        raise Refusal(409, "Session is archived")
    if len(wanted) > MAX_TAGS:
        error = {"loc": ["body", "tags"], "msg": f"At most {MAX_TAGS} in all", "type": "too_long"}
        raise Refusal(422, f"A session holds at most {MAX_TAGS} tags", [error])
    world.touch(record)
    record.tags = wanted
    return {"tags": list(wanted)}


def get_self(world: World, call: account.GetSelf) -> dict[str, Any]:
    """Show the service user of this world."""
    return {
        "principal_type": "service_user",
        "service_user_id": SERVICE_USER_ID,
        "service_user_name": "devin-tools simulator",
        "org_id": world.org_id,
    }
