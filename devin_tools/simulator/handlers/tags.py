"""The tags of sessions."""

from __future__ import annotations

from typing import Any

from ...api import tags
from ..refusal import Refusal
from ..world import SessionRecord, World

MAX_TAGS = 50


def get_session_tags(world: World, call: tags.GetSessionTags) -> dict[str, Any]:
    """Return the tags."""
    return {"tags": list(world.session(call.session_id).tags)}


def append_session_tags(world: World, call: tags.AppendSessionTags) -> dict[str, Any]:
    """Add tags, each once."""
    record = world.session(call.session_id)
    return _set_tags(world, record, list(dict.fromkeys([*record.tags, *call.tags])))


def replace_session_tags(world: World, call: tags.ReplaceSessionTags) -> dict[str, Any]:
    """Replace all tags."""
    return _set_tags(world, world.session(call.session_id), list(dict.fromkeys(call.tags)))


def _set_tags(world: World, record: SessionRecord, wanted: list[str]) -> dict[str, Any]:
    if record.is_archived:
        raise Refusal(409, "Session is archived")
    if len(wanted) > MAX_TAGS:
        error = {"loc": ["body", "tags"], "msg": f"At most {MAX_TAGS} in all", "type": "too_long"}
        raise Refusal(422, f"A session holds at most {MAX_TAGS} tags", [error])
    record.updated_at = world.now
    record.tags = wanted
    return {"tags": list(wanted)}
