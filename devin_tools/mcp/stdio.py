"""The server over standard input and output: one client, until it hangs up or the process is stopped."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty
from types import FrameType

from .messages import Unreadable, read
from .opening import Opening
from .service import Service
from .streams import Lines, Sink, kept_streams

IDLE_SECONDS = 0.5
"""How long nothing comes, after the tools were listed, before the SDK is imported: the first call then need
not wait for it, and a client that only lists never does."""

log = logging.getLogger("devin_tools")


def serve_stdio(service: Service, streams: tuple[Lines, Sink] | None = None) -> None:
    """Serve until standard input ends, or the process is asked to stop.

    `streams` are what `kept_streams` yields, where they are kept already.
    """
    if streams is None:
        with kept_streams() as streams:
            serve_stdio(service, streams)
        return
    with _stoppable(), suppress(BrokenPipeError):  # the client is gone
        opening = Opening(service)
        if (unanswered := _open(opening, *streams)) is not None:
            from .conversation import converse

            converse(service, *streams, opening, unanswered=unanswered)


def _open(opening: Opening, lines: Lines, sink: Sink) -> list[str] | None:
    """Answer the first messages; return what the SDK has to answer, or `None` at the end of input."""
    while True:
        try:
            line = lines.next(IDLE_SECONDS if opening.is_over else None)
        except Empty:
            return []
        if line is None:
            return None
        try:
            message = read(line)
        except Unreadable as problem:
            log.warning("Standard input: %s", problem)
            sink.send(problem.answer)
            continue
        answer = opening.answer(message)
        if answer is None:
            return [message.line]
        if answer:
            sink.send(answer)


class _Stopped(BaseException):
    """The process was asked to stop."""


@contextmanager
def _stoppable() -> Iterator[None]:
    """End the block when the process is asked to stop: that is a good end.

    An event loop in the block puts handlers of its own in the place of these.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise _Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except _Stopped:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
