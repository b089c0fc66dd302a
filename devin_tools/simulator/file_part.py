"""Files that are uploaded: out of multipart forms, onto disk."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from ..security.filenames import safe_name
from .file_store import FileStore
from .refusal import unreadable_body


class FilePart:
    """The part `file` of a multipart form, spooled to disk under its own name.

    `FormParser` of the same library would do it, but leaves the file of a form that breaks off open.
    """

    def __init__(self, content_type: str, files: FileStore):
        self._files = files
        self._header = [bytearray(), bytearray()]
        self._target: IO[bytes] | None = None
        self._path: Path | None = None
        self._is_whole = False
        boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
        self._parser = MultipartParser(
            boundary or b"-",
            {
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._on_header,
                "on_part_data": self._on_data,
                "on_part_end": self._on_part_end,
                "on_end": self._on_end,
            },
        )

    def take(self, piece: bytes) -> None:
        """Parse a piece of the form."""
        try:
            self._parser.write(piece)
        except FormParserError:
            raise unreadable_body("The form is broken", "multipart_invalid") from None

    def finished(self) -> Path:
        """Return the path of the file; refuse a form without one, or one that ended early."""
        self._on_part_end()
        if self._path is None or not self._is_whole:
            raise unreadable_body("Field required: file", "missing")
        return self._path

    def _on_header(self) -> None:
        name, value = (bytes(part) for part in self._header)
        self._header = [bytearray(), bytearray()]
        if name.lower() != b"content-disposition" or self._path is not None:
            return
        options = parse_options_header(value)[1]
        if options.get(b"name") == b"file" and b"filename" in options:
            called = options[b"filename"].decode("utf-8", "replace")
            self._path = self._files.spool() / safe_name(called)
            self._target = self._path.open("wb")

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._target:
            self._target.write(data[start:end])

    def _on_part_end(self) -> None:
        if self._target:
            self._target.close()
            self._target = None

    def _on_end(self) -> None:
        self._is_whole = True
