"""The standard streams of this process, kept for the protocol."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from queue import SimpleQueue

CHUNK = 65_536


class Sink:
    """Where lines go to the client, each whole, whichever thread writes it."""

    def __init__(self, descriptor: int):
        self._descriptor = descriptor
        self._turn = threading.Lock()

    def send(self, line: bytes) -> None:
        """Write a line, and return when all of it is on its way."""
        left = memoryview(line + b"\n")
        with self._turn:
            while left:
                left = left[os.write(self._descriptor, left) :]


class Lines:
    """The lines of a descriptor, read on a thread: waiting for one can be ended, unlike a read.

    Reading begins when the first one is asked for. The descriptor is never closed: the thread may still wait
    on it.
    """

    def __init__(self, descriptor: int):
        self._descriptor = descriptor
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self.on_arrival: Callable[[], object] = lambda: None
        """What the thread calls after each line, and at the end."""
        self._thread = threading.Thread(target=self._read, daemon=True)

    def next(self, timeout: float | None = None) -> str | None:
        """Wait for the next line; `None` after the last. Raises `queue.Empty` when none came in time."""
        if self._thread.ident is None:
            self._thread.start()
        return self._queue.get(timeout=timeout)

    def _read(self) -> None:
        rest = bytearray()  # of a line of megabytes nothing is copied twice
        with suppress(OSError):
            while chunk := os.read(self._descriptor, CHUNK):
                first, *more = chunk.split(b"\n")
                rest += first
                if more:
                    self._put_messages([bytes(rest), *more[:-1]])
                    rest = bytearray(more[-1])
        self._put_messages([bytes(rest)])  # what the client wrote last, without an end
        self._put(None)

    def _put_messages(self, lines: Iterable[bytes]) -> None:
        from .messages import parts_of  # not before the streams are kept: an import can print

        for line in filter(bytes.strip, lines):  # blank ones hold nothing
            for part in parts_of(line.decode("utf-8", "replace")):
                self._put(part)

    def _put(self, line: str | None) -> None:
        self._queue.put(line)
        with suppress(RuntimeError):  # the event loop that waited for it has ended meanwhile
            self.on_arrival()


@contextmanager
def kept_streams() -> Iterator[tuple[Lines, Sink]]:
    """Keep both streams for the protocol: what else is printed goes to standard error, what else reads, ends.

    That holds for this process and its children, from here on: also for a plugin that prints while it is
    imported, and for what Python had not written out yet when the block ends.
    """
    source, wire = os.dup(0), os.dup(1)
    _flush_output()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield Lines(source), Sink(wire)
    finally:
        _flush_output()
        os.dup2(wire, 1)
        os.dup2(source, 0)


def _flush_output() -> None:
    if sys.stdout is not None:  # as in a process without a console
        sys.stdout.flush()
