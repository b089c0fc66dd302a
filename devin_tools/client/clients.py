"""`Client` and `AsyncClient`: two drivers over the same flows. All the I/O of the library is here.

with Client() as client:
    session = client.run(CreateSession(prompt="Fix the flaky test."))   # typed CreatedSession
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..errors import ConnectionLost, DevinToolsError
from ..flow import Done, Flow, Hold, Pause, Progress, ReadRepository, Step
from ..hookspecs import Guard
from ..local.locks import Turns, wanted
from ..paging.pages import Page, Walk
from ..reading import unreadable
from ..settings import Settings
from ..tool import Output, Tool, perform
from ..wire import Download, Request, Response
from .clock import Clock
from .connection import Connection, Watch
from .faults import fault, unsent
from .guards import Asked
from .transfer import receive, receive_async, set_aside, set_aside_async, take_in, take_in_async

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
OutT = TypeVar("OutT", bound=Output)
P = TypeVar("P", bound=Page)

log = logging.getLogger("devin_tools")


class Client(Connection):
    """Runs calls, one after another. Safe to share between threads.

    Settings come from `settings`, or from keyword arguments over the environment: any field of
    `Settings`, and `env_file`. TLS is always verified; the key goes to `base_url` and nowhere else.
    `guards` are called around every call; left out, those of the installed plugins are. `watch`
    receives the progress of calls that tell of any.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        guards: Sequence[Guard] | None = None,
        clock: Clock | None = None,
        watch: Watch | None = None,
        **overrides: Any,
    ):
        super().__init__(settings, guards, clock, watch, overrides)
        import httpx

        self._http = httpx.Client(**self._http_options(transport, set_aside))
        self._org_lock = threading.Lock()

    def run(self, call: Tool[OutT], *, confirm: bool = False) -> OutT:
        """Perform a call and give its typed output; `confirm` is consent, where the settings ask for it.

        Raises:
            UsageError: nothing was sent: a rule or guard refused, or a setting is missing.
            NetworkError: no whole answer came back, however often it was tried.
            Ambiguous: a write may have taken effect, and there is no way to look.
            ApiError: the API refused; the class says how.
            UnexpectedResponse: the answer has no documented shape.
        """
        return self.drive(perform(call, is_inside=False), confirm=confirm)

    def events(self, call: Tool[Any], *, confirm: bool = False) -> Iterator[Progress]:
        """Perform a call and give its progress as it comes; the last item's `value` is the output."""
        yield from self._steps(perform(call, is_inside=False), confirm)

    def pages(self, call: Tool[P]) -> Iterator[P]:
        """Walk over all pages, holding one at a time and dropping repeated items."""
        walk = Walk(call)
        while walk.next is not None:
            yield walk.take(_told(self.run(walk.next)))

    def items(self, call: Tool[P]) -> Iterator[Any]:
        """Walk over the items of all pages."""
        for page in self.pages(call):
            yield from page.items

    def drive(self, flow: Flow[T], *, confirm: bool = False) -> T:
        """Perform the steps of a flow, with retries, until it returns."""
        progress: Progress | None = None
        for progress in self._steps(flow, confirm):
            self._tell(progress)
        return cast(T, progress.value if progress else None)

    def _steps(self, flow: Flow[Any], confirm: bool) -> Iterator[Progress]:
        flow = self._persistent(flow)
        reply: Any = None
        failure: DevinToolsError | None = None
        asked = Asked(confirm)
        with Turns() as turns:
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
                    else:
                        reply = self._perform(step, asked, turns)
                except DevinToolsError as error:
                    failure = error

    def _perform(self, step: Step, asked: Asked, turns: Turns) -> Any:
        if isinstance(step, Request):
            return self._send(step)
        if isinstance(step, Pause):
            return self._clock.sleep(step.seconds)
        if isinstance(step, Hold):
            return turns.take(*wanted(step, self.settings))
        return self._answer(step, asked)

    def _send(self, request: Request) -> Response:
        if self._lacks_org(request):
            with self._org_lock:
                if self._lacks_org(request) and (refusal := self._learn()):
                    return refusal
        return self._exchange(request)

    def _learn(self) -> Response | None:
        try:
            return self._learn_org(self._exchange(self._ask_self()))
        except ConnectionLost as lost:
            raise unsent(lost) from lost

    def _exchange(self, request: Request) -> Response:
        import httpx

        if isinstance(request, Download):
            return self._download(request)
        intake = self._intake()
        try:
            with (
                self._payload(request, intake) as payload,
                self._http.stream(request.method, self._url(request), **payload) as got,
            ):
                take_in(got, intake)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise fault(error, request) from None
        return self._response(request, got, intake)

    def _download(self, request: Download) -> Response:
        import httpx

        intake = self._intake()
        with self._landing(request) as landing:
            try:
                refusal = receive(self._http, self._url(request), self._bearer(), landing, intake)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise fault(error, request) from None
            return self._landed(request, landing, refusal, intake)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(Connection):
    """Runs calls on an event loop. One per loop; otherwise as `Client`."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        guards: Sequence[Guard] | None = None,
        clock: Clock | None = None,
        watch: Watch | None = None,
        **overrides: Any,
    ):
        super().__init__(settings, guards, clock, watch, overrides)
        import httpx

        self._http = httpx.AsyncClient(**self._http_options(transport, set_aside_async))
        self._org_lock = asyncio.Lock()

    async def run(self, call: Tool[OutT], *, confirm: bool = False) -> OutT:
        """Perform a call and give its typed output. Raises what `Client.run` raises."""
        return await self.drive(perform(call, is_inside=False), confirm=confirm)

    async def events(self, call: Tool[Any], *, confirm: bool = False) -> AsyncIterator[Progress]:
        """Perform a call and give its progress as it comes; the last item's `value` is the output."""
        async for progress in self._steps(perform(call, is_inside=False), confirm):
            yield progress

    async def pages(self, call: Tool[P]) -> AsyncIterator[P]:
        """Walk over all pages, holding one at a time and dropping repeated items."""
        walk = Walk(call)
        while walk.next is not None:
            yield walk.take(_told(await self.run(walk.next)))

    async def items(self, call: Tool[P]) -> AsyncIterator[Any]:
        """Walk over the items of all pages."""
        async for page in self.pages(call):
            for item in page.items:
                yield item

    async def drive(self, flow: Flow[T], *, confirm: bool = False) -> T:
        """Perform the steps of a flow, with retries, until it returns."""
        progress: Progress | None = None
        async for progress in self._steps(flow, confirm):
            self._tell(progress)
        return cast(T, progress.value if progress else None)

    async def _steps(self, flow: Flow[Any], confirm: bool) -> AsyncIterator[Progress]:
        flow = self._persistent(flow)
        reply: Any = None
        failure: DevinToolsError | None = None
        asked = Asked(confirm)
        with Turns() as turns:
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
                    else:
                        reply = await self._perform(step, asked, turns)
                except DevinToolsError as error:
                    failure = error

    async def _perform(self, step: Step, asked: Asked, turns: Turns) -> Any:
        if isinstance(step, Request):
            return await turns.outlast(self._send, step)
        if isinstance(step, Pause):
            return await self._clock.sleep_async(step.seconds)
        if isinstance(step, ReadRepository):  # it reads files and runs git: others go on meanwhile
            return await asyncio.to_thread(self._answer, step, asked)
        if isinstance(step, Hold):
            return await turns.take_async(*wanted(step, self.settings))
        return self._answer(step, asked)

    async def _send(self, request: Request) -> Response:
        if self._lacks_org(request):
            async with self._org_lock:
                if self._lacks_org(request) and (refusal := await self._learn()):
                    return refusal
        return await self._exchange(request)

    async def _learn(self) -> Response | None:
        try:
            return self._learn_org(await self._exchange(self._ask_self()))
        except ConnectionLost as lost:
            raise unsent(lost) from lost

    async def _exchange(self, request: Request) -> Response:
        import httpx

        if isinstance(request, Download):
            return await self._download(request)
        intake = self._intake()
        try:
            with self._payload(request, intake) as payload:
                async with self._http.stream(request.method, self._url(request), **payload) as got:
                    await take_in_async(got, intake)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise fault(error, request) from None
        return self._response(request, got, intake)

    async def _download(self, request: Download) -> Response:
        import httpx

        intake = self._intake()
        with self._landing(request) as landing:
            try:
                url, key = self._url(request), self._bearer()
                refusal = await receive_async(self._http, url, key, landing, intake)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise fault(error, request) from None
            return self._landed(request, landing, refusal, intake)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _told(page: P) -> P:
    """Warn of rows that could not be read: whoever walks over the items sees no page that says so."""
    if places := unreadable(page):
        log.warning("not as documented, so left out of %s: %s", page.items_field, ", ".join(places))
    return page
