"""Unpack the body of an answer piece by piece, so that a few packed bytes never take much memory at once."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from ..errors import UnexpectedResponse

ACCEPTED = "gzip"
"""How answers may be packed. Other ways cannot be unpacked with a bound everywhere, so none is asked for."""

PIECE = 256 * 1024
"""How many bytes are held at once."""


class Unpacking:
    """Unpacks a body that comes in chunks; raises `UnexpectedResponse` for a way that was not asked for."""

    def __init__(self, encoding: str):
        if encoding.strip().lower() not in ("", "identity", ACCEPTED):
            raise UnexpectedResponse("The answer is packed in a way that was not asked for.")
        is_packed = encoding.strip().lower() == ACCEPTED
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16) if is_packed else None

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what a chunk unpacks to, at most `PIECE` bytes at a time."""
        if self._inflate is None:
            yield chunk
            return
        while not self._inflate.eof:
            try:
                piece = self._inflate.decompress(chunk, PIECE)
            except zlib.error:
                raise _broken() from None
            if piece:
                yield piece
            if len(piece) < PIECE:
                return
            chunk = self._inflate.unconsumed_tail

    def finish(self) -> None:
        """Raise when the packed body broke off."""
        if self._inflate is not None and not self._inflate.eof:
            raise _broken()


def _broken() -> Exception:
    import httpx

    return httpx.DecodingError("the packed body is broken")
