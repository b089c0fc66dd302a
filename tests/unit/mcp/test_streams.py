"""Lines come in whole, also in parts, and go out whole."""

from __future__ import annotations

import os
import threading
from queue import Empty

import pytest

from devin_tools.mcp.streams import Lines, Sink


def test_lines_come_in_whole_until_the_end_and_what_is_not_utf_8_is_replaced() -> None:
    source, end = os.pipe()
    lines = Lines(source)
    os.write(end, b"one\ntw")
    assert lines.next() == "one"
    with pytest.raises(Empty):
        lines.next(timeout=0)
    os.write(end, b"o\n\n \r\n\xff\nfour\nhas no")
    assert (lines.next(), lines.next(), lines.next()) == ("two", "\ufffd", "four")
    os.write(end, b" end")
    os.close(end)
    assert (lines.next(), lines.next()) == ("has no end", None)
    os.close(source)


def test_a_list_of_messages_comes_in_as_each_of_them() -> None:
    source, end = os.pipe()
    os.write(end, b'[{"id": 1}, 2]\n[]\n')
    os.close(end)
    lines = Lines(source)
    assert [lines.next() for _ in range(4)] == ['{"id":1}', "2", "[]", None]
    os.close(source)


def test_who_waits_for_lines_is_told_of_each_and_of_the_end() -> None:
    source, end = os.pipe()
    lines, told = Lines(source), threading.Semaphore(0)
    lines.on_arrival = told.release
    os.write(end, b"one\n")
    assert lines.next() == "one" and told.acquire(timeout=5)
    os.close(end)
    assert told.acquire(timeout=5)
    os.close(source)


def test_lines_of_several_threads_go_out_whole() -> None:
    source, end = os.pipe()
    sink, line = Sink(end), b"x" * 100_000  # more than a pipe takes at once
    threads = [threading.Thread(target=sink.send, args=(line,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    lines = Lines(source)
    assert [lines.next(timeout=5) for _ in threads] == [line.decode()] * 3
    for thread in threads:
        thread.join()
    os.close(end)
    os.close(source)
