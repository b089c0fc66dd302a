"""The recipe for plain processes survives what it says it survives, on Postgres: `nox -s postgres`."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.killed import run_with_a_crash


def binaries() -> Path | None:
    """Find Postgres, as Debian installs it or on the path."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    path = shutil.which("initdb")
    return found[-1].parent if found else Path(path).parent if path else None


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run a Postgres of the test's own, on loopback, as somebody else than root, which it refuses to be."""
    where = binaries()
    if where is None:
        pytest.skip("needs Postgres: apt-get install postgresql")
    user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    home = folder / "postgres"
    home.mkdir()
    for path in (home, *folder.parents[:2], folder):
        os.chmod(path, 0o755)
    if user:
        shutil.chown(home, "postgres", "postgres")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["-D", str(home / "data")]
    made = ["--auth=trust", "--username=tester", "--no-sync"]
    subprocess.run([where / "initdb", *options, *made], check=True, capture_output=True, cwd=home, **user)
    settings = ["-h", "127.0.0.1", "-p", str(port), "-k", str(home)]
    server = subprocess.Popen(
        [where / "postgres", *options, *settings], cwd=home, stderr=subprocess.DEVNULL, **user
    )
    try:
        ready = [where / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-t", "30"]
        for _ in range(1_000):
            if subprocess.run(ready, capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        yield f"postgresql://tester@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(240)


def test_a_killed_worker_costs_no_session_and_starts_none_twice_on_postgres(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="needs nox -s postgres")
    with postgres(tmp_path) as where:
        run_with_a_crash(where, tmp_path)
