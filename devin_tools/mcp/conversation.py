"""A conversation over standard input and output that the SDK carries on, after its opening."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import suppress
from queue import Empty
from typing import Any, cast

import anyio
from pydantic_core import from_json

from .messages import Unreadable, read
from .opening import Opening
from .service import Service, build
from .streams import Lines, Sink

GRACE_SECONDS, PATIENCE_SECONDS, TURN_SECONDS = 1.0, 5.0, 0.05
"""How long answers that are being made may take when the client has hung up; how long requests may take to
begin, on a busy machine; and how often both are looked at."""

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
    has_ended = False
    answers = _Answers(sink, is_greeted=bool(opening.heard))

    async def incoming() -> AsyncIterator[str]:
        nonlocal has_ended
        for line in opening.heard:
            yield line
        for line in unanswered:
            answers.expect(from_json(line))
            yield line
        async for line in _arriving(lines):
            try:
                message = read(line)
            except Unreadable as problem:
                log.warning("Standard input: %s", problem)
                await answers.send(problem.answer)
                continue
            if (listed := opening.listed(message)) is None:
                answers.expect(message.content)
                yield message.line
            else:
                await answers.send(listed)
        await _let_finish(service, answers)
        has_ended = True
        if work is not None:
            work.cancel()  # early versions of the SDK would wait for calls whose answers nobody reads

    try:
        async with stdio_server(cast(Any, incoming()), cast(Any, answers)) as (read_stream, write_stream):
            await server.run(read_stream, write_stream, server.create_initialization_options())
    except* anyio.BrokenResourceError:  # a notice that came last found nobody to take it
        if not has_ended:
            raise
    finally:
        await service.aclose()


class _Answers:
    """The file that the SDK writes to, without its answer to an `initialize` that was answered before."""

    def __init__(self, sink: Sink, *, is_greeted: bool):
        self._sink = sink
        self._is_greeting = is_greeted
        self.due: set[str] = set()
        """The ids of the requests that the SDK has not answered."""

    def expect(self, content: Mapping[str, Any]) -> None:
        """Expect an answer to a request that the SDK is told of, and none to one that the client cancels."""
        if content.get("method") == "notifications/cancelled" and isinstance(content.get("params"), Mapping):
            self.due -= {str(content["params"].get("requestId"))}
        elif "method" in content and "id" in content:
            self.due.add(str(content["id"]))

    async def write(self, line: str) -> None:
        """Send a line; the first one is the answer to `initialize`, as the SDK reads on only after that."""
        if self._is_greeting:
            self._is_greeting = False
        else:
            await self.send(line.removesuffix("\n").encode())
            content = from_json(line) if self.due else {}
            if "method" not in content:
                self.due -= {str(content.get("id"))}

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


async def _let_finish(service: Service, answers: _Answers) -> None:
    """Let answers go out that are nearly ready: a script may hang up right after asking."""
    began = time.monotonic()
    await asyncio.sleep(TURN_SECONDS)
    while answers.due:
        limit = GRACE_SECONDS if service.under_way else PATIENCE_SECONDS
        if time.monotonic() > began + limit:
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
