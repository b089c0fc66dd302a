"""Clients that a builder's nodes share: one for each set of settings, so that limits hold for all of them."""

from __future__ import annotations

import asyncio
import threading
from weakref import WeakKeyDictionary

from ..client.clients import AsyncClient, Client
from ..settings import Settings

__all__ = ["async_client_of", "client_of"]

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
