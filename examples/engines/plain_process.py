"""A fleet of sessions without an engine: a table of tasks, and workers that may be killed at any time.

    python plain_process.py tasks.db submit "Fix the cart." "Fix the search."
    python plain_process.py tasks.db work          # as many of these as you like; each ends when all is done
    python plain_process.py postgresql://localhost/tasks work

A task is one row. Its key is also the idempotency key of its session: a worker that dies between starting a
session and writing it down loses nothing, because whoever takes the task over adopts that session.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import time
from typing import Any

from devin_tools import Client, CreateSession, WaitSessions

LEASE = 180.0
"""Seconds for which a worker has a task to itself; longer than all tries of a create may take."""

TABLE = """CREATE TABLE IF NOT EXISTS task (
    key TEXT PRIMARY KEY, prompt TEXT NOT NULL, taken_until DOUBLE PRECISION NOT NULL DEFAULT 0,
    session_id TEXT, outcome TEXT, pull_requests TEXT)"""

TAKE = """UPDATE task SET taken_until = ? WHERE key = (
    SELECT key FROM task WHERE session_id IS NULL AND taken_until < ? ORDER BY key LIMIT 1 {lock}
    ) RETURNING key, prompt"""


class Tasks:
    """The table, in SQLite (a path) or Postgres (a URL)."""

    def __init__(self, where: str):
        self.is_postgres = where.startswith("postgresql:")
        if self.is_postgres:
            import psycopg

            self._database: Any = psycopg.connect(where, autocommit=True)
        else:
            self._database = sqlite3.connect(where, timeout=30, isolation_level=None)
        self.run(TABLE)

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement, which is one transaction."""
        lock = "FOR UPDATE SKIP LOCKED" if self.is_postgres else ""
        text = statement.replace("{lock}", lock).replace("?", "%s" if self.is_postgres else "?")
        cursor = self._database.execute(text, values)
        return cursor.fetchall() if cursor.description else []


def submit(tasks: Tasks, prompts: list[str]) -> None:
    """Write tasks down; the same prompt is one task, however often it is submitted."""
    for prompt in prompts:
        key = hashlib.sha256(prompt.encode()).hexdigest()
        tasks.run("INSERT INTO task (key, prompt) VALUES (?, ?) ON CONFLICT DO NOTHING", key, prompt)


def start(tasks: Tasks, client: Client, lease: float) -> bool:
    """Start or adopt the session of one task; say whether there was one to take."""
    now = time.time()
    taken = tasks.run(TAKE, now + lease, now)
    for key, prompt in taken:
        session = client.run(CreateSession(prompt=prompt, idempotency_key=key))
        tasks.run("UPDATE task SET session_id = ? WHERE key = ?", session.session_id, key)
    return bool(taken)


def wait(tasks: Tasks, client: Client) -> None:
    """Look at all that are at work, one request for each 200, and write down how they settled."""
    rows = tasks.run("SELECT session_id FROM task WHERE session_id IS NOT NULL AND outcome IS NULL")
    if not rows:
        time.sleep(1)  # others are starting the rest
        return
    ids = ["devin-" + session_id for (session_id,) in rows]
    output = client.run(WaitSessions(session_ids=ids, until="any", max_seconds=30))
    for one in output.settled:
        pulls = [pull.pr_url for pull in one.session.pull_requests] if one.session else []
        tasks.run(
            "UPDATE task SET outcome = ?, pull_requests = ? WHERE session_id = ?",
            *(one.outcome, json.dumps(pulls), one.session_id.removeprefix("devin-")),
        )


def work(tasks: Tasks, lease: float = LEASE) -> None:
    """Start what is to be started, wait for what is at work, until nothing is left."""
    with Client(max_retry_seconds=60) as client:
        while tasks.run("SELECT 1 FROM task WHERE outcome IS NULL LIMIT 1"):
            if not start(tasks, client, lease):
                wait(tasks, client)
    for row in tasks.run("SELECT prompt, outcome, pull_requests FROM task ORDER BY prompt"):
        print(*row)


if __name__ == "__main__":
    where, what, *rest = sys.argv[1:]
    if what == "submit":
        submit(Tasks(where), rest)
    else:
        work(Tasks(where), *map(float, rest))
