"""One key starts one session, however many threads and processes use it in one moment."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.served_processes import environment

from devin_tools import Client, CreateSession, Simulator
from devin_tools.errors import Busy
from devin_tools.local import locks
from devin_tools.local.locks import HeldLocks

pytest.importorskip("fcntl", reason="needs locks of files")

THREADS = """
import sys, threading
from devin_tools import Client, CreateSession
call, ids = CreateSession(prompt="x", idempotency_key="k"), []
with Client(api_key="cog_simulator", base_url=sys.argv[1]) as client:
    threads = [threading.Thread(target=lambda: ids.append(client.run(call).session_id)) for _ in range(5)]
    print("ready", flush=True)
    sys.stdin.readline()
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print(*ids)
"""

HOLDER = """
import time
from devin_tools.local.locks import HeldLocks
with HeldLocks() as turns, turns.take("key", "k", 0):
    print("holding", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def real_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "pause_thread", time.sleep)


def test_twenty_threads_with_one_key_start_one_session() -> None:
    simulator, barrier, seen = Simulator(seed=1), threading.Barrier(20), []
    with Client(**simulator.connection(), guards=()) as client:

        def one() -> None:
            barrier.wait()
            seen.append(client.run(CreateSession(prompt="x", idempotency_key="k")).session_id)

        threads = [threading.Thread(target=one) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(seen) == 20 and len(set(seen)) == len(simulator.world.sessions) == 1


def start(program: str, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment())


def test_processes_with_one_key_start_one_session() -> None:
    simulator = Simulator(seed=1)
    with simulator.serve() as server, ExitStack() as stack:
        programs = [stack.enter_context(start(THREADS, server.url)) for _ in range(3)]
        for program in programs:
            assert program.stdout is not None and program.stdout.readline() == "ready\n"
        for program in programs:
            assert program.stdin is not None
            program.stdin.write("\n")
            program.stdin.flush()
        seen = [name for program in programs for name in program.communicate()[0].split()]
    assert len(seen) == 15 and len(set(seen)) == len(simulator.world.sessions) == 1


def test_a_file_that_is_deleted_while_it_is_locked_lets_nobody_else_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(locks, "_files", {})
    with start(HOLDER) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "holding\n"
        for file in (tmp_path / "devin-tools").iterdir():
            file.unlink()
        with HeldLocks() as turns:
            for _ in range(2):
                with pytest.raises(Busy):
                    turns.take("key", "k", 0.05)
            holder.send_signal(signal.SIGKILL)
            holder.wait()
            with turns.take("key", "k", 0.05):
                pass


def test_a_holder_that_is_killed_holds_nothing() -> None:
    with start(HOLDER) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "holding\n"
        with HeldLocks() as turns:
            with pytest.raises(Busy):
                turns.take("key", "k", 0.05)
            holder.send_signal(signal.SIGKILL)
            holder.wait()
            with turns.take("key", "k", 0.05):
                pass
