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

from ..errors import MissingSetting
from ..settings import Settings

if TYPE_CHECKING:
    import httpx

H = TypeVar("H", bound="httpx.Client | httpx.AsyncClient")

_opening = threading.RLock()
"""Held while connections are opened, whichever client's they are, so that a forked process can forget it. Its
thread may close others meanwhile, in a finalizer."""


def trusts_environment(settings: Settings) -> bool:
    """Return whether proxies and certificates of the environment are used.

    A proxy on the way to loopback would read the key: plain HTTP hides nothing from it.
    """
    return settings.base_url.lower().startswith("https://")


class Connections(Generic[H]):
    """Makes an httpx client when it is first needed; clients that act for other accounts share it."""

    def __init__(self, make: Callable[[Settings, Any], H], settings: Settings, transport: Any):
        self._make = partial(make, settings, transport)
        self._http: H | None = None
        self._is_closed = False
        if transport is not None:
            self.opened()  # it is ours to close, used or not
        elif trusts_environment(settings):
            self._check_environment()

    def opened(self) -> H:
        """Return the httpx client; raise `MissingSetting` when what the environment names cannot be used."""
        return self._open() if self._http is None else self._http

    def _open(self) -> H:
        import httpx

        with _opening:
            if self._is_closed:
                raise RuntimeError("Cannot send a request, as the client has been closed.")
            if self._http is None:
                try:
                    self._http = self._make()
                except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
                    raise _unusable(type(error).__name__) from error
            return self._http

    def _check_environment(self) -> None:
        """Raise `MissingSetting` where that can be told now: at the first request it would be late."""
        if any(name.lower().endswith("_proxy") or name == "SSLKEYLOGFILE" for name in os.environ):
            self.opened()  # only httpx knows which proxies it takes, and few write a log of keys
        elif (file := os.environ.get("SSL_CERT_FILE")) and not os.path.isfile(file):
            raise _unusable("SSL_CERT_FILE names no file")

    def close(self) -> H | None:
        """Open none from now on; return the httpx client, which is still to be closed, if there is one."""
        with _opening:
            self._is_closed = True
            return self._http


def _unusable(why: str) -> MissingSetting:
    return MissingSetting(
        f"The certificates or proxies that the environment names cannot be used: {why}.",
        hint="Look at SSL_CERT_FILE, SSL_CERT_DIR, SSLKEYLOGFILE, HTTPS_PROXY and ALL_PROXY; "
        "a SOCKS proxy needs `pip install 'httpx[socks]'`.",
    )


def _forget_opening() -> None:
    """Let a process that was forked open connections, whatever threads of its parent were just doing."""
    global _opening
    _opening = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_opening)
