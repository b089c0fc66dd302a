"""What a server takes of connections: how many there may be, and how long it waits for whoever holds one.

For `serve` and for MCP over HTTP, over uvicorn's own protocol of HTTP/1.1:

    config = uvicorn.Config(app, **uvicorn_options(ConnectionLimits()), ...)
    log_loop_errors(asyncio.get_running_loop())  # within the loop that serves
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

log = logging.getLogger("devin_tools.server")

MOST_CONNECTIONS = 1_000
SPARE_DESCRIPTORS = 512
"""Descriptors that no held connection takes: for those being accepted, for requests to the API, for files."""

BACKLOG = 128
"""How many connections may wait to be accepted; as many are accepted at a time before one of them is looked
at, so a large number would empty the table of descriptors."""

MIN_READ_BYTES = 4_096
"""Bytes that a reader must take within `write_seconds`."""

SEND_BUFFER = 131_072
"""Bytes of an answer that the system may hold for a peer. Left to itself it takes megabytes, and a peer that
does not read would have that much of each of its requests' answers made for nothing."""

QUIET_SECONDS = 60.0
"""Seconds between two lines about the same fault of the machine."""

EMPTY_AND_CLOSE = b"connection: close\r\ncontent-length: 0\r\n\r\n"

OUT_OF_RESOURCES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


