"""The connections of a client, opened at its first request.

To open them imports httpx and reads the certificates, which takes longer than all else that a client is made
of, and many a process that makes one sends nothing.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..errors import DevinToolsError, Hint
from ..settings import Settings

if TYPE_CHECKING:
    import httpx

H = TypeVar("H", bound="httpx.Client | httpx.AsyncClient")

_opening = threading.RLock()
"""Held while connections are opened, whichever client's they are, so that a forked process can forget it. Its
thread may close others meanwhile, in a finalizer."""

VARIABLES = ("_proxy", "ssl_cert_file", "ssl_cert_dir", "sslkeylogfile")
"""How the names of the variables end that are looked at when a client is made."""


def trusts_environment(settings: Settings) -> bool:
    """Return whether proxies and certificates of the environment are used.

    A proxy on the way to loopback would read the key: plain HTTP hides nothing from it.
    """
    return settings.base_url.lower().startswith("https://")


def check_environment(settings: Settings) -> None:
    """Raise `MissingSetting` for proxies or certificates that cannot be used, where it costs little to see.

    Servers do so when they start; a client, when it is made.
    """
    if trusts_environment(settings) and any(name.lower().endswith(VARIABLES) for name in os.environ):
        from .environment import check

        check(settings.base_url)


class Connections(Generic[H]):
    """Makes an httpx client when it is first needed; clients that act for other accounts share it.

    Raises `MissingSetting` for a proxy or certificates of the environment that cannot be used, when it is
    made or at the first request.
    """

    def __init__(self, make: Callable[[Settings, Any], H], settings: Settings, transport: Any):
        self._make = partial(make, settings, transport)
        self._http: H | None = None
        self._is_closed = False
        if transport is not None:
            self.opened()  # it is ours to close, used or not
        else:
            check_environment(settings)  # at the first request it would be late

    def opened(self) -> H:
        """Return the httpx client.

        Raises `DevinToolsError` once it is closed, and no `UsageError`: that may be in the midst of a call.
        """
        if self._is_closed:
            raise DevinToolsError(
                "The client is closed: it sends nothing more.",
                hint=Hint(python="Run calls within its `with`, or make another client."),
            )
        return self._open() if self._http is None else self._http

    def _open(self) -> H:
        with _opening:
            if self._is_closed:  # by another thread
                return self.opened()
            if self._http is None:
                self._http = self._make()
            return self._http

    def close(self) -> H | None:
        """Open none from now on; return the httpx client, which is still to be closed, if there is one."""
        with _opening:
            self._is_closed = True
            return self._http


def _forget_opening() -> None:
    """Let a process that was forked open connections, whatever threads of its parent were just doing."""
    global _opening
    _opening = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_opening)
