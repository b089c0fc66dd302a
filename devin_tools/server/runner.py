"""Running calls: a client for each event loop, waits in slices, one time limit, readiness."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from ..api.account import GetSelf
from ..catalog import Catalog
from ..client.clients import AsyncClient
from ..errors import DevinToolsError
from ..model_input import call_from_model
from ..settings import Settings
from ..spec import Spec
from ..tasks.wait_session import cut
from ..tool import Output, Tool
from .limits import Limits
from .responses import Answer, HTTPError, error_response, json_response

READY_SECONDS, UNREADY_SECONDS = 30.0, 5.0
"""How long it counts that the API answered, and that it did not."""

CHECK_SECONDS = 5.0
"""How long the API may take to be called ready."""

READY = json_response({"status": "ready"})


def with_call_timeouts(settings: Settings, limits: Limits) -> Settings:
    """Let no request of a call outlast the call: its own error says more than a time limit does."""
    return replace(
        settings,
        timeout=min(settings.timeout, limits.slice_seconds),
        max_retry_seconds=min(settings.max_retry_seconds, limits.slice_seconds),
    )


@dataclass
class Reach:
    """What one event loop has: its client, and when the API last answered it."""

    client: AsyncClient
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    until: float = 0.0
    seen: Answer = READY


class Runner:
    """Runs tools by their names, for any number of callers."""

    def __init__(self, connect: Callable[[], AsyncClient], catalog: Catalog, limits: Limits):
        self._connect = connect
        self._catalog = catalog
        self._limits = limits
        self._reached: WeakKeyDictionary[asyncio.AbstractEventLoop, Reach] = WeakKeyDictionary()

    def call(self, name: str, arguments: Mapping[str, Any]) -> Tool[Any]:
        """Build the call of a tool, its waits cut; raise `DevinToolsError` when it is wrong."""
        return self.cut(call_from_model(self._catalog, name, arguments, self.client.settings))

    def cut(self, call: Tool[Any]) -> Tool[Any]:
        """Return a call that waits no longer than a call of this server may."""
        return cut(call, self._limits.slice_seconds)

    async def run(self, spec: Spec, call: Tool[Any], *, confirm: bool) -> Answer:
        """Run a call and answer with its output; raise what `output` raises."""
        output = await self.output(spec, call, confirm=confirm)
        return Answer(200, output.model_dump_json().encode())

    async def output(self, spec: Spec, call: Tool[Any], *, confirm: bool) -> Output:
        """Run a call; raise `DevinToolsError`, or `HTTPError` when time is up."""
        try:
            async with asyncio.timeout(self._limits.call_seconds):
                output: Output = await self._reach().client.run(call, confirm=confirm)
        except TimeoutError:
            raise self._timed_out(spec) from None
        return output

    async def preview(self, call: Tool[Any]) -> Answer:
        """Return what a call would send, and send nothing; it may read files and run git meanwhile."""
        shown = await asyncio.to_thread(self._reach().client.preview, call)
        return Answer(200, shown.model_dump_json().encode())

    @property
    def client(self) -> AsyncClient:
        """The client of this event loop."""
        return self._reach().client

    def now(self) -> float:
        """Return the time the sessions live in: that of the simulator, where there is one."""
        return self._reach().client.now()

    def _timed_out(self, spec: Spec) -> HTTPError:
        is_read = spec.effect.only_reads
        return HTTPError(
            504,
            "timeout",
            f"{spec.name} took longer than {self._limits.call_seconds:g} seconds and was stopped.",
            hint=None if is_read else "It may have taken effect: look before calling again.",
            retryable=is_read,
        )

    async def check(self) -> Answer:
        """Return whether the API answers, as of a moment ago."""
        reach = self._reach()
        if reach.until and reach.lock.locked():  # nobody waits for what another caller has asked already
            return reach.seen
        async with reach.lock:
            if time.monotonic() >= reach.until:
                reach.seen = await _look(reach.client)
                is_ready = reach.seen.status == 200
                reach.until = time.monotonic() + (READY_SECONDS if is_ready else UNREADY_SECONDS)
            return reach.seen

    async def aclose(self) -> None:
        """Close the connections of this event loop."""
        reach = self._reached.pop(asyncio.get_running_loop(), None)
        if reach is not None:
            await reach.client.aclose()

    def _reach(self) -> Reach:
        loop = asyncio.get_running_loop()
        if loop not in self._reached:
            self._reached[loop] = Reach(self._connect())
        return self._reached[loop]


async def _look(client: AsyncClient) -> Answer:
    """Ask the API who the key belongs to; no rule applies, as this is not a call of anybody's."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await client.drive(GetSelf().flow())
    except TimeoutError:
        return _unready("network", "The API did not answer in time.", None)
    except DevinToolsError as error:
        return _unready(error.kind, error.message, error.hint or None)
    return READY


def _unready(kind: str, message: str, hint: str | None) -> Answer:
    return error_response(HTTPError(503, kind, message, hint=hint, retry_after=UNREADY_SECONDS))
