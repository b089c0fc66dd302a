"""`Client`: drives flows in a thread.

with Client() as client:
    session = client.run(CreateSession(prompt="Fix the flaky test."))   # typed CreatedSession
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..errors import ConnectionLost, DevinToolsError, NetworkError
from ..flow import Done, Flow, Hold, Pause, Progress, Step
from ..settings import Settings
from ..tool import Tool, perform, require_call
from ..wire import Download, Request, Response
from .base import BaseClient, OutT, P, chosen_settings, with_warning
from .call_limits import CallContext
from .clock import Clock
from .connections import Connections
from .exchange import Exchange, http_options, pieces, read_body, set_aside
from .faults import unsent
from .state import ClientState, Watch, ask_self

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Unpack

    import httpx

    from ..api.outposts import OutpostEvent
    from ..hookspecs import Guard
    from ..local.locks import HeldLocks
    from ..paging.page import Page, RowT
    from ..paging.pages import Walk
    from ..settings import SettingOptions
    from ..tasks.session_events import Event
    from .outpost_events import OutpostWatch

T = TypeVar("T")


def _opened(settings: Settings, transport: httpx.BaseTransport | None) -> httpx.Client:
    """Make what sends the requests of a client."""
    import httpx

    return httpx.Client(**http_options(settings, transport, set_aside, is_async=False))


class Client(BaseClient):
    """Runs calls, one after another. Safe to share between threads.

    Settings come from `settings`, or from keyword arguments over the environment: any field of
    `Settings`, and `env_file`; with both, the arguments win. TLS is always verified; the key goes to
    `base_url` and nowhere else.
    Connections are opened at the first request, by the proxies and certificates that the environment names.
    `guards` are called around every call: by default those of the installed plugins. `watch` receives the
    progress of calls.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        guards: Sequence[Guard] | None = None,
        clock: Clock | None = None,
        watch: Watch | None = None,
        env_file: str | Path | None = None,
        **given: Unpack[SettingOptions],
    ):
        settings = chosen_settings(settings, env_file, given)
        self.state = ClientState(settings, guards, clock, watch)
        self._connections = Connections(_opened, self.settings, transport)
        self._org_lock = threading.Lock()

    def run(self, call: Tool[OutT], *, confirm: bool = False) -> OutT:
        """Perform a call and return its typed output; `confirm` is consent, where the settings ask for it.

        Raises:
            UsageError: nothing was sent: a rule or guard refused, or a setting is missing.
            NetworkError: no whole answer came back, however often it was tried.
            Ambiguous: a write may have taken effect, and whether it did could not be found out.
            ApiError: the API refused; the class says how.
            UnexpectedResponse: the answer has no documented shape.
        """
        return self.drive(perform(call, is_inside=False), confirm=confirm)

    def events(self, call: Tool[OutT], *, confirm: bool = False) -> Iterator[Progress[Event | OutT | None]]:
        """Perform a call and yield its progress as it comes; the last item's `value` is the output."""
        require_call(call)
        return self._steps(perform(call, is_inside=False), confirm)

    def pages(self, call: Tool[P]) -> Iterator[P]:
        """Walk over all pages, holding one at a time and dropping repeated items."""
        from ..paging.pages import Walk

        return self._pages(Walk(call))

    def items(self, call: Tool[Page[RowT]]) -> Iterator[RowT]:
        """Walk over the items of all pages."""
        pages = self.pages(call)
        return (item for page in pages for item in page.items)

    def outpost_events(self, outpost_id: str, cursor: str | None = None) -> Generator[OutpostEvent]:
        """Yield what changes in the queue of an outpost, from a cursor on, for as long as it is asked for.

        Streams that the API ends, connections that break and passing refusals are followed by another stream,
        which goes on from the last event; what it repeats is dropped. Close the iterator, as with
        `contextlib.closing`, to end its connection. Raises what `run` raises, when the settings for retries
        allow no further try.
        """
        from .outpost_events import OutpostWatch

        return self._watch(OutpostWatch(self.state, outpost_id, cursor))

    def _watch(self, watch: OutpostWatch) -> Generator[OutpostEvent]:
        with watch:
            while True:
                try:
                    yield from self._stream(watch)
                except NetworkError as error:
                    watch.failed(error)
                self.state.clock.sleep(max(watch.pause, self.state.cooldown_left()))

    def _stream(self, watch: OutpostWatch) -> Iterator[OutpostEvent]:
        http = self._connections.opened()
        with (
            Exchange(watch.request(), self.state) as exchange,
            closing(http.send(watch.built(exchange, http), stream=True)) as got,
        ):
            if watch.opens(got):
                with watch.silence():
                    for piece in pieces(got):
                        yield from watch.take(piece)
            else:
                read_body(got, exchange.body)
        if got.is_success:
            watch.ended()
        else:
            watch.refused(exchange.response(got))

    def _pages(self, walk: Walk[P]) -> Iterator[P]:
        while walk.next is not None:
            yield walk.take(with_warning(self.run(walk.next)))

    def drive(self, flow: Flow[T], *, confirm: bool = False) -> T:
        """Perform the steps of a flow, with retries, until it returns."""
        progress: Progress | None = None
        for progress in self._steps(flow, confirm):
            self.state.report(progress)
        return cast(T, progress.value if progress else None)

    def _steps(self, flow: Flow[Any], confirm: bool) -> Iterator[Progress]:
        flow, context = self.state.with_retries(flow), CallContext(confirm)
        reply: Any = None
        failure: DevinToolsError | None = None
        locks: HeldLocks | None = None
        try:
            while True:
                try:
                    step = flow.throw(failure) if failure else flow.send(reply)
                except StopIteration as done:
                    yield Done("done", done.value)
                    return
                reply = failure = None
                try:
                    if isinstance(step, Progress):
                        yield step
                    elif isinstance(step, Hold):
                        from ..local.locks import HeldLocks, lock_arguments

                        locks = locks or HeldLocks()
                        reply = locks.take(*lock_arguments(step, self.state.settings))
                    else:
                        reply = self._perform(step, context)
                except DevinToolsError as error:
                    failure = error
        finally:
            if locks:
                locks.release()

    def _perform(self, step: Step, context: CallContext) -> Any:
        if isinstance(step, Request):
            return self._send(step)
        if isinstance(step, Pause):
            return self.state.clock.sleep(step.seconds)
        return self.state.answer(step, context)

    def _send(self, request: Request) -> Response:
        if self.state.lacks_org(request):
            with self._org_lock:
                if self.state.lacks_org(request) and (refusal := self._learn()):
                    return refusal
        return self._exchange(request)

    def _learn(self) -> Response | None:
        try:
            return self.state.learn_org(self._exchange(ask_self()))
        except ConnectionLost as lost:
            raise unsent(lost) from lost

    def _exchange(self, request: Request) -> Response:
        if isinstance(request, Download):
            return self._download(request)
        http = self._connections.opened()
        with (
            Exchange(request, self.state) as exchange,
            closing(http.send(exchange.built(http), stream=True)) as got,
        ):
            read_body(got, exchange.body)
        return exchange.response(got)

    def _download(self, request: Download) -> Response:
        from .transfer import receive

        http = self._connections.opened()
        with Exchange(request, self.state) as exchange, exchange.download_target(request) as target:
            sent = exchange.url, exchange.headers, exchange.extensions
            refusal = receive(http, sent, target, exchange.body)
            return exchange.downloaded(target) if refusal is None else exchange.response(refusal)

    def close(self) -> None:
        """Close the connections."""
        if (http := self._connections.close()) is not None:
            http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
