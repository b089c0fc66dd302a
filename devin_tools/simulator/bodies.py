"""Request bodies: off a socket in pieces, and JSON objects out of them; files: `file_part`."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from io import BufferedIOBase
from typing import TYPE_CHECKING, Any

from ..text.encoding import parse_json
from .file_store import FileStore
from .refusal import Refusal, unreadable_body

if TYPE_CHECKING:
    from .file_part import FilePart

MAX_BODY = 8 * 1024 * 1024
MAX_UPLOAD = 4 * 1024 * 1024 * 1024
MAX_LINE = 1024
PIECE = 256 * 1024


class Body:
    """The body of a request, taken in piece by piece: JSON in memory, a file on disk."""

    def __init__(self, content_type: str | None, files: FileStore):
        self._content_type = content_type
        self._content = bytearray()
        self._part: FilePart | None = None
        if content_type and is_multipart(content_type):
            from .file_part import FilePart  # here, as most worlds are sent no file

            self._part = FilePart(content_type, files)

    def take(self, piece: bytes) -> None:
        """Add a piece."""
        if self._part:
            self._part.take(piece)
        else:
            self._content += piece

    def json(self) -> dict[str, Any] | None:
        """Return the JSON object that came, `None` for nothing; refuse what is neither."""
        if self._part or not self._content:
            return None
        return parse_body(bytes(self._content), self._content_type)

    def file(self) -> str | None:
        """Return the path of the file that came; refuse a form that holds none."""
        return str(self._part.finished()) if self._part else None


def is_multipart(content_type: str | None) -> bool:
    """Return whether a body is a form with parts."""
    return (content_type or "").lower().startswith("multipart/form-data")


def parse_body(content: bytes, content_type: str | None) -> dict[str, Any]:
    """Read a JSON object; refuse anything else with 422, another content type too."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise unreadable_body("Send Content-Type: application/json", "content_type")
    try:
        body = parse_json(content)
    except ValueError:
        raise unreadable_body("The body is not JSON", "json_invalid") from None
    if not isinstance(body, dict):
        raise unreadable_body("Input should be a JSON object", "dict_type")
    return body


def read_body(headers: Message, stream: BufferedIOBase) -> Iterator[bytes]:
    """Read the body of a request in pieces; a cut one is refused, so a dying client creates nothing."""
    most = MAX_UPLOAD if is_multipart(headers.get("content-type")) else MAX_BODY
    lengths = {text.strip() for text in headers.get_all("content-length", [])}
    codings = [text.strip().lower() for text in headers.get_all("transfer-encoding", [])]
    if codings == ["chunked"] and not lengths:
        return _chunked(stream, most)
    if codings or len(lengths) > 1:
        raise Refusal(400, "The body is framed in a way that is not understood")
    return _exactly(_length(lengths.pop() if lengths else "0", most), stream)


def _length(text: str, most: int, base: int = 10) -> int:
    """Read a length: digits only, where `int` would take signs, spaces and underscores too."""
    digits = "0123456789abcdef"[:base]
    if not text or not set(text.lower()) <= set(digits):
        raise Refusal(400, "The length of the body is not a number")
    if len(text) > 20 or int(text, base) > most:
        raise Refusal(413, "The body is too large")
    return int(text, base)


def _exactly(length: int, stream: BufferedIOBase) -> Iterator[bytes]:
    while length > 0:
        piece = stream.read(min(length, PIECE))
        if not piece:
            raise Refusal(400, "The body ended early")
        length -= len(piece)
        yield piece


def _chunked(stream: BufferedIOBase, most: int) -> Iterator[bytes]:
    while length := _length(_line(stream).partition(";")[0].strip(), most, 16):
        yield from _exactly(length, stream)
        if (most := most - length) < 0:
            raise Refusal(413, "The body is too large")
        if _line(stream):
            raise Refusal(400, "A chunk of the body does not end where it says")
    while _line(stream):
        pass


def _line(stream: BufferedIOBase) -> str:
    line = stream.readline(MAX_LINE)
    if not line.endswith(b"\n"):
        raise Refusal(400, "The body ended early")
    return line.decode("latin-1").rstrip("\r\n")
