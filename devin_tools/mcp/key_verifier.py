"""Verifies the Devin keys that callers bring. Nothing is kept for a caller without a valid one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from cachetools import TTLCache
from pydantic import SecretStr

from ..api.account import GetSelf
from ..codec import encode
from ..errors import DevinToolsError, RateLimited, ServerFault, Unauthenticated
from ..flow import Flow
from ..settings import Settings
from ..wire import Response
from .client_pool import Connect, name_of

if TYPE_CHECKING:
    from ..client import AsyncClient

Ask = Callable[[SecretStr], Awaitable[bool]]
"""Returns whether the API knows a key; raises `DevinToolsError` where that is not known now."""

MOST_KNOWN = 1000
GOOD_SECONDS = 300.0
"""How long a key that the API knew is let in unasked: its calls are judged by the API all the same."""
BAD_SECONDS = 60.0
AT_ONCE, WAITING = 8, 64
"""How many keys are asked about at a time, and how many may wait for that."""
TIMEOUT_SECONDS = 10.0

NOBODY = SecretStr("cog_nobody")


class KeyVerifier:
    """Admits the keys that the API knows, and remembers the result for each for some minutes."""

    def __init__(self, ask: Ask, most: int = MOST_KNOWN, now: Callable[[], float] = time.monotonic):
        self._ask = ask
        self._known: TTLCache[str, bool] = TTLCache(most, GOOD_SECONDS, now)
        """The keys that are let in for a while, by their digests. One left out is only asked about again."""
        self._unknown: TTLCache[str, bool] = TTLCache(most, BAD_SECONDS, now)
        """Those that are refused. Whoever makes up keys drives no known one out."""
        self._asking: dict[str, asyncio.Task[bool]] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def check(self, key: SecretStr) -> None:
        """Return if the API knows the key.

        Raises `Unauthenticated` if it does not, and `RateLimited` or `ServerFault` if that is not known now.
        """
        name = name_of(key)
        if not (self._known.get(name) or await self._is_genuine(name, key)):
            raise Unauthenticated(
                "The Devin key is not valid.", status=401, hint="Send a valid key (cog_...)."
            )

    async def _is_genuine(self, name: str, key: SecretStr) -> bool:
        if self._unknown.get(name):
            return False
        task = self._asking.get(name)
        if task is None:
            if len(self._asking) >= AT_ONCE + WAITING:
                raise _later(RateLimited("Too many unknown keys are being checked.", status=429))
            task = self._asking[name] = asyncio.create_task(self._asked(name, key))
            task.add_done_callback(lambda _: self._asking.pop(name, None))
        return await asyncio.shield(task)

    async def _asked(self, name: str, key: SecretStr) -> bool:
        try:
            async with self._turns:
                is_genuine = await self._ask(key)
        except DevinToolsError as error:
            raise _later(ServerFault("The Devin key could not be checked.", status=503)) from error
        (self._known if is_genuine else self._unknown)[name] = True
        return is_genuine


def _later(error: RateLimited | ServerFault) -> RateLimited | ServerFault:
    error.hint, error.retry_after = "Try again.", 1.0
    return error


class KeyProbe:
    """Asks the API about keys, over shared connections.

    That is a request of the server's, not a call of the caller's: what callers may do does not limit it.
    """

    def __init__(self, settings: Settings, connect: Connect):
        timeout = min(settings.timeout, TIMEOUT_SECONDS)
        self._settings = replace(
            settings, api_key=NOBODY, max_tries=1, timeout=timeout, max_retry_seconds=0.0
        )
        self._connect = connect
        self._client: AsyncClient | None = None

    async def __call__(self, key: SecretStr) -> bool:
        """Return whether the API knows a key; raise `DevinToolsError` where that is not known now."""
        if self._settings.dry_run:  # nothing may be sent
            return True
        self._client = self._client or self._connect(self._settings)
        status = await self._client.acting_as(api_key=key).drive(_self())
        if status in (401, 403):
            return False
        if not 200 <= status < 300:
            raise DevinToolsError("The API did not say whether it knows the key.")
        return True

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()


def _self() -> Flow[int]:
    response: Response = yield encode(GetSelf.route, GetSelf())
    return response.status