def _descriptor_room() -> int:
    try:
        import resource
    except ImportError:  # not on this system
        return SPARE_DESCRIPTORS
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(16, min(MOST_CONNECTIONS, max(soft - SPARE_DESCRIPTORS, soft // 4)))


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How long a server waits for its peers, and for how many at a time."""

    head_seconds: float = 15.0
    """From the connection, or from the last answer, until the head of a request is whole."""

    body_seconds: float = 30.0
    """From the head until the body is whole, whoever reads it."""

    write_seconds: float = 30.0
    """How long a reader may take nothing."""

    connections: int = field(default_factory=_descriptor_room)
    """How many there may be, at most what the descriptors of the process leave room for: when there are as
    many, the one that has kept the server waiting longest is closed for the next."""


def uvicorn_options(limits: ConnectionLimits) -> dict[str, Any]:
    """Return the options of `uvicorn.Config` that keep the limits."""
    backlog = min(BACKLOG, max(16, limits.connections // 4))
    return {"http": partial(BoundedProtocol, limits, RequestQueue()), "backlog": backlog}


class RequestQueue:
    """Further requests of connections: one is begun at a time, between whatever else there is to do.

    So those who send many, or before they have read the answers to the ones ahead, wait for each other,
    and the first request of a connection does not wait for them.
    """

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()

    def add(self, loop: asyncio.AbstractEventLoop, begin: Callable[[], None]) -> None:
        """Call `begin` when its turn comes."""
        self._waiting.append(begin)
        if len(self._waiting) == 1:  # else the one ahead calls for the next
            loop.call_soon(self._next, loop)

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        begin = self._waiting.popleft()
        if self._waiting:
            loop.call_soon(self._next, loop)
        begin()


class PausableConnection(h11.Connection):
    """h11's parser of one connection, which pauses before a request that must wait."""

    def __init__(self, most: int | None, must_wait: Callable[[], bool]):
        super().__init__(h11.SERVER, *(() if most is None else (most,)))
        self._must_wait = must_wait

    def next_event(self) -> Any:
        """Return the next event; of a request that must wait there is none yet."""
        # h11 pauses before a pipelined request until the response to the one ahead is sent; uvicorn goes on
        # then at once. Paused longer, the bytes stay in h11's buffer, and uvicorn stops reading the socket.
        if self.our_state is h11.IDLE and self.trailing_data[0] and self._must_wait():
            return h11.PAUSED
        return super().next_event()


class BoundedProtocol(H11Protocol):  # type: ignore[misc]
    """uvicorn's HTTP/1.1 connection, with time limits for its peer; it can be evicted while it waits.

    A further request is begun once the answer to the one before is taken, and in its turn.
    """

    app: Any

    def __init__(self, limits: ConnectionLimits, queue: RequestQueue, *given: Any, **options: Any):
        super().__init__(*given, **options)
        self.app = refuse_ambiguous_framing(self.app)
        self.conn = PausableConnection(self.config.h11_max_incomplete_event_size, self._must_wait)
        self._limits = limits
        self._queue = queue
        self._is_waiting = self._has_turn = False
        self._state: tuple[str, object] = "", None
        self._timer: asyncio.TimerHandle | None = None
        self._is_stalled = False
        self._unread = 0
        """The bytes that waited to be read by the peer when this was last looked at."""
        self.waits_since: float | None = None
        """Since when there is no request to work on; none while there is."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a head, if there is room or another connection can be evicted."""
        if len(self.connections) >= self._limits.connections:
            waiting = [one for one in self.connections if one.waits_since is not None]
            if not waiting:
                self.transport = transport
                transport.write(b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\n" + EMPTY_AND_CLOSE)
                transport.close()
                return
            min(waiting, key=lambda one: one.waits_since).evict()
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # whatever waits to be read stops the writing
        if (peer := transport.get_extra_info("socket")) is not None:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._reset_timer()

    def data_received(self, data: bytes) -> None:
        """Handle what came, and reset the timer."""
        super().data_received(data)
        self._reset_timer()

    def on_response_complete(self) -> None:
        """Wait for the next head; of an answered request the rest of the body too."""
        super().on_response_complete()
        self._reset_timer()

    def pause_writing(self) -> None:
        """Stop writing until the peer reads; its time begins."""
        super().pause_writing()
        self._is_stalled = True
        self._reset_timer()

    def resume_writing(self) -> None:
        """Write on, and begin the request that waited for it."""
        self._is_stalled = False
        super().resume_writing()
        if self._is_waiting:
            self._queue.add(self.loop, self._begin_next)
        self._reset_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer of a connection that is gone."""
        self._cancel()
        if self.flow is not None:  # else it was not let in
            super().connection_lost(exc)

    def evict(self) -> None:
        """Close, for another connection to have the place."""
        self.connections.discard(self)
        self._cancel()
        self.transport.abort()

    def _must_wait(self) -> bool:
        """Return whether the request that comes next is not to be begun yet; it is when its turn comes."""
        if self.cycle is None or self._has_turn:
            return False
        self._unset_keepalive_if_required()
        if not self._is_waiting:
            self._is_waiting = True
            if not self._is_stalled:
                self._queue.add(self.loop, self._begin_next)
        return True

    def _begin_next(self) -> None:
        if self.transport.is_closing():
            return
        self._is_waiting, self._has_turn = False, True
        self.flow.resume_reading()
        self.handle_events()
        self._has_turn = False
        self._reset_timer()

    def _cancel(self) -> None:
        self.waits_since = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _phase(self) -> tuple[str, float]:
        """Return what this waits for, and how many seconds the peer may take; 0 stands for no limit."""
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if self._is_stalled:
            return "reader", self._limits.write_seconds
        if self._is_waiting:
            return "turn", 0.0
        if self.conn.their_state is h11.SEND_BODY and is_answering:
            return "body", self._limits.body_seconds
        return ("", 0.0) if is_answering else ("head", self._limits.head_seconds)

    def _reset_timer(self) -> None:
        """Set the time by which the peer must have done its part; what it has begun does not move it."""
        phase, seconds = self._phase()
        if (phase, self.cycle) == self._state:  # bytes that trickle in buy no more time
            return
        self._cancel()
        self._state = phase, self.cycle
        if phase and self in self.connections:
            self.waits_since = self.loop.time()
            self._unread = self.transport.get_write_buffer_size()
            if seconds:
                self._timer = self.loop.call_later(seconds, self._time_out, seconds)

    def _time_out(self, seconds: float) -> None:
        """Close, unless the peer reads on of what is left of an answer."""
        left = self.transport.get_write_buffer_size()
        if left and left <= self._unread - MIN_READ_BYTES:
            self._unread = left
            self._timer = self.loop.call_later(seconds, self._time_out, seconds)
            return
        if self._state == ("head", None) and self.conn.trailing_data[0]:
            self.transport.write(b"HTTP/1.1 408 Request Timeout\r\n" + EMPTY_AND_CLOSE)
            self.transport.close()
        else:
            self.transport.abort()


def refuse_ambiguous_framing(app: Any) -> Any:
    """Refuse a request whose end two readers could see at different places (RFC 9112, section 6.1)."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and _has_ambiguous_framing(scope):
            headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 400, "headers": headers})
            await send({"type": "http.response.body", "body": AMBIGUOUS})
        else:
            await app(scope, receive, send)

    return guarded


AMBIGUOUS = (
    b'{"error":{"kind":"usage","message":"Content-Length and Transfer-Encoding exclude each other, '
    b'and HTTP/1.0 knows no Transfer-Encoding.","retryable":false,"retry_after":null,"tries":0,'
    b'"hint":null,"details":[]}}'
)


def _has_ambiguous_framing(scope: Any) -> bool:
    names = {name.lower() for name, _ in scope["headers"]}
    if b"transfer-encoding" not in names:
        return False
    return b"content-length" in names or scope.get("http_version") == "1.0"


def log_loop_errors(loop: asyncio.AbstractEventLoop) -> None:
    """Log what fails in an event loop as one line, without traceback or values, and not over and over."""
    logged_at: dict[str, float] = {}

    def handle(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        fault = context.get("exception")
        if isinstance(fault, OSError) and fault.errno in OUT_OF_RESOURCES:
            text = f"no connection can be taken for now: {errno.errorcode[fault.errno]}"
        else:
            text = f"a fault of the event loop: {type(fault).__name__ if fault else context['message']}"
        if time.monotonic() - logged_at.get(text, -QUIET_SECONDS) >= QUIET_SECONDS:
            logged_at[text] = time.monotonic()
            log.error("%s", text)

    loop.set_exception_handler(handle)
