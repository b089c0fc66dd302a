"""Whoever holds a name keeps out all others, however slow it is; nobody else can make or move its file."""

from __future__ import annotations

import asyncio
import errno
import importlib.util
import logging
import os
import stat
import sys
import tempfile
import threading
import time
import types
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.laws import for_every
from support.served_apps import until

from devin_tools import AsyncClient, Client, CreateSession, RunTask, Settings, Simulator
from devin_tools.errors import Busy, DevinToolsError
from devin_tools.flow import Flow, Hold, Pause
from devin_tools.local import locks
from devin_tools.local.locks import LONGEST_WAIT, HeldLocks, held
from devin_tools.tasks import FanOut
from devin_tools.tasks.shared.fleet import Fleet
from devin_tools.tool import perform

fcntl = pytest.importorskip("fcntl", reason="needs locks of files")

CALL = CreateSession(prompt="x", idempotency_key="secret-name")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(locks, "_files", {})
    yield tmp_path / "devin-tools"
    for _, file in locks._files.values():
        os.close(file)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses of who waits for a lock; they take no time."""
    made: list[float] = []

    async def pause_task(seconds: float) -> None:
        made.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(locks, "pause_task", pause_task)
    return made


OURS = Settings(api_key="cog_a", org_id="org-a")


async def enter(
    entered: list[str], name: str = "all", kind: str = "rule", account: Settings | None = None
) -> None:
    async with held(name, account or OURS, kind=kind):
        entered.append(name)


def test_who_comes_second_waits_until_the_first_is_done(pauses: list[float]) -> None:
    entered: list[str] = []

    async def go() -> None:
        async with held("all", OURS, kind="rule"):
            second = asyncio.create_task(enter(entered))
            await until(lambda: sum(pauses) > LONGEST_WAIT / 2)
            assert not entered
        await second

    asyncio.run(go())
    assert entered == ["all"]


def test_a_lock_that_nobody_lets_go_is_not_passed_over_and_the_wait_is_told(
    pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    entered: list[str] = []

    async def go() -> None:
        async with held("all", OURS, kind="rule"):
            with pytest.raises(DevinToolsError, match="another process of this machine"):
                await enter(entered)
        await enter(entered)

    asyncio.run(go())
    assert sum(pauses) > LONGEST_WAIT * 0.99 and entered == ["all"]  # beside the time that really passes
    assert [record.message for record in caplog.records] == [
        "waiting for another call, or process, that is at the same rule"
    ]


def test_another_name_and_another_kind_do_not_wait(pauses: list[float]) -> None:
    entered: list[str] = []

    async def go() -> None:
        async with held("all", OURS, kind="rule"):
            await enter(entered, kind="key")
            await enter(entered, "other")
            for other in ({"org_id": "org-b"}, {"org_id": "org-a", "base_url": "https://devin.example"}):
                await enter(entered, account=Settings(api_key="cog_a", **other))
            for key in ("cog_b", "cog_c"):  # where no organisation is set, a key stands for it
                await enter(entered, account=Settings(api_key=key))

    asyncio.run(go())
    assert (entered, pauses) == (["all", "other", *["all"] * 4], [])


def test_where_files_cannot_be_locked_this_process_still_takes_turns(
    monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "lockf", fail)
    test_who_comes_second_waits_until_the_first_is_done(pauses)


def test_one_flow_holds_a_key_twice_and_lets_go_of_it_once() -> None:
    with HeldLocks() as turns:
        with turns.take("key", "a", 0):
            with turns.take("key", "a", 0):
                pass
            with HeldLocks() as others, pytest.raises(Busy):
                others.take("key", "a", 0)
        with HeldLocks() as others, others.take("key", "a", 0):
            pass


def test_a_file_says_no_name_and_is_the_users_alone(own_folder: Path) -> None:
    with HeldLocks() as turns, turns.take("key", "secret-name", 0):
        files = list(own_folder.iterdir())
    assert {file.name: file.read_bytes() for file in files} == {f"{kind}.lock": b"" for kind in locks.KINDS}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(own_folder.stat().st_mode) == 0o700


def squatted_fifo(folder: Path) -> None:
    folder.mkdir(0o700)
    os.mkfifo(folder / "key.lock")


def squatted_link(folder: Path) -> None:
    folder.mkdir(0o700)
    (folder / "key.lock").symlink_to(folder.parent / "made")


def squatted_folder_link(folder: Path) -> None:
    (folder.parent / "made").mkdir()
    folder.symlink_to(folder.parent / "made")


def squatted_open_folder(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def squatted_file(folder: Path) -> None:
    folder.write_text("")


def squatted_open_file(folder: Path) -> None:
    folder.mkdir(0o700)
    (folder / "key.lock").touch()
    (folder / "key.lock").chmod(0o666)


SQUATTERS = [
    squatted_fifo,
    squatted_link,
    squatted_folder_link,
    squatted_open_folder,
    squatted_file,
    squatted_open_file,
]


@for_every("squat", lambda: SQUATTERS)
def test_what_somebody_else_could_have_made_is_not_opened(
    squat: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("squatted") / "devin-tools"
    squat(folder)
    with pytest.raises(OSError):
        locks._opened(folder, "key.lock")
    made = folder.parent / "made"
    assert not made.exists() or not list(made.iterdir())


def test_the_folder_of_another_user_is_not_used(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_folder.mkdir(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(OSError, match="not this user's alone"):
        locks._opened(own_folder, "key.lock")


@pytest.fixture
def no_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """Return the folders for the files of a user whose home cannot hold any, the best one first."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file" / "state"))
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    monkeypatch.setattr(locks, "_warned", set())
    return [tmp_path / "run" / "devin-tools", tmp_path / "temp" / f"devin-tools-{os.getuid()}"]


