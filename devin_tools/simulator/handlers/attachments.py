"""Attachments: the files of sessions."""

from __future__ import annotations

from typing import Any

from ...api import attachments
from ..world import World

__all__ = ["HANDLERS"]


def list_session_attachments(world: World, call: attachments.ListSessionAttachments) -> list[Any]:
    """List files as a bare array, which is the documented shape."""
    return [dict(item) for item in world.session(call.session_id).attachments]


HANDLERS = {attachments.ListSessionAttachments: list_session_attachments}
