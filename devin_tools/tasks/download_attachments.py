"""All files of a session, saved into one folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from ..api.attachments import (
    Attachment,
    DownloadAttachment,
    ListSessionAttachments,
    SavedFile,
    Saving,
    parts_of,
)
from ..api.session import OnSession
from ..api.shared.fields import Untrusted, known
from ..errors import DevinToolsError, FileTaken
from ..flow import Flow, Progress
from ..security.filenames import another_name, safe_name
from ..tool import WRITE, Output, Tool, perform


class DownloadedFile(SavedFile):
    """What became of one file."""

    attachment_id: str
    """The id of the file."""

    attachment_name: Untrusted
    """What the API calls it."""

    status: Annotated[str, known("saved", "kept", "failed")]
    """saved: it came now. kept: a file of its name was there and was left alone. failed: see `error`."""

    error: str | None = None
    """Why it did not come."""


class DownloadedFiles(Output):
    """The files of a session on this machine."""

    folder: str
    """The folder, as it was asked for."""

    files: list[DownloadedFile]
    """One row for each file, in the order of the API."""


class DownloadSessionAttachments(OnSession, Saving, Tool[DownloadedFiles]):
    """Save all files of a session into a folder.

    A file that is there already is left alone, so that a broken run can be repeated; of two files with one
    name the second gets a number. One that fails does not keep the others from coming.
    """

    effect = WRITE.idempotent()
    resource = "attachments"
    permission = "ViewOrgSessions"
    keywords = (
        "fetch everything it produced at once, artifacts to my disk, deliverables, copy the outputs, pull "
        "them down, back up screenshots and reports locally, get all the files, save to my desktop, grab, "
        "zip, collect, on my laptop"
    )
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c", "folder": "from-devin"},)

    def flow(self) -> Flow[DownloadedFiles]:
        """List the files, then save one after another."""
        listed = yield from ListSessionAttachments(session_id=self.session_id).flow()
        rows = []
        for number, (name, item) in enumerate(_named(listed.attachments), 1):
            yield Progress(f"file {number} of {len(listed.attachments)}")
            rows.append((yield from self._save(name, item)))
        return DownloadedFiles(folder=self.folder, files=rows)

    def _save(self, name: str, item: Attachment) -> Flow[DownloadedFile]:
        about: dict[str, Any] = {"attachment_id": item.attachment_id, "attachment_name": item.name}
        try:
            file_id, on_server = parts_of(item.url)
            saved = yield from perform(
                DownloadAttachment(
                    file_id=file_id,
                    name=on_server,
                    save_as=name,
                    **self.model_dump(include=set(Saving.model_fields)),
                )
            )
        except FileTaken:
            return DownloadedFile(status="kept", name=name, **about)
        except (DevinToolsError, ValueError) as error:
            text = error.message if isinstance(error, DevinToolsError) else "its URL is not that of a file"
            return DownloadedFile(status="failed", error=text, **about)
        return DownloadedFile(status="saved", **saved.model_dump(), **about)


def _named(files: list[Attachment]) -> Iterator[tuple[str, Attachment]]:
    """Yield each file with a name of its own in the folder, the same each time."""
    taken: set[str] = set()
    for item in files:
        name = another_name(safe_name(item.name), taken)
        taken.add(name.casefold())
        yield name, item