@pytest.mark.parametrize("is_in_session", [True, False])
def test_a_user_without_a_home_has_the_locks_of_the_session_or_of_the_machine(
    is_in_session: bool,
    no_home: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if not is_in_session:
        monkeypatch.setenv("XDG_RUNTIME_DIR", "relative/or/none")
    with HeldLocks() as turns, turns.take("key", "a", 0):
        (_, file), *_ = locks._files.values()
        chosen = no_home[0 if is_in_session else 1] / "key.lock"
        assert os.path.samestat(os.fstat(file), chosen.stat())
    assert [path.exists() for path in no_home] == [is_in_session, not is_in_session]
    assert not caplog.records


def test_without_any_folder_this_process_still_takes_turns_and_says_once_that_others_do_not(
    no_home: list[Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for folder in no_home:
        folder.parent.write_text("")
    caplog.set_level(logging.WARNING, "devin_tools")
    for _ in range(2):
        with HeldLocks() as turns, turns.take("key", "secret-name", 0), HeldLocks() as others:
            assert len(locks._taken) == 1 and not locks._files
            with pytest.raises(Busy):
                others.take("key", "secret-name", 0)
        assert not locks._taken
    (record,) = caplog.records
    assert "two of them can do one thing twice (Not a directory)" in record.getMessage()
    assert "secret-name" not in caplog.text


def test_a_process_that_was_forked_holds_nothing_and_waits_for_no_thread_of_its_parent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guard = threading.Lock()
    with guard:  # a thread that is not there after the fork was looking at the table
        monkeypatch.setattr(locks, "_guard", guard)
        monkeypatch.setattr(locks, "_taken", {("key", 1): ExitStack()})
        locks._forget()
        assert locks._guard is not guard and not locks._guard.locked()
        assert locks._taken == {}


class OtherSystem(types.ModuleType):
    """The locks of Windows: a byte of a file at the place where it is read next."""

    LK_NBLCK, LK_UNLCK = 2, 0

    def __init__(self) -> None:
        super().__init__("msvcrt")
        self.locked: list[int] = []
        self.of_others: set[int] = set()

    def locking(self, file: int, mode: int, count: int) -> None:
        assert count == 1
        byte = os.lseek(file, 0, os.SEEK_CUR)
        if mode == self.LK_UNLCK:
            self.locked.remove(byte)
        elif byte in self.of_others:
            raise PermissionError(errno.EACCES, "Permission denied")
        else:
            self.locked.append(byte)


def test_on_windows_the_same_byte_of_a_file_in_the_profile_of_the_user_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = OtherSystem()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "O_NOINHERIT", 0, raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", system)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "profile"))
    found = importlib.util.spec_from_file_location("devin_tools.local.locks_on_windows", locks.__file__)
    assert found is not None and found.loader is not None
    windows = importlib.util.module_from_spec(found)
    found.loader.exec_module(windows)
    _, byte = windows._place("key", "a")
    with windows.HeldLocks() as turns, windows.HeldLocks() as others:
        with turns.take("key", "a", 0):
            assert system.locked == [byte]
            with pytest.raises(Busy):
                others.take("key", "a", 0)
        assert system.locked == []
        system.of_others.add(byte)
        with pytest.raises(Busy, match="another process of this machine"):
            turns.take("key", "a", 0)
    assert [path.name for path in (tmp_path / "profile" / "devin-tools").iterdir()] == ["key.lock"]
    for _, file in windows._files.values():
        os.close(file)


def test_a_file_that_was_taken_away_is_made_again(own_folder: Path) -> None:
    for _ in range(2):
        with HeldLocks() as turns, turns.take("key", "a", 0):
            (own_folder / "key.lock").unlink()
            with HeldLocks() as others, pytest.raises(Busy):
                others.take("key", "a", 0)


def test_no_file_is_made_while_a_lock_is_held_on_one_that_was_taken_away(own_folder: Path) -> None:
    with HeldLocks() as turns, turns.take("key", "a", 0):
        (own_folder / "key.lock").unlink()
        with HeldLocks() as others:
            with pytest.raises(Busy):
                others.take("key", "b", 0)
            with others.take("rule", "b", 0):
                pass
    with HeldLocks() as turns, turns.take("key", "b", 0):
        assert (own_folder / "key.lock").exists()
    assert not locks._taken


def test_a_file_is_too_young_to_be_cleaned_up_while_it_is_locked(own_folder: Path) -> None:
    file = own_folder / "key.lock"
    for name in ("a", "b"):
        if file.exists():
            os.utime(file, (0, 0))
        with HeldLocks() as turns, turns.take("key", name, 0):
            assert file.stat().st_mtime > time.time() - 60


@pytest.fixture
def taken_away(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return whether the file is taken away as it is locked, for each time that it is; then it stays."""
    times: list[bool] = []
    lock = locks._lock

    def locking(file: int, byte: int) -> None:
        if times and times.pop():
            (own_folder / "key.lock").unlink()
        lock(file, byte)

    monkeypatch.setattr(locks, "_lock", locking)
    return times


@pytest.mark.parametrize("count", [1, locks.MOST_FILES - 1])
def test_a_file_that_is_taken_away_as_it_is_locked_is_not_the_one_that_counts(
    count: int, own_folder: Path, taken_away: list[bool]
) -> None:
    taken_away += [True] * count
    with HeldLocks() as turns, turns.take("key", "a", 0):
        _, file = locks._files["key"]
        assert os.path.samestat(os.fstat(file), (own_folder / "key.lock").stat())
    assert not locks._taken


def test_a_file_that_is_taken_away_again_and_again_is_waited_for(taken_away: list[bool]) -> None:
    taken_away += [True] * locks.MOST_FILES
    with HeldLocks() as turns:
        with pytest.raises(Busy):
            turns.take("key", "a", 0)
        with turns.take("key", "a", 0):
            pass


def test_many_clients_of_one_loop_with_one_key_start_one_session(simulator: Simulator) -> None:
    async def one() -> str:
        async with AsyncClient(**simulator.connection(), guards=()) as client:
            return (await client.run(CALL)).session_id

    async def go() -> list[str]:
        return await asyncio.gather(*(one() for _ in range(20)))

    assert len(set(asyncio.run(go()))) == len(simulator.world.sessions) == 1


def test_a_call_waits_no_longer_than_its_retries_may_take(with_client: Any) -> None:
    def composed() -> Flow[None]:
        yield Hold(CALL.idempotency_key or "")
        yield Pause(1)

    async def work(perform_: Any) -> None:
        settings = {"base_url": "https://api.devin.ai", "key": "cog_key"}
        with HeldLocks() as turns, turns.take("key", "\0".join((*settings.values(), "secret-name")), 0):
            with pytest.raises(Busy, match="same key for more than 7 seconds"):
                await perform_("run", CALL)
            with pytest.raises(Busy):
                await perform_("drive", composed())

    with_client(lambda request: httpx.Response(500), work, max_retry_seconds=7)


OWN = ("https://api.devin.ai", "cog_key")


@for_every(
    "call",
    lambda: [
        RunTask(prompt="x", idempotency_key="secret-name", max_seconds=5),
        RunTask(prompt="x", idempotency_key="secret-name", timeout_seconds=5),
    ],
)
def test_a_task_waits_for_its_turn_no_longer_than_it_may_take(call: Any, with_client: Any) -> None:
    async def work(perform_: Any) -> None:
        with HeldLocks() as turns, turns.take("key", "\0".join((*OWN, "secret-name")), 0):
            with pytest.raises(Busy, match="for more than 5 seconds") as caught:
                await perform_("run", call)
            assert "same idempotency_key" in caught.value.hint

    with_client(lambda request: httpx.Response(500), work, base_url=OWN[0])


def test_a_call_waits_no_longer_than_the_settings_say_though_it_may_take_longer(with_client: Any) -> None:
    async def work(perform_: Any) -> None:
        with HeldLocks() as turns, turns.take("key", "\0".join((*OWN, "secret-name")), 0):
            with pytest.raises(Busy, match="for more than 7 seconds"):
                await perform_("run", RunTask(prompt="x", idempotency_key="secret-name"))

    with_client(lambda request: httpx.Response(500), work, base_url=OWN[0], max_retry_seconds=7)


def test_a_loop_that_comes_back_late_does_not_wait_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(range(0, 100, 4))
    monkeypatch.setattr(locks.time, "monotonic", lambda: next(times))
    with HeldLocks() as turns, turns.take("key", "a", 0), HeldLocks() as others:
        with pytest.raises(Busy):
            others.take("key", "a", 9)
    assert next(times) <= 20


def test_a_fan_out_starts_others_while_an_item_is_somebody_elses_and_says_how_to_go_on(
    simulator: Simulator,
) -> None:
    given = simulator.connection()
    call = FanOut(
        prompt="Do {item}.", items=["a", "b"], max_acu_total=9, idempotency_key="fan", max_seconds=30
    )
    (first, _) = Fleet("fan", call.items, 1, 0).items
    with Client(**given, guards=()) as client:
        settings = client.settings
        with HeldLocks() as turns:
            turns.take("key", "\0".join((settings.base_url, settings.require_key(), first.key)), 0)
            output = client.run(call)
        assert output.rows[0].outcome == "not_started"
        assert output.rows[0].error is None and output.rows[1].session_id
        assert output.waited_seconds <= 31 and output.resume_with
        output = client.run(FanOut.model_validate(output.resume_with.arguments | {"max_seconds": None}))
    assert output.counts == {"finished": 2} and len(simulator.world.sessions) == 2


def test_a_tool_made_of_others_may_hold_the_key_of_its_part(simulator: Simulator) -> None:
    def composed() -> Flow[Any]:
        with (yield Hold(CALL.idempotency_key or "")):
            return (yield from perform(CALL))

    with Client(**simulator.connection(), guards=()) as client:
        made = [client.drive(composed()).session_id for _ in range(2)]
    assert len(set(made)) == 1 and not locks._taken


def test_a_write_whose_caller_leaves_keeps_its_key_until_it_is_answered() -> None:
    async def go() -> None:
        answered, begun = asyncio.Event(), asyncio.Event()

        async def answer(request: httpx.Request) -> httpx.Response:
            if request.method == "POST":
                begun.set()
                await answered.wait()
            return httpx.Response(200, json={"items": [], "has_next_page": False})

        transport = httpx.MockTransport(answer)
        given: dict[str, Any] = {"api_key": "cog_key", "org_id": "org-1", "guards": ()}
        async with AsyncClient(**given, transport=transport) as client:
            call = asyncio.create_task(client.run(CALL))
            await begun.wait()
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
            assert call.cancelled() and locks._taken
            answered.set()
            await until(lambda: not locks._taken)

    asyncio.run(go())
