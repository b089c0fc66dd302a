"""A lock between processes is waited for, however slow its holder is, and never passed over."""

from __future__ import annotations

import asyncio
import errno
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.served_apps import until

from devin_tools.errors import DevinToolsError
from devin_tools import locks
from devin_tools.locks import LONGEST_WAIT, held

fcntl = pytest.importorskip("fcntl", reason="needs locks of files")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses of who waits for a lock; they take no time."""
    made: list[float] = []

    async def sleep(seconds: float) -> None:
        made.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(locks, "asyncio", SimpleNamespace(sleep=sleep))
    return made


async def enter(entered: list[str], name: str = "all", kind: str = "rule") -> None:
    async with held(name, kind=kind):
        entered.append(name)


def test_who_comes_second_waits_until_the_first_is_done(pauses: list[float]) -> None:
    entered: list[str] = []

    async def go() -> None:
        async with held("all", kind="rule"):
            second = asyncio.create_task(enter(entered))
            await until(lambda: sum(pauses) > LONGEST_WAIT / 2)
            assert not entered
        await second

    asyncio.run(go())
    assert entered == ["all"]


def test_a_lock_that_nobody_lets_go_is_not_passed_over(pauses: list[float]) -> None:
    entered: list[str] = []

    async def go() -> None:
        async with held("all", kind="rule"):
            with pytest.raises(DevinToolsError, match="Another process of this machine"):
                await enter(entered)
        await enter(entered)

    asyncio.run(go())
    assert sum(pauses) >= LONGEST_WAIT and entered == ["all"]


def test_names_of_two_kinds_do_not_wait_for_each_other(pauses: list[float]) -> None:
    entered: list[str] = []

    async def go() -> None:
        async with held("all", kind="rule"):
            await enter(entered, kind="key")

    asyncio.run(go())
    assert (entered, pauses) == (["all"], [])


def test_where_files_cannot_be_locked_nothing_is_held(
    monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", fail)
    entered: list[str] = []
    asyncio.run(enter(entered))
    assert (entered, pauses) == (["all"], [])
