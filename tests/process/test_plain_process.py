"""The recipe for plain processes survives what it says it survives, on SQLite."""

from __future__ import annotations

from pathlib import Path

from support.killed import run_with_a_crash


def test_a_killed_worker_costs_no_session_and_starts_none_twice_on_sqlite(tmp_path: Path) -> None:
    run_with_a_crash("tasks.db", tmp_path)
