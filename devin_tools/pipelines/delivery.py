"""HTTP and file access for sinks, and how their settings name addresses and secrets."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from ..client.exchange import set_aside_async
from ..client.retry import Retry
from ..errors import MissingSetting, NetworkError, SinkFailed
from ..moved import moved_name
from ..security.references import is_reference, resolved
from ..wire import Response

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 10.0
RETRY_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same request may work later. More than the client repeats a write after: a
notification bears an id by which its receiver drops a second one, while a second session is paid for."""


def _reference(value: str) -> str:
    if not is_reference(value):
        raise ValueError("must be a reference, env:NAME or file:PATH")
    return value


Reference = Annotated[str, AfterValidator(_reference)]
"""Where to find a secret: `env:NAME`, `file:PATH`."""

WebUrl = Annotated[str, Field(pattern=r"^(https?://\S{1,2000}|env:\w+|file:.+)$")]
"""An http(s) URL, or where to find it: `env:NAME`, `file:PATH`. Some are secrets themselves."""


PLAIN = {"accept-encoding": "identity"}
"""What is got is read as it comes: a few bytes that are compressed can be very many."""


class SinkTransport:
    """Sends for sinks, and gets what else a pipeline needs.

    Redirects are not followed: an address is where a person said it is.
    """

    def __init__(self, *, transport: Any = None, pause: float = 1.0):
        self._transport = transport
        # The waits are random: of 1, 2 and 4 pauses on average, or as long as the other side asks, up to 8.
        self._retry = Retry(
            max_tries=4, first_delay=2 * pause, rate_limit_delay=2 * pause, max_delay=8 * pause
        )
        self._client: httpx.AsyncClient | None = None

    async def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> None:
        """Post JSON until it is taken, four times at most; raise `SinkFailed` when it is not."""
        try:
            host = urlsplit(url).hostname or "nowhere"
        except ValueError:  # its text repeats the value
            raise SinkFailed("The URL of a sink is malformed.") from None
        for tries in range(1, self._retry.max_tries + 1):
            outcome = await self._try(url, content, headers)
            status = outcome.status if isinstance(outcome, Response) else None
            if status is not None and 200 <= status < 300:
                return
            if tries == self._retry.max_tries or (status is not None and status not in RETRY_STATUSES):
                break
            await asyncio.sleep(self._retry.delay(outcome, tries, random.random(), time.time()))  # noqa: S311
        reason = str(outcome) if status is None else f"it answered {status}"
        raise SinkFailed(f"The sink at {host} was not told: {reason}.")

    async def _try(self, url: str, content: bytes, headers: Mapping[str, str]) -> Response | NetworkError:
        import httpx

        client = self._open_client()
        sent = {"content-type": "application/json", **headers}
        try:
            # Only status and headers count: the body of a stranger is not read, however long it is.
            async with client.stream("POST", url, content=content, headers=sent) as answer:
                return Response(answer.status_code, b"", answer.headers)
        except MissingSetting as wrong:  # of the environment: it stays wrong
            raise SinkFailed(f"A sink was not told. {wrong.message}", hint=wrong.hint) from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # the last: a malformed host name
            return NetworkError(type(error).__name__)

    async def fetch(self, url: str, most: int) -> bytes:
        """Get what is at a URL, at most so many bytes of it; raise `SinkFailed` when that does not work."""
        import httpx

        host = urlsplit(url).hostname or "nowhere"
        content = bytearray()
        try:
            async with (
                asyncio.timeout(TIMEOUT_SECONDS),
                self._open_client().stream("GET", url, headers=PLAIN) as answer,
            ):
                if answer.status_code != 200:
                    raise SinkFailed(f"{host} answered {answer.status_code}.")
                async for part in answer.aiter_bytes():
                    content += part
                    if len(content) > most:
                        raise SinkFailed(f"The answer of {host} is larger than {most} bytes.")
        except MissingSetting as wrong:
            raise SinkFailed(f"Nothing was got from {host}. {wrong.message}", hint=wrong.hint) from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, TimeoutError) as error:
            raise SinkFailed(f"Nothing was got from {host}: {type(error).__name__}.") from None
        return bytes(content)

    def _open_client(self) -> httpx.AsyncClient:
        """Return the one client of this transport, made where there is none yet."""
        import httpx

        if self._client is None:
            from ..client.routes import AsyncRoutes

            hooks = {"response": [set_aside_async]}
            self._client = httpx.AsyncClient(
                transport=self._transport or AsyncRoutes(trusts_environment=True),
                timeout=TIMEOUT_SECONDS,
                event_hooks=hooks,
            )
        return self._client

    async def append(self, path: Path, line: str) -> None:
        """Add a line to a file, made if it is not there; raise `SinkFailed` when it cannot be written."""

        def write() -> None:
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")

        try:
            await asyncio.to_thread(write)
        except OSError as error:
            raise SinkFailed(f"The file of a sink cannot be written: {error.strerror}.") from None

    def secret(self, value: str) -> str:
        """Return what a reference stands for, or the value when it is not a reference."""
        return resolved(value)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def __getattr__(name: str) -> Any:
    return moved_name(__name__, name)
