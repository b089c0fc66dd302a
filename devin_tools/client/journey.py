"""How far one request came on its way, as the connection tells: whether it was sent, and where it failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .proxies import Proxy

JOURNEY = "devin_tools.journey"
"""Where the extensions of a request hold it."""

TUNNEL_SECONDS = 15.0
"""How long a proxy may take to open a way: httpcore waits as long as for an answer, with SOCKS for ever."""

SOCKS = "socks.setup_socks5_connection"
HEADERS = "http11.send_request_headers"


class Journey:
    """The way of one request after another, a redirect's too."""

    def __init__(self, *, is_known: bool = False) -> None:
        self.is_known = is_known
        """Whether the API was reached before. Then, without a proxy, the exceptions of httpx say enough, and
        the connection need not tell of each of its steps, which costs a tenth of a call."""
        self.is_traced = False
        """Whether a connection tells how far it came."""
        self.is_sent = False
        """Whether any of the request may have gone out."""
        self.stage = ""
        """What was begun last: `connect`, `proxy TLS`, `tunnel`, `TLS`; empty before and after."""
        self.host, self.port = "", 0
        self.proxy: Proxy | None = None
        self._patience: float | None = None
        """How long an answer of the API may take, while a proxy is asked."""
        self._socks: tuple[Any, Callable[[], None]] | None = None
        """The connection to a SOCKS proxy, and what ends the watch over it."""

    def begin(self, host: str, port: int, proxy: Proxy | None) -> None:
        """Start on the way to a host."""
        self.is_traced, self.is_sent, self.stage = False, False, ""
        self.host, self.port, self.proxy = host, port, proxy

    def trace(self, *, is_async: bool) -> dict[str, Any]:
        """Return the extension by which a connection tells, where that is needed."""
        if self.is_known and self.proxy is None:
            return {}
        return {"trace": self.see_async if is_async else self.see}

    def see(self, event: str, info: dict[str, Any]) -> None:
        """Take in what the connection does (httpcore's `trace` extension)."""
        self.is_traced = True
        step, _, state = event.rpartition(".")
        if state != "started":
            if event == f"{SOCKS}.failed" and (stream := self._watched()) is not None:
                stream.close()  # httpcore leaves it open
            elif step == SOCKS:
                self._watched()
        elif step == HEADERS:
            self._see_request(info["request"])
        elif step.endswith(".connect_tcp"):
            self.stage = "connect"
        elif step.endswith(".start_tls"):
            is_to_proxy = self.proxy is not None and step == "connection.start_tls"
            self.stage = "proxy TLS" if is_to_proxy else "TLS"
        elif step == SOCKS:
            self.stage = "tunnel"
            self._socks = info["stream"], _watch(info["stream"])

    async def see_async(self, event: str, info: dict[str, Any]) -> None:
        """Do as `see` does."""
        if event == f"{SOCKS}.failed" and (stream := self._watched()) is not None:
            await stream.aclose()
        else:
            self.see(event, info)

    def _see_request(self, request: Any) -> None:
        """Take in that headers are sent: to open a tunnel, or those of the request itself."""
        is_connect = request.method == b"CONNECT"
        self.is_sent, self.stage = not is_connect, "tunnel" if is_connect else ""
        times = request.extensions.get("timeout", {})  # one for both
        if is_connect:
            self._patience = times.get("read")
            times["read"] = min(self._patience or TUNNEL_SECONDS, TUNNEL_SECONDS)
        elif self._patience is not None:
            times["read"], self._patience = self._patience, None

    def _watched(self) -> Any:
        """End the watch over a connection to a SOCKS proxy, and return that, if there is one."""
        stream, stop = self._socks or (None, None)
        self._socks = None
        if stop is not None:
            stop()
        return stream


def _watch(stream: Any) -> Callable[[], None]:
    """Break a connection off when it takes too long; return what ends the watch."""
    import socket
    import threading
    from contextlib import suppress

    def end() -> None:
        with suppress(OSError, AttributeError):
            stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(TUNNEL_SECONDS, end)
    timer.daemon = True
    timer.start()
    return timer.cancel
