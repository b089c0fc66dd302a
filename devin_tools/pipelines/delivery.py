"""The way out to others than the Devin API: what sinks send, and files they write."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..client.transfer import set_aside_async
from ..errors import SinkFailed
from ..moved import moved_name
from ..security.references import is_reference, resolved

if TYPE_CHECKING:
    import httpx

TRIES = 4
TIMEOUT_SECONDS = 10.0
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same request may work later."""


class SinkTransport:
    """Sends for sinks. Redirects are not followed: an address is where a person said it is."""

    def __init__(self, *, transport: Any = None, pause: float = 1.0):
        self._transport = transport
        self._pause = pause
        self._client: httpx.AsyncClient | None = None

    async def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> None:
        """Post JSON until it is taken, a few times; raise `SinkFailed` when it is not."""
        try:
            host = urlsplit(url).hostname or "nowhere"
        except ValueError:  # its text repeats the value
            raise SinkFailed("The URL of a sink is malformed.") from None
        reason = ""
        for tries in range(TRIES):
            if tries:
                await asyncio.sleep(self._pause * 2.0 ** (tries - 1) * random.uniform(0.8, 1.2))  # noqa: S311
            status, reason = await self._try(url, content, headers)
            if status is not None and 200 <= status < 300:
                return
            if status is not None and status not in AGAIN:
                break
        raise SinkFailed(f"The sink at {host} was not told: {reason}.")

    async def _try(self, url: str, content: bytes, headers: Mapping[str, str]) -> tuple[int | None, str]:
        import httpx

        if self._client is None:
            hooks = {"response": [set_aside_async]}
            self._client = httpx.AsyncClient(
                transport=self._transport, timeout=TIMEOUT_SECONDS, event_hooks=hooks
            )
        sent = {"content-type": "application/json", **headers}
        try:
            # Only the status counts: the body of a stranger is not read, however long it is.
            async with self._client.stream("POST", url, content=content, headers=sent) as answer:
                return answer.status_code, f"it answered {answer.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # the last: a name that is none
            return None, type(error).__name__

    async def append(self, path: Path, line: str) -> None:
        """Add a line to a file, made if it is not there."""
        try:
            await asyncio.to_thread(_append, path, line)
        except OSError as error:
            raise SinkFailed(f"The file of a sink cannot be written: {error.strerror}.") from None

    def secret(self, value: str) -> str:
        """Read a secret from where a reference says that it is."""
        return resolved(value) if is_reference(value) else value

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def __getattr__(name: str) -> Any:
    return moved_name(__name__, name)
