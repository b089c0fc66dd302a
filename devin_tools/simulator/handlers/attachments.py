"""Attachments: files that people send, and the files of sessions."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from ...api import attachments
from ..response import Answer
from ..world import World


def upload_attachment(world: World, call: attachments.UploadAttachment) -> dict[str, Any]:
    """Keep a file, and say where it is."""
    path = Path(call.path)
    file_id = str(UUID(world.new_id()))
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    world.files.keep(file_id, path.name, path, kind)
    url = f"https://app.devin.ai/attachments/{file_id}/{quote(path.name, safe='')}"
    return {"attachment_id": f"att-{world.new_id()[:12]}", "name": path.name, "url": url}


def download_attachment(world: World, call: attachments.DownloadAttachment) -> Answer:
    """Send the caller on to a signed link."""
    link = world.files.link(call.file_id, call.name, world.new_id(), world.now)
    return Answer(307, headers={"location": link})


def list_session_attachments(world: World, call: attachments.ListSessionAttachments) -> list[Any]:
    """List files as a bare array, which is the documented shape."""
    return [dict(item) for item in world.session(call.session_id).attachments]
