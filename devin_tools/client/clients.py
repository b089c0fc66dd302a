"""`Client` and `AsyncClient`: two drivers over the same flows. All requests to the API start here.

with Client() as client:
    session = client.run(CreateSession(prompt="Fix the flaky test."))   # typed CreatedSession
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack
from copy import copy
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from ..errors import ConnectionLost, DevinToolsError
from ..flow import Done, Flow, Hold, Pause, Progress, ReadRepository, Step
from ..hookspecs import Guard
from ..local.locks import HeldLocks, lock_arguments
from ..paging.page import Page
from ..paging.pages import Walk
from ..reading import unreadable
from ..settings import Settings
from ..tool import Output, Tool, perform
from ..wire import Download, Request, Response
from .call_limits import CallContext, CallLimits
from .clock import Clock
from .exchange import Exchange, http_options, read_body, read_body_async
from .faults import unsent
from .preview import Preview, preview
from .state import ASK_SELF, ClientState, Watch
from .transfer import receive, receive_async, set_aside, set_aside_async

if TYPE_CHECKING:
    import httpx
    from pydantic import SecretStr

T = TypeVar("T")
OutT = TypeVar("OutT", bound=Output)
P = TypeVar("P", bound=Page)

log = logging.getLogger("devin_tools")


class BaseClient:
    """What both clients show of their state."""

    state: ClientState
    """What it knows and decides; engines that drive flows themselves ask it."""

    @property
    def settings(self) -> Settings:
        """Its settings."""
        return self.state.settings

    @property
    def limits(self) -> CallLimits:
        """What the settings allow, and how many sessions were started under them."""
        return self.state.limits

    @limits.setter
    def limits(self, limits: CallLimits) -> None:
        """Take over the limits of another client, with their count."""
        self.state.limits = limits

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.settings.base_url!r}, org_id={self.state.org_id!r})"

    def preview(self, call: Tool[Any]) -> Preview:
        """Return what a call would send, without sending it: a dry run."""
        return preview(call, self.settings)

    def now(self) -> float:
        """Return the time of this client's clock, in seconds since 1970."""
        return self.state.clock.now()

    def acting_as(self, *, api_key: SecretStr | None = None, org_id: str | None = None) -> Self:
        """Return a client of another account, over the same connections and under the same rules.

        Close the client it came from, not this one.
        """
        other = copy(self)
        other.state = self.state.for_account(api_key, org_id)
        return other


class Client(BaseClient):
    """Runs calls, one after another. Safe to share between threads.

    Settings come from `settings`, or from keyword arguments over the environment: any field of
    `Settings`, and `env_file`. TLS is always verified; the key goes to `base_url` and nowhere else.
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
        **overrides: Any,
    ):
        import httpx

        self.state = ClientState(settings or Settings.load(**overrides), guards, clock, watch)
        self._http = httpx.Client(**http_options(self.settings, transport, set_aside))
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

    def events(self, call: Tool[Any], *, confirm: bool = False) -> Iterator[Progress]:
        """Perform a call and yield its progress as it comes; the last item's `value` is the output."""
        yield from self._steps(perform(call, is_inside=False), confirm)

    def pages(self, call: Tool[P]) -> Iterator[P]:
        """Walk over all pages, holding one at a time and dropping repeated items."""
        walk = Walk(call)
        while walk.next is not None:
            yield walk.take(_with_warning(self.run(walk.next)))

    def items(self, call: Tool[P]) -> Iterator[Any]:
        """Walk over the items of all pages."""
        for page in self.pages(call):
            yield from page.items

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
        with ExitStack() as stack:
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
                        locks = locks or stack.enter_context(HeldLocks())
                        reply = locks.take(*lock_arguments(step, self.settings))
                    else:
                        reply = self._perform(step, context)
                except DevinToolsError as error:
                    failure = error

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
            return self.state.learn_org(self._exchange(ASK_SELF))
        except ConnectionLost as lost:
            raise unsent(lost) from lost

    def _exchange(self, request: Request) -> Response:
        if isinstance(request, Download):
            return self._download(request)
        with (
            Exchange(request, self.state) as exchange,
            exchange.options() as options,
            self._http.stream(request.method, exchange.url, **options) as got,
        ):
            read_body(got, exchange.body)
        return exchange.response(got)

    def _download(self, request: Download) -> Response:
        with Exchange(request, self.state) as exchange, exchange.download_target(request) as target:
            refusal = receive(self._http, exchange.url, exchange.authorization, target, exchange.body)
            return exchange.downloaded(target) if refusal is None else exchange.response(refusal)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


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
        **overrides: Any,
    ):
        import httpx

        self.state = ClientState(settings or Settings.load(**overrides), guards, clock, watch)
        self._http = httpx.AsyncClient(**http_options(self.settings, transport, set_aside_async))
        self._org_lock = asyncio.Lock()

    async def run(self, call: Tool[OutT], *, confirm: bool = False) -> OutT:
        """Perform a call and return its typed output. Raises what `Client.run` raises."""
        return await self.drive(perform(call, is_inside=False), confirm=confirm)

    async def events(self, call: Tool[Any], *, confirm: bool = False) -> AsyncIterator[Progress]:
        """Perform a call and yield its progress as it comes; the last item's `value` is the output."""
        async for progress in self._steps(perform(call, is_inside=False), confirm):
            yield progress

    async def pages(self, call: Tool[P]) -> AsyncIterator[P]:
        """Walk over all pages, holding one at a time and dropping repeated items."""
        walk = Walk(call)
        while walk.next is not None:
            yield walk.take(_with_warning(await self.run(walk.next)))

    async def items(self, call: Tool[P]) -> AsyncIterator[Any]:
        """Walk over the items of all pages."""
        async for page in self.pages(call):
            for item in page.items:
                yield item

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
        with ExitStack() as stack:
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
                        locks = locks or stack.enter_context(HeldLocks())
                        reply = await locks.take_async(*lock_arguments(step, self.settings))
                    elif isinstance(step, Request) and locks:  # a task can be cancelled while it holds them
                        reply = await locks.finish_write(self.send, step)
                    else:
                        reply = await self._perform(step, context)
                except DevinToolsError as error:
                    failure = error

    async def _perform(self, step: Step, context: CallContext) -> Any:
        if isinstance(step, Request):
            return await self.send(step)
        if isinstance(step, Pause):
            return await self.state.clock.sleep_async(step.seconds)
        if isinstance(step, ReadRepository):  # it reads files and runs git: others go on meanwhile
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
            return self.state.learn_org(await self._exchange(ASK_SELF))
        except ConnectionLost as lost:
            raise unsent(lost) from lost

    async def _exchange(self, request: Request) -> Response:
        if isinstance(request, Download):
            return await self._download(request)
        with Exchange(request, self.state) as exchange, exchange.options() as options:
            async with self._http.stream(request.method, exchange.url, **options) as got:
                await read_body_async(got, exchange.body)
        return exchange.response(got)

    async def _download(self, request: Download) -> Response:
        with Exchange(request, self.state) as exchange, exchange.download_target(request) as target:
            url, key = exchange.url, exchange.authorization
            refusal = await receive_async(self._http, url, key, target, exchange.body)
            return exchange.downloaded(target) if refusal is None else exchange.response(refusal)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _with_warning(page: P) -> P:
    """Warn of rows that could not be read: whoever walks over the items sees no page that says so."""
    if places := unreadable(page):
        log.warning("not as documented, so left out of %s: %s", page.items_field, ", ".join(places))
    return page
