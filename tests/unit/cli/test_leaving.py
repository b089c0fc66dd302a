"""A process that has the engine's threads in it ends before the interpreter is taken down under them."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable
from typing import Any

import pytest

import devin_tools.cli
from devin_tools.cli import leaving


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what is done at the end, in order; nothing of it is done to this process."""
    seen: list[Any] = []

    def register(function: Callable[..., Any], *given: Any) -> None:
        seen.append(lambda: function(*given))

    monkeypatch.setattr(atexit, "register", register)
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: seen.append("others"))
    monkeypatch.setattr(os, "_exit", seen.append)
    return seen


@pytest.mark.parametrize("arguments", [["--version"], ["no-such-command"]])
def test_a_process_without_the_engine_ends_as_any(
    arguments: list[str], done: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, leaving.ENGINE, raising=False)
    monkeypatch.setattr(sys, "argv", ["devin-tools", *arguments])
    with pytest.raises(SystemExit):
        devin_tools.cli.main()
    assert done == []


@pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["no-such-command"], 2)])
def test_with_the_engine_the_process_ends_itself_after_all_else(
    arguments: list[str],
    code: int,
    done: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, leaving.ENGINE, sys)
    monkeypatch.setattr(sys, "argv", ["devin-tools", *arguments])
    with pytest.raises(SystemExit) as caught:
        devin_tools.cli.main()
    assert caught.value.code == code
    (at_the_end,) = done
    at_the_end()
    assert done[1:] == ["others", code]


def test_streams_that_are_gone_keep_no_process(done: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setitem(sys.modules, leaving.ENGINE, sys)
    leaving.leave_before_finalising(7)
    monkeypatch.setattr(sys, "stdout", Gone())
    monkeypatch.setattr(sys, "stderr", None)
    done[0]()
    assert done[1:] == ["others", 7]


def test_the_engine_has_its_native_part_where_it_is_looked_for() -> None:
    import temporalio.client  # noqa: F401

    assert leaving.ENGINE in sys.modules
