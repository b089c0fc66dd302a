"""Files that go into sessions and come out of them. Facts: docs.devin.ai/v3-openapi.yaml.

The `url` of a file leads to the web app or to the API; only the latter takes a key, so what is sent is
always the API's path, made from the id and the name in the URL.
"""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from ..codec import decode, encode
from ..flow import Flow
from ..locations import Upload, Wire
from ..paging import BareList, Detailed, Items, Page
from ..security.filenames import safe_name
from ..tool import USER_ONLY, WRITE, Input, Output, Tool
from ..wire import GET, POST, Download
from .session import SESSION, OnSession
from .shared.fields import Matching, Text, Untrusted, also_named, known

ATTACHMENTS = "/v3/organizations/{org_id}/attachments"


class Attachment(Output):
    """A file that was given to a session or made by it."""

    brief = frozenset({"source"})

    attachment_id: str
    """The id of the file."""

    name: Untrusted
    """The file's name."""

    url: str
    """Where the file is; reading it needs the API key."""

    source: Annotated[str, known("devin", "user")] | None = None
    """Who brought it."""

    content_type: str | None = None
    """Its media type."""


# The schema says a bare array; a page of the vendor's docs shows {"items": [...]}.
class AttachmentPage(BareList, Page[Attachment]):
    """The files of a session. The API answers all of them at once, so there is one page."""

    attachments: Items[Attachment]
    """The files."""


class ListSessionAttachments(OnSession, Detailed[AttachmentPage]):
    """List the files given to a session or made by it."""

    route = GET(SESSION + "/attachments", permission="ViewOrgSessions")
    keywords = (
        "which documents came out of it, screenshots, artifacts it produced, outputs, deliverables, "
        "recordings, did it make a PDF, what files are there, did it produce anything"
    )


class UploadedFile(Output):
    """A file that was sent."""

    attachment_id: str
    """The id of the file."""

    name: Untrusted | None = None
    """The file's name."""

    url: str | None = None
    """Where the file is: give it in `attachment_urls` of a new session or a message."""


class UploadAttachment(Tool[UploadedFile]):
    """Send a file, to be given to a session.

    Pass the `url` of the output in `attachment_urls` when you create a session or send a message.
    """

    route = POST(ATTACHMENTS, permission="UseDevinSessions")
    keywords = (
        "attach a document, share a spreadsheet, give it a screenshot, picture, log, add a design, spec, "
        "CSV, PDF to the task, put it online for the agent, here is a file, let it have this, hand over a "
        "document, provide, pass a log to it"
    )
    is_one_request = False
    examples = ({"path": "logs/build.txt"},)

    path: Annotated[Text, Upload()]
    """The file to send. It must lie under the working folder, or the one the setting file_root names."""


class IntoFolder(Input):
    """Where to save a file."""

    folder: Annotated[str, Wire(None)] = "."
    """A folder in the one that downloads are saved into (the setting download_folder)."""


class Saving(IntoFolder):
    """How to save what is downloaded."""

    overwrite: Annotated[bool, Wire(None), USER_ONLY] = False
    """Whether a file that is there already may be replaced, as the setting file_overwrite allows for all."""

    max_bytes: Annotated[int, Field(ge=0, le=1_000_000_000_000), Wire(None)] = 250_000_000
    """The largest file to take, in bytes."""


class SavedFile(Output):
    """A file that was saved on this machine."""

    path: str | None = None
    """Where it is."""

    name: Untrusted | None = None
    """What it is called there."""

    size: int | None = None
    """How large it is, in bytes."""


FileId = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$"), also_named("file_id", "uuid")
]


def _file_name(value: str) -> str:
    if value in (".", ".."):
        raise ValueError("is the name of a folder")
    return value


FileName = Annotated[str, Matching(r"^[^\x00-\x1f\x7f]{1,1024}$"), AfterValidator(_file_name)]
"""Any name but the two that mean a folder; it travels as one segment of the path, slashes and all."""


class DownloadAttachment(Saving, Tool[SavedFile]):
    """Save one file of a session on this machine.

    It is saved under a plain form of its name, inside the folder, and replaces nothing. A name that programs
    run or read as configuration gets the ending .download.
    """

    route = GET(ATTACHMENTS + "/{file_id}/{name}", permission="ViewOrgSessions")
    is_one_request = False
    effect = WRITE.idempotent()
    keywords = (
        "fetch the screenshot, get the PDF, copy one artifact here to disk, open what it produced, the "
        "report, save the picture, grab a file, on my desktop"
    )
    examples = (
        {
            "file_id": "0f0e0d0c-0000-4000-8000-000000000000",
            "name": "report.txt",
            "folder": "from-devin",
        },
    )

    file_id: FileId
    """The id in the file's URL (.../attachments/<file_id>/<name>). The whole URL is taken too."""

    name: FileName
    """The file's name, as the list of attachments gives it. In the URL already when that is given."""

    save_as: Annotated[Text | None, Wire(None)] = None
    """What to call it here, with the ending of plain data such as .txt or .json; left out, its own name."""

    @model_validator(mode="before")
    @classmethod
    def _accept_a_url(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        for key in ("file_id", "fileId", "uuid"):
            if isinstance(url := value.get(key), str) and url.strip().startswith(("https://", "http://")):
                file_id, name = parts_of(url)
                return {"name": name} | value | {key: file_id}
        return value

    def flow(self) -> Flow[SavedFile]:
        """Ask for the file; the driver saves it while it comes."""
        asked = encode(self.route, self)
        response = yield Download(
            asked.method,
            asked.path,
            tool=asked.tool,
            folder=self.folder,
            name=self.save_as or safe_name(self.name),
            max_bytes=self.max_bytes,
            overwrite=self.overwrite,
        )
        return decode(SavedFile, response, {})


def parts_of(url: str) -> tuple[str, str]:
    """Find the id and the name of a file in its URL, whichever host that leads to."""
    try:
        found = re.search(r"/attachments/([^/]+)/([^/]+)/?$", urlsplit(url.strip()).path)
    except ValueError:  # its text repeats the value
        found = None
    if found is None:
        raise ValueError("the URL is not that of a file (.../attachments/<id>/<name>)")
    return unquote(found[1]), unquote(found[2])
