"""Calls as requests: room for them, their arguments, and their end when nobody waits any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from ..catalog import Catalog
from ..export.openapi import CONFIRM_HEADER
from ..spec import Spec, describe
from ..tool import Output, Tool
from .asgi import Incoming, Receive
from .body import read_arguments
from .limits import CallLimiter, Limits
from .responses import Answer, HTTPError
from .runner import Runner
from .sse import gone

CONFIRMED = frozenset({"true"})

Building = Callable[[Spec, Mapping[str, Any]], Tool[Any]]
"""Makes a validated call of a tool from the arguments of a request."""


class Calls:
    """Takes calls from requests, as many as the limits allow."""

    def __init__(self, runner: Runner, catalog: Catalog, limits: Limits):
        self.runner = runner
        self.catalog = catalog
        self._limits = limits
        self._limiter = CallLimiter(limits)

    async def run(self, incoming: Incoming, name: str, build: Building) -> Answer:
        """Run the tool that is asked for, and answer with its output."""
        spec = self.catalog.spec(name)
        with self._limiter.entered():
            call = build(spec, await self.arguments(incoming))
            work = self.runner.run(spec, call, confirm=is_confirmed(incoming))
            if not spec.effect.only_reads:  # a write goes on: half of one helps nobody
                return await work
            return await _while_wanted(work, incoming.receive)

    async def output(self, call: Tool[Any]) -> Output:
        """Run a call of the server's own, under the limits and rules of all calls."""
        with self._limiter.entered():
            return await self.runner.output(describe(type(call)), call, confirm=False)

    async def arguments(self, incoming: Incoming) -> dict[str, Any]:
        """Read the arguments that a request brings."""
        return await read_arguments(incoming, self._limits)


def is_confirmed(incoming: Incoming) -> bool:
    """Return whether a person consents with the header."""
    return incoming.headers.get(CONFIRM_HEADER.lower(), "").lower() in CONFIRMED


async def _while_wanted(work: Coroutine[Any, Any, Answer], receive: Receive) -> Answer:
    """Do work until it is done, or until whoever wants its answer has gone."""
    task, leaving = asyncio.ensure_future(work), asyncio.ensure_future(gone(receive))
    try:
        await asyncio.wait((task, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise HTTPError(499, "gone", "The caller did not wait for the answer.")
        return task.result()
    finally:
        task.cancel()
        leaving.cancel()
