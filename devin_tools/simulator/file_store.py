"""The contents of attachments: where they are kept, and the signed links that lead to them."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path

from .refusal import Refusal
from .response import Answer

FILES = "/_files/"
"""Where the signed links lead. The real ones lead to another host, which refuses the API's key."""

LINK_SECONDS = 60.0
"""How long a link is good (the vendor's text on v1)."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a file, and its media type."""

    data: bytes | Path
    kind: str


class FileStore:
    """Files by id and name: short texts in memory, uploads on this machine's disk."""

    host = "https://files.devin-simulator.invalid"
    """Where links lead, as an in-process client sees it; a server puts its own address here."""

    def __init__(self) -> None:
        self._contents: dict[tuple[str, str], Content] = {}
        self._links: dict[str, tuple[float, Content]] = {}
        self._folder: str | None = None

    def spool(self) -> Path:
        """Return a new folder on disk for a file that is coming in."""
        if self._folder is None:
            self._folder = tempfile.mkdtemp(prefix="devin-simulator-")
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return Path(tempfile.mkdtemp(dir=self._folder))

    def keep(self, file_id: str, name: str, data: bytes | Path, kind: str) -> None:
        """Keep a file; one on disk is moved into the store."""
        if isinstance(data, Path):
            data = data.rename(self.spool() / "content")
        self._contents[file_id, name] = Content(data, kind)

    def link(self, file_id: str, name: str, token: str, now: float, seconds: float = LINK_SECONDS) -> str:
        """Sign a link to a file; refuse with 404."""
        if (file_id, name) not in self._contents:
            raise Refusal(404, "Attachment not found")
        self._links[token] = now + seconds, self._contents[file_id, name]
        return f"{self.host}{FILES}{token}"

    def fetch(self, path: str, authorization: str | None, now: float) -> Answer:
        """Answer a request for a signed link, as a store does that takes one way of proof only."""
        until, content = self._links.get(path.removeprefix(FILES), (0.0, None))
        if authorization is not None:
            raise Refusal(400, "Only one way of authentication is allowed")
        if content is None or now > until:
            raise Refusal(403, "Request has expired")
        headers = {"content-type": content.kind}
        if isinstance(content.data, Path):
            return Answer(200, headers=headers, file=content.data)
        return Answer(200, content.data, headers)
