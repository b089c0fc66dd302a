"""`AsyncClient`: drives flows on an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..errors import ConnectionLost, DevinToolsError, NetworkError
from ..flow import (
    AppendLines,
    Done,
    Flow,
    Hold,
    KeepSecret,
    Pause,
    Progress,
    ReadLastLines,
    ReadRepository,
    SaveText,
    Step,
)
from ..settings import Settings
from ..tool import Tool, perform, require_call
from ..wire import Download, Request, Response
from .base import BaseClient, OutT, P, chosen_settings, with_warning
from .call_limits import CallContext
from .clock import Clock
from .connections import Connections
from .exchange import Exchange, http_options, pieces_async, read_body_async, set_aside_async
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

USES_FILES = ReadRepository | KeepSecret | ReadLastLines | AppendLines | SaveText


def _opened(settings: Settings, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Make what sends the requests of a client."""
    import httpx

    return httpx.AsyncClient(**http_options(settings, transport, set_aside_async, is_async=True))


class AsyncClient(BaseClient):
    """Runs calls on an event loop. One per loop; otherwise as `Client`."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        guards: Sequence[Guard] | None = None,
        clock: Clock | None = None,
        watch: Watch | None = None,
        env_file: str | Path | None = None,
        **given: Unpack[SettingOptions],
    ):
        settings = chosen_settings(settings, env_file, given)
        self.state = ClientState(settings, guards, clock, watch)
        self._connections = Connections(_opened, self.settings, transport)
        self._org_lock = asyncio.Lock()

    async def run(self, call: Tool[OutT], *, confirm: bool = False) -> OutT:
        """Perform a call and return its typed output. Raises what `Client.run` raises."""
        return await self.drive(perform(call, is_inside=False), confirm=confirm)

    def events(
        self, call: Tool[OutT], *, confirm: bool = False
    ) -> AsyncIterator[Progress[Event | OutT | None]]:
        """Perform a call and yield its progress as it comes; the last item's `value` is the output."""
        require_call(call)
        return self._steps(perform(call, is_inside=False), confirm)

    def pages(self, call: Tool[P]) -> AsyncIterator[P]:
        """Walk over all pages, holding one at a time and dropping repeated items."""
        from ..paging.pages import Walk

        return self._pages(Walk(call))

    def items(self, call: Tool[Page[RowT]]) -> AsyncIterator[RowT]:
        """Walk over the items of all pages."""
        pages = self.pages(call)
        return (item async for page in pages for item in page.items)

    def outpost_events(self, outpost_id: str, cursor: str | None = None) -> AsyncGenerator[OutpostEvent]:
        """Yield what changes in the queue of an outpost, as `Client.outpost_events` does.

        Close the iterator, as with `contextlib.aclosing`, to end its connection.
        """
        from .outpost_events import OutpostWatch

        return self._watch(OutpostWatch(self.state, outpost_id, cursor))

    async def _watch(self, watch: OutpostWatch) -> AsyncGenerator[OutpostEvent]:
        with watch:
            while True:
                try:
                    async with aclosing(self._stream(watch)) as events:
                        async for event in events:
                            yield event
                except NetworkError as error:
                    watch.failed(error)
                await self.state.clock.sleep_async(max(watch.pause, self.state.cooldown_left()))

    async def _stream(self, watch: OutpostWatch) -> AsyncGenerator[OutpostEvent]:
        http = self._connections.opened()
        with Exchange(watch.request(), self.state) as exchange:
            async with aclosing(await http.send(watch.built(exchange, http), stream=True)) as got:
                if watch.opens(got):
                    with watch.silence():
                        async for piece in pieces_async(got):
                            for event in watch.take(piece):
                                yield event
                else:
                    await read_body_async(got, exchange.body)
        if got.is_success:
            watch.ended()
        else:
            watch.refused(exchange.response(got))

    async def _pages(self, walk: Walk[P]) -> AsyncIterator[P]:
        while walk.next is not None:
            yield walk.take(with_warning(await self.run(walk.next)))

    async def drive(self, flow: Flow[T], *, confirm: bool = False) -> T:
        """Perform the steps of a flow, with retries, until it returns."""
        progress: Progress | None = None
        async for progress in self._steps(flow, confirm):
            self.state.report(progress)
        return cast(T, progress.value if progress else None)

    async def _steps(self, flow: Flow[Any], confirm: bool) -> AsyncIterator[Progress]:
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
                        reply = await locks.take_async(*lock_arguments(step, self.state.settings))
                    elif isinstance(step, Request) and locks:  # a task can be cancelled while it holds them
                        reply = await locks.finish_write(self.send, step)
                    else:
                        reply = await self._perform(step, context)
                except DevinToolsError as error:
                    failure = error
        finally:
            if locks:
                locks.release()

    async def _perform(self, step: Step, context: CallContext) -> Any:
        if isinstance(step, Request):
            return await self.send(step)
        if isinstance(step, Pause):
            return await self.state.clock.sleep_async(step.seconds)
        if isinstance(step, USES_FILES):  # files and git: others go on meanwhile
            return await asyncio.to_thread(self.state.answer, step, context)
        return self.state.answer(step, context)

    async def send(self, request: Request) -> Response:
        """Send one request once, for an engine that repeats it itself; ask for the organisation first where
        that is needed.

        Raises `NetworkError` and `InvalidArguments`.
        """
        if self.state.lacks_org(request):
            async with self._org_lock:
                if self.state.lacks_org(request) and (refusal := await self._learn()):
                    return refusal
        return await self._exchange(request)

    async def _learn(self) -> Response | None:
        try:
            return self.state.learn_org(await self._exchange(ask_self()))
        except ConnectionLost as lost:
            raise unsent(lost) from lost

    async def _exchange(self, request: Request) -> Response:
        if isinstance(request, Download):
            return await self._download(request)
        http = self._connections.opened()
        with Exchange(request, self.state) as exchange:
            asked = exchange.built(http)
            async with aclosing(await http.send(asked, stream=True)) as got:
                await read_body_async(got, exchange.body)
        return exchange.response(got)

    async def _download(self, request: Download) -> Response:
        from .transfer import receive_async

        http = self._connections.opened()
        with Exchange(request, self.state) as exchange, exchange.download_target(request) as target:
            sent = exchange.url, exchange.headers, exchange.extensions
            refusal = await receive_async(http, sent, target, exchange.body)
            return exchange.downloaded(target) if refusal is None else exchange.response(refusal)

    async def aclose(self) -> None:
        """Close the connections."""
        if (http := self._connections.close()) is not None:
            await http.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
