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

__all__ = ["MOST_CALLERS", "Callers", "Connect", "name_of"]

MOST_CALLERS = 64
"""How many callers' clients are kept; the one that was idle longest is closed for a new one."""

Connect = Callable[[Settings], "AsyncClient"]


def name_of(key: SecretStr | None) -> str:
    """Name a caller by its key without keeping that; `None` is whoever uses the server's own."""
    return "own" if key is None else hashlib.sha256(key.get_secret_value().encode()).hexdigest()


@dataclass(slots=True)
class _Entry:
    client: AsyncClient
    users: int = 0
    is_retired: bool = False


class Callers:
    """Gives each key a client of its own, so that no call ever runs with another's key."""

    def __init__(self, settings: Settings, connect: Connect, most: int = MOST_CALLERS):
        self._settings = settings
        self._connect = connect
        self._most = most
        self._own: _Entry | None = None
        self._others: OrderedDict[str, _Entry] = OrderedDict()

    @asynccontextmanager
    async def client(self, key: SecretStr | None) -> AsyncIterator[AsyncClient]:
        """Lend the client of a key, or the server's own for `None`; it stays open as long as it is lent."""
        entry = self._entry(key)
        entry.users += 1
        try:
            while len(self._others) > self._most:
                await self._retire(self._others.popitem(last=False)[1])
            yield entry.client
        finally:
            entry.users -= 1
            if entry.is_retired:
                await asyncio.shield(self._retire(entry))

    def _entry(self, key: SecretStr | None) -> _Entry:
        if key is None:
            self._own = self._own or _Entry(self._connect(self._settings))
            return self._own
        name = name_of(key)
        entry = self._others.pop(name, None)
        if entry is None:
            entry = _Entry(self._connect(replace(self._settings, api_key=key)))
        self._others[name] = entry
        return entry

    async def _retire(self, entry: _Entry) -> None:
        entry.is_retired = True
        if not entry.users:
            await entry.client.aclose()

    async def aclose(self) -> None:
        """Close every client."""
        entries = [*self._others.values(), *([self._own] if self._own else [])]
        self._others.clear()
        self._own = None
        for entry in entries:
            await entry.client.aclose()
