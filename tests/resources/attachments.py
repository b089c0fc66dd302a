"""Files that are sent, and files that are saved. Listing them belongs to sessions."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

from devin_tools import Client, UploadAttachment

LARGEST = {
    "UploadedFile": {
        "attachment_id": "att-1",
        "name": "note.txt",
        "url": "https://app.devin.ai/attachments/0f0e0d0c-0000-4000-8000-000000000000/note.txt",
    },
    "SavedFile": {"path": "/srv/from-devin/note.txt", "name": "note.txt", "size": 12},
}
SMALLEST = {"UploadedFile": {"attachment_id": "att-1"}, "SavedFile": {}}
UNTRUSTED = {
    "DownloadedFile": {"name", "attachment_name"},
    "SavedFile": {"name"},
    "UploadedFile": {"name"},
}


def furnish(client: Client) -> dict[str, Any]:
    sent = client.run(UploadAttachment(path="note.txt"))
    return {
        "path": "note.txt",
        "devin_download_attachment.file_id": sent.url,
        "devin_download_attachment.name": sent.name,
    }


def cases() -> Cases:
    sent = yield Case("devin_upload_attachment", "note", {"path": "note.txt"})
    yield Case("devin_download_attachment", "note", {"file_id": sent.url, "save_as": "copy.txt"})
    unknown = {"file_id": "00000000-0000-4000-8000-000000000000", "name": "note.txt", "save_as": "none.txt"}
    yield Case("devin_download_attachment", "not_found", unknown)
    session = yield Case("devin_create_session", "for_files", {"prompt": "Say hello.", "max_acu_limit": 1})
    on = {"session_id": "devin-" + session.session_id.removeprefix("devin-"), "folder": "saved"}
    yield Case("devin_download_session_attachments", "files", on, after=90)
