"""Running calls: room for them, a client for each event loop, waits in slices, one time limit, readiness."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.types import Receive

from ..api.account import GetSelf
from ..catalog import Catalog
from ..client import AsyncClient
from ..client.call_limits import require_permitted
from ..declarations import describe
from ..errors import DevinToolsError
from ..headers import CONFIRM_HEADER
from ..model_input import call_from_model
from ..settings import Settings
from ..tasks.wait_session import cut
from ..tool import Output, Tool
from .body import read_arguments
from .limits import CallLimiter, Limits
from .responses import HTTPError, PartedResponse, error_response, json_response

READY_SECONDS, UNREADY_SECONDS = 30.0, 5.0
"""How long it counts that the API answered, and that it did not."""

CHECK_SECONDS = 5.0
"""How long the API may take to be called ready."""


def with_call_timeouts(settings: Settings, limits: Limits) -> Settings:
    """Return settings by which no request outlasts its call: its error says more than a time limit does."""
    seconds = limits.slice_seconds
    return replace(
        settings,
        timeout=min(settings.timeout, seconds),
        max_retry_seconds=min(settings.max_retry_seconds, seconds),
    )


@dataclass
class LoopState:
    """What one event loop has: its client, and whether the API answered it when it was last asked."""

    client: AsyncClient
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    checked_until: float = 0.0
    """Until when that counts, by the monotonic clock; 0 where it was never asked."""
    unready: HTTPError | None = None


class Runner:
    """Runs tools by their names, for any number of callers, as many as the limits allow."""

    def __init__(self, connect: Callable[[], AsyncClient], catalog: Catalog, limits: Limits):
        self.catalog = catalog
        self.limits = limits
        self.limiter = CallLimiter(limits)
        self._connect = connect
        self._states: WeakKeyDictionary[asyncio.AbstractEventLoop, LoopState] = WeakKeyDictionary()

    def call(self, name: str, arguments: Mapping[str, Any]) -> Tool[Any]:
        """Build the call of a tool, its waits cut; raise `DevinToolsError` when it is wrong.

        What the settings refuse is refused before anybody corrects its arguments.
        """
        settings = self.client.settings
        require_permitted(self.catalog.spec(name), settings)
        return self.cut(call_from_model(self.catalog, name, arguments, settings))

    def cut(self, call: Tool[Any]) -> Tool[Any]:
        """Return a call that waits no longer than a call of this server may."""
        return cut(call, self.limits.slice_seconds)

    async def arguments(self, request: Request) -> dict[str, Any]:
        """Read the arguments that a request brings; raise `HTTPError`."""
        return await read_arguments(request, self.limits)

    async def respond(self, request: Request, call: Tool[Any]) -> PartedResponse:
        """Run a call for who asks, and return its output; raise `DevinToolsError`, or `HTTPError`."""
        work = self._run(call, confirm=is_confirmed(request))
        if describe(type(call)).effect.only_reads:
            output = await _while_connected(work, request.receive)
        else:  # a write goes on when nobody waits any more: half of one helps nobody
            output = await work
        return PartedResponse(output.model_dump_json().encode())

    async def output(self, call: Tool[Any]) -> Output:
        """Run a call of the server's own, under the limits and rules of all calls."""
        with self.limiter.entered():
            return await self._run(call, confirm=False)

    async def _run(self, call: Tool[Any], *, confirm: bool) -> Output:
        seconds = self.limits.call_seconds
        try:
            async with asyncio.timeout(seconds):
                output: Output = await self.client.run(call, confirm=confirm)
        except TimeoutError:
            spec = describe(type(call))
            text = f"{spec.name} took longer than {seconds:g} seconds and was stopped."
            retryable = spec.effect.only_reads
            hint = None if retryable else "It may have taken effect: look before calling again."
            raise HTTPError(504, "timeout", text, hint=hint, retryable=retryable) from None
        return output

    @property
    def client(self) -> AsyncClient:
        """The client of this event loop."""
        return self._state().client

    async def check(self) -> PartedResponse:
        """Return whether the API answers, as of a moment ago."""
        state = self._state()
        if not (state.checked_until and state.lock.locked()):  # else another caller asks now: the last counts
            async with state.lock:
                if time.monotonic() >= state.checked_until:
                    state.unready = await _unready(state.client)
                    seconds = UNREADY_SECONDS if state.unready else READY_SECONDS
                    state.checked_until = time.monotonic() + seconds
        return error_response(state.unready) if state.unready else json_response({"status": "ready"})

    async def aclose(self) -> None:
        """Close the connections of this event loop."""
        state = self._states.pop(asyncio.get_running_loop(), None)
        if state is not None:
            await state.client.aclose()

    def _state(self) -> LoopState:
        loop = asyncio.get_running_loop()
        if loop not in self._states:
            self._states[loop] = LoopState(self._connect())
        return self._states[loop]


def is_confirmed(request: Request) -> bool:
    """Return whether a person consents with the header."""
    return request.headers.get(CONFIRM_HEADER, "").lower() == "true"


async def _unready(client: AsyncClient) -> HTTPError | None:
    """Ask the API who the key belongs to, and return what is wrong.

    No rule applies, as this is not a call of anybody's.
    """
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await client.drive(GetSelf().flow())
    except TimeoutError:
        text = "The API did not answer in time."
        return HTTPError(503, "network", text, retry_after=UNREADY_SECONDS)
    except DevinToolsError as error:
        hint = error.hint_for("http") or None
        return HTTPError(503, error.kind, error.message, hint=hint, retry_after=UNREADY_SECONDS)
    return None


async def _while_connected(work: Coroutine[Any, Any, Output], receive: Receive) -> Output:
    """Do work until it is done, or until whoever wants its output has gone."""
    task, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait((task, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise HTTPError(499, "gone", "The caller did not wait for the answer.")
        return task.result()
    finally:
        task.cancel()
        leaving.cancel()


async def _disconnect(receive: Receive) -> None:
    """Return when the caller has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
