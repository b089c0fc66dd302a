"""What a server that listens writes to its log, and how it is stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from devin_tools.server import uvicorn_server as serving


def logged(fault: BaseException | None, message: str = "it failed") -> logging.LogRecord:
    """Return a record of a fault, with its traceback."""
    exc_info: Any = None
    if fault is not None:
        try:
            raise fault
        except BaseException:
            exc_info = sys.exc_info()
    return logging.LogRecord("asyncio", logging.ERROR, "x.py", 1, message, (), exc_info)


def test_no_traceback_and_no_value_of_a_fault_is_written() -> None:
    record = logged(ValueError("cog_canary"))
    record.exc_text = "Traceback: cog_canary"
    assert serving._without_traceback(record)
    assert logging.Formatter().format(record) == "it failed"


def test_that_a_call_was_stopped_is_no_fault() -> None:
    assert not serving._without_traceback(logged(asyncio.CancelledError()))
    assert serving._without_traceback(logged(None))


def test_callers_who_have_gone_do_not_fill_the_log() -> None:
    assert not serving._is_worth_logging(logged(None, "socket.send() raised exception."))
    assert serving._is_worth_logging(logged(None, "Task was destroyed but it is pending!"))


def test_a_server_that_stops_first_ends_the_answers_that_go_on() -> None:
    done: list[Any] = []

    async def shutdown(sockets: Any = None) -> None:
        done.append(("shut down", sockets))

    server: Any = SimpleNamespace(shutdown=shutdown)
    app: Any = SimpleNamespace(begin_to_stop=lambda seconds: done.append(("begin", seconds)))
    asyncio.run(serving._stopping(server, app, 3.0).shutdown(sockets=[]))
    assert done == [("begin", 3.0), ("shut down", [])]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_the_server_listens_stops_it_and_handlers_are_given_back(number: int) -> None:
    server: Any = SimpleNamespace(should_exit=False)
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    with serving._stopped_by_signals(server):
        signal.raise_signal(number)
        assert server.should_exit
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before
