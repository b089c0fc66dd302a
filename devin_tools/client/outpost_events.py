"""The events of an outpost's queue, for as long as somebody wants them: what both clients know of a stream.

The API ends each stream after minutes and may repeat what stands at its edge, and connections break: the next
request goes on from the last cursor. It does no I/O, which is the clients' own.
"""

from __future__ import annotations

import json
import logging
import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ..api.outposts import CHANGES, ListOutpostSessions, OutpostEvent, OutpostSessions
from ..codec import decode, encode, id_of
from ..errors import DevinToolsError, NetworkError, UnexpectedResponse
from ..flow import DRAWS, After, Before
from ..text.encoding import parse_json
from ..wire import Request, Response
from .call_limits import CallContext

if TYPE_CHECKING:
    import httpx

    from .exchange import Exchange
    from .state import ClientState

log = logging.getLogger("devin_tools")

STEADY = 5.0
"""Seconds after which a stream has served its purpose, whatever came of it: the next one is a first try."""

MAX_EVENT = 2**20
"""How many bytes one event may have."""

REMEMBERED = 10_000
"""How many events are remembered, to drop those that come again."""

LINE_END = re.compile(rb"\r\n|\n|\r")


class EventParser:
    """Reads server-sent events (the HTML standard) out of pieces that are cut anywhere."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield the data of each event that a piece completes; raise `UnexpectedResponse` for a huge one."""
        text = self._rest + piece
        held = text[-1:] if text.endswith(b"\r") else b""  # a line feed may follow
        *lines, rest = LINE_END.split(text[: len(text) - len(held)])
        self._rest = rest + held
        for line in lines:
            name, _, value = line.partition(b":")
            if name == b"data":
                self._data.append(value.removeprefix(b" "))
            elif not line and self._data:
                data, self._data = b"\n".join(self._data), []
                if data:  # else it is none, by the standard
                    yield data
        if len(self._rest) + sum(map(len, self._data)) > MAX_EVENT:
            raise UnexpectedResponse(f"An event is longer than {MAX_EVENT // 2**20} MB.")


def _kind_of(data: bytes) -> tuple[str, str | None]:
    """Return the type and cursor of what is not an event of ours; what is not an object is a change."""
    try:
        event = parse_json(data)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        return CHANGES[0], None
    kind, cursor = event.get("type"), event.get("cursor")
    return str(kind), cursor if isinstance(cursor, str) else None


