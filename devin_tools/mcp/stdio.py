"""The server over standard input and output: one client, until it hangs up or the process is stopped."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from .service import Service, build

CHUNK = 65_536
GRACE_SECONDS, TURN_SECONDS = 1.0, 0.05


def serve_stdio(service: Service) -> None:
    """Serve until standard input ends, or the process is asked to stop."""
    with _standard_streams() as (source, sink):
        asyncio.run(_until_stopped(_serve(service, source, sink)))


async def _serve(service: Service, source: int, sink: io.TextIOWrapper) -> None:
    import anyio
    from mcp.server.stdio import stdio_server

    server = build(service)
    work = asyncio.current_task()

    async def lines() -> AsyncIterator[str]:
        async for line in _lines(source):
            yield line
        await _let_finish(service)
        if work is not None:
            work.cancel()  # early versions of the SDK would wait for calls whose answers nobody reads

    try:
        async with stdio_server(lines(), anyio.wrap_file(sink)) as (read, write):
            await server.run(read, write, server.create_initialization_options())
    finally:
        await service.aclose()


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
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: there the process just ends
            loop.add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


@contextmanager
def _standard_streams() -> Iterator[tuple[int, io.TextIOWrapper]]:
    """Keep both streams for the protocol: what else is printed goes to standard error, what else reads, ends.

    The descriptor to read from is never closed: a thread may still wait on it.
    """
    source, wire = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.close(nothing)
    os.dup2(2, 1)
    with os.fdopen(wire, "w", encoding="utf-8", newline="\n", closefd=False) as sink:
        yield source, sink
    os.dup2(wire, 1)


async def _lines(source: int) -> AsyncIterator[str]:
    """Yield the lines of a descriptor. Waiting for one can be cancelled, unlike a read on a worker thread."""
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        rest = b""
        with suppress(RuntimeError, OSError):  # the loop has ended meanwhile
            while chunk := os.read(source, CHUNK):
                *whole, rest = (rest + chunk).split(b"\n")
                for line in whole:
                    loop.call_soon_threadsafe(queue.put_nowait, line.decode("utf-8", "replace"))
            loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    while (line := await queue.get()) is not None:
        yield line
