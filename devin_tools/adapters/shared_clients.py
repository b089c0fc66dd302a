"""What the nodes of a builder share: one client for each set of settings.

So limits hold for all nodes of an account together.
"""

from __future__ import annotations

import asyncio
import threading
from weakref import WeakKeyDictionary

from ..client import AsyncClient, Client
from ..settings import Settings

_lock = threading.Lock()
_clients: dict[Settings, Client] = {}
_async_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Settings, AsyncClient]] = (
    WeakKeyDictionary()
)


def client_of(settings: Settings) -> Client:
    """Return the client of these settings; raise `MissingSetting` when they have no key to send."""
    with _lock:
        if settings not in _clients:
            _clients[settings] = Client(settings)
        return _clients[settings]


def async_client_of(settings: Settings) -> AsyncClient:
    """Return the client of these settings on the running event loop; raise as `client_of` does."""
    clients = _async_clients.setdefault(asyncio.get_running_loop(), {})
    if settings not in clients:
        clients[settings] = AsyncClient(settings)
    return clients[settings]
