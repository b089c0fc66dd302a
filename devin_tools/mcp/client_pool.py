"""Clients by key: the server's own, and a bounded number of callers' own."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import SecretStr

from ..settings import Settings

if TYPE_CHECKING:
    from ..client import AsyncClient
    from ..client.call_limits import CallLimits

MOST_CALLERS = 64
"""How many callers' clients are kept while none of their calls runs."""

OWN = "own"
"""The name of whoever uses the server's own key."""

Connect = Callable[[Settings], "AsyncClient"]


def name_of(key: SecretStr | None) -> str:
    """Name a caller by its key without keeping that; `None` is whoever uses the server's own."""
    return OWN if key is None else hashlib.sha256(key.get_secret_value().encode()).hexdigest()


@dataclass(slots=True)
class _Entry:
    client: AsyncClient
    users: int = 0


class ClientPool:
    """A client for each key, so that no call ever runs with another's key.

    Clients come and go. What a key has started is remembered as long as the server runs, for every key
    that started anything: the limit on sessions must not be forgotten because others call.
    """

    def __init__(self, settings: Settings, connect: Connect, most: int = MOST_CALLERS):
        self._settings = settings
        self._connect = connect
        self._most = most
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        """By the name of the key; the one unused for longest comes first."""
        self._limits: dict[str, CallLimits] = {}
        """The rules of clients that were closed, and had started sessions."""

    @asynccontextmanager
    async def client(self, key: SecretStr | None) -> AsyncIterator[AsyncClient]:
        """Lend the client of a key, or the server's own for `None`; it stays open as long as it is lent."""
        entry = self._entry(key)
        entry.users += 1
        try:
            await self._close_idle()
            yield entry.client
        finally:
            entry.users -= 1
            await asyncio.shield(self._close_idle())

    def _entry(self, key: SecretStr | None) -> _Entry:
        name = name_of(key)
        entry = self._entries.pop(name, None)
        if entry is None:
            settings = self._settings if key is None else replace(self._settings, api_key=key)
            entry = _Entry(self._connect(settings))
            if name in self._limits:
                entry.client.limits = self._limits.pop(name)
        self._entries[name] = entry
        return entry

    async def _close_idle(self) -> None:
        """Close callers' clients beyond the bound that nobody uses, the one unused for longest first."""
        others = [name for name in self._entries if name != OWN]
        idle = [name for name in others if not self._entries[name].users]
        for name in idle[: max(0, len(others) - self._most)]:
            client = self._entries.pop(name).client
            if client.limits.started:
                self._limits[name] = client.limits
            await client.aclose()

    async def aclose(self) -> None:
        """Close every client."""
        entries = [*self._entries.values()]
        self._entries.clear()
        for entry in entries:
            await entry.client.aclose()
