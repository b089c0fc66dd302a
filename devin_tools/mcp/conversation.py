"""A conversation over standard input and output that the SDK carries on, after its opening."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import suppress
from queue import Empty
from typing import Any

import anyio

from .messages import Unreadable, read
from .opening import Opening
from .service import Service, build
from .streams import Lines, Sink

GRACE_SECONDS, TURN_SECONDS = 1.0, 0.05

log = logging.getLogger("devin_tools")


def converse(
    service: Service, lines: Lines, sink: Sink, opening: Opening, *, unanswered: Sequence[str]
) -> None:
    """Serve until the lines end, or the process is asked to stop.

    The SDK is told what was heard in the opening, from `initialize` on, and what is still `unanswered`. Lists
    that the opening answered it goes on to answer.
    """
    asyncio.run(_until_stopped(_serve(service, lines, sink, opening, unanswered)))


async def _serve(
    service: Service, lines: Lines, sink: Sink, opening: Opening, unanswered: Sequence[str]
) -> None:
    from mcp.server.stdio import stdio_server

    server = build(service)
    work = asyncio.current_task()
    answers: Any = _Answers(sink, is_greeted=bool(opening.heard))

    async def incoming() -> AsyncIterator[str]:
        for line in (*opening.heard, *unanswered):
            yield line
        async for line in _arriving(lines):
            try:
                message = read(line)
            except Unreadable as problem:
                log.warning("Standard input: %s", problem)
                await answers.send(problem.answer)
                continue
            if (listed := opening.listed(message)) is None:
                yield message.line
            else:
                await answers.send(listed)
        await _let_finish(service)
        if work is not None:
            work.cancel()  # early versions of the SDK would wait for calls whose answers nobody reads

    try:
        async with stdio_server(incoming(), answers) as (read_stream, write_stream):
            await server.run(read_stream, write_stream, server.create_initialization_options())
    finally:
        await service.aclose()


class _Answers:
    """The file that the SDK writes to, without its answer to an `initialize` that was answered before."""

    def __init__(self, sink: Sink, *, is_greeted: bool):
        self._sink = sink
        self._is_greeting = is_greeted

    async def write(self, line: str) -> None:
        """Send a line; the first one is the answer to `initialize`, as the SDK reads on only after that."""
        if self._is_greeting:
            self._is_greeting = False
        else:
            await self.send(line.removesuffix("\n").encode())

    async def send(self, line: bytes) -> None:
        """Send a line without waiting for the client on the event loop."""
        await anyio.to_thread.run_sync(self._sink.send, line)

    async def flush(self) -> None:
        """Return: what was sent is on its way."""


async def _arriving(lines: Lines) -> AsyncIterator[str]:
    """Yield the lines as they come in."""
    loop, arrival = asyncio.get_running_loop(), asyncio.Event()
    lines.on_arrival = lambda: loop.call_soon_threadsafe(arrival.set)
    while True:
        arrival.clear()  # before looking: a line that comes in after that is not missed
        with suppress(Empty):
            while (line := lines.next(timeout=0)) is not None:
                yield line
            return
        await arrival.wait()


async def _let_finish(service: Service) -> None:
    """Let answers go out that are nearly ready: a script may hang up right after asking."""
    end = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < end:
        await asyncio.sleep(TURN_SECONDS)
        if not service.under_way:
            break
    await asyncio.sleep(TURN_SECONDS)


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Do the work; a request to stop cancels it, and that is a good end."""
    task = asyncio.ensure_future(work)
    loop, is_asked = asyncio.get_running_loop(), asyncio.Event()

    def stop() -> None:
        is_asked.set()
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: there the process just ends
            loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        pass
    except ExceptionGroup:  # a message that came in while the SDK ended found nobody to take it
        if not is_asked.is_set():
            raise