class OutpostWatch:
    """Where a watch over a queue stands: what to ask for next, after how long, and what came already.

    As a context manager it asks the rules and guards of the client, and tells them of the end.
    """

    def __init__(self, state: ClientState, outpost_id: str, cursor: str | None):
        self._state = state
        self._name = id_of(ListOutpostSessions)
        self._call: Any = ListOutpostSessions(outpost_id=outpost_id, cursor=cursor)
        self.pause = 0.0
        """Seconds to wait before the next request."""
        self._failing_since: float | None = None
        self._attempts = self._tries = 0
        self._opened_at: float | None = None
        self._is_fruitful = False
        self._parser = EventParser()
        self._earlier: OrderedDict[Any, None] = OrderedDict()
        self._current: list[Any] = []

    def __enter__(self) -> OutpostWatch:
        self._call = self._state.admit(Before(self._call, is_inside=False), CallContext(is_confirmed=False))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        is_failure = isinstance(error, DevinToolsError)
        outcome = error if is_failure else OutpostSessions(sessions=[], cursor=self._call.cursor)
        self._state.observe(After(self._call, outcome, is_inside=False))

    def request(self) -> Request:
        """Return the request of the next stream, which goes on after the last event."""
        self._parser = EventParser()
        request = encode(self._call.route, self._call)
        watching = (*request.query, ("watch", "true"))
        return replace(request, query=watching, attempt=self._attempts + 1)

    def built(self, exchange: Exchange, http: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """Return that request as a client of httpx sends it: it asks for a stream, and for nothing packed."""
        exchange.headers = exchange.headers.copy()
        exchange.headers.update({"Accept": "text/event-stream", "Accept-Encoding": "identity"})
        return exchange.built(http)

    def opens(self, got: httpx.Response) -> bool:
        """Return whether an answer is a stream; raise `UnexpectedResponse` for a success that is none."""
        self._state.contact.was_made = True
        if not got.is_success:
            return False
        if got.headers.get("content-type", "").partition(";")[0].strip().lower() != "text/event-stream":
            raise UnexpectedResponse(f"The API answered {got.status_code}, but not with a stream of events.")
        log.info("%s: a stream of events is open", self._name)
        self._opened_at, self._is_fruitful = self._state.clock.monotonic(), False
        return True

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Take a stream on which nothing comes for as long as the timeout for one that has ended."""
        import httpx

        try:
            yield
        except httpx.ReadTimeout:
            log.info("%s: nothing came for a while", self._name)

    def take(self, piece: bytes) -> Iterator[OutpostEvent]:
        """Yield the events that a piece completes, without those that an earlier stream brought."""
        for data in self._parser.feed(piece):
            event = self._read(data)
            if event is None:
                continue
            key = event.cursor, json.dumps(event.model_dump(mode="json"), sort_keys=True)
            self._current.append(hash(key))
            if event.cursor is not None:
                self._call = self._call.model_copy(update={"cursor": event.cursor})
            if self._current[-1] not in self._earlier:
                self._is_fruitful = True
                yield event
            if len(self._current) > REMEMBERED:
                self._remember()

    def _read(self, data: bytes) -> OutpostEvent | None:
        """Read an event; `None` for one of a kind that is not known and tells of no session."""
        try:
            return decode(OutpostEvent, Response(200, data), {})
        except UnexpectedResponse:
            kind, cursor = _kind_of(data)
            if kind in CHANGES:
                raise
        log.warning("%s: an event of the kind %.40r is passed over", self._name, kind)
        if cursor is not None:
            self._call = self._call.model_copy(update={"cursor": cursor})
        return None

    def ended(self) -> None:
        """Plan the next stream after one that the server ended, which counts as no failure.

        At once, unless it brought nothing and was short: then after a pause that grows.
        """
        if self._has_served():
            self.pause = 0.0
            return
        self._attempts += 1
        self.pause = self._delay(Response(200))

    def failed(self, error: NetworkError) -> None:
        """Plan the next stream after a fault; raise it when the settings allow no further try."""
        self._has_served()
        if reason := self._plan(error):
            error.tries, error.gave_up = self._attempts, reason
            raise error

    def refused(self, response: Response) -> None:
        """Plan the next stream after a refusal; raise it when it is for good, or was the last one."""
        if reason := self._plan(response):
            decode(OutpostSessions, replace(response, tries=self._attempts, gave_up=reason), {})

    def _has_served(self) -> bool:
        """Return whether the stream that is over was worth it, and begin to count anew then."""
        self._remember()
        opened_at, self._opened_at = self._opened_at, None
        if opened_at is None:
            return False
        if self._is_fruitful or self._state.clock.monotonic() - opened_at >= STEADY:
            self._attempts, self._tries, self._failing_since = 0, 0, None
            return True
        return False

    def _remember(self) -> None:
        for key in self._current:
            self._earlier[key] = None
            self._earlier.move_to_end(key)
        self._current = []
        while len(self._earlier) > REMEMBERED:
            self._earlier.popitem(last=False)

    def _delay(self, outcome: Response | NetworkError) -> float:
        chance = self._state.draw() / DRAWS
        return self._state.retry.delay(outcome, self._attempts, chance, self._state.clock.now())

    def _plan(self, outcome: Response | NetworkError) -> str:
        """Choose the pause before another try, as for any read; return why there is none."""
        policy, now = self._state.retry, self._state.clock.monotonic()
        self._attempts += 1
        if not policy.may_retry(encode(self._call.route, self._call), outcome):
            return "repeating it is not safe, or of no use"
        self.pause = self._delay(outcome)
        self._failing_since = now if self._failing_since is None else self._failing_since
        if isinstance(outcome, Response) and outcome.status == 429:
            self._state.cooldown.extend(now + self.pause)
        else:
            self._tries += 1
        return policy.stop_reason(outcome, self._tries, now + self.pause - self._failing_since, None)
