"""A fleet of sessions on DBOS: a workflow whose steps are written down in SQLite or Postgres.

    pip install devin-tools "dbos==3.4.0"
    python dbos_fleet.py nightly "Fix the cart." "Fix the search."

Killed and started again with the same name, it goes on where it was. DBOS cannot know whether a step that was
cut short took effect; the idempotency key does: the repeated create adopts its session.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID

from devin_tools import Client, CreateSession, WaitSessions

DATABASE = os.environ.get("DBOS_URL", "sqlite:///fleet.sqlite")


@DBOS.step(retries_allowed=True, max_attempts=5)
def create(prompt: str, key: str) -> str:
    """Start a session, or adopt the one that this key has started."""
    with Client() as client:
        return "devin-" + client.run(CreateSession(prompt=prompt, idempotency_key=key)).session_id


@DBOS.step(retries_allowed=True, max_attempts=5)
def look(session_ids: list[str]) -> dict[str, Any]:
    """Wait half a minute at most: one list request for each 200 sessions and look."""
    with Client() as client:
        call = WaitSessions(session_ids=session_ids, until="any", max_seconds=30)
        return client.run(call).model_dump(mode="json", include={"settled", "still_running"})


@DBOS.workflow()
def fleet(name: str, prompts: list[str]) -> dict[str, str]:
    """Start a session for each prompt and give the outcome of each."""
    at_work = [create(prompt, f"{name}/{number}") for number, prompt in enumerate(prompts)]
    outcomes: dict[str, str] = {}
    while at_work:
        seen = look(at_work)
        outcomes |= {one["session_id"]: one["outcome"] for one in seen["settled"]}
        at_work = seen["still_running"]
    return outcomes


if __name__ == "__main__":
    name, *prompts = sys.argv[1:]
    config: DBOSConfig = {
        "name": "fleet",
        "system_database_url": DATABASE,
        "executor_id": "one",  # only an executor of this name takes up what it left
        "application_version": "1",  # and only of this version
    }
    DBOS(config=config)
    DBOS.launch()
    with SetWorkflowID(name):  # the same name is the same run
        handle = DBOS.start_workflow(fleet, name, prompts)
    for session_id, outcome in handle.get_result().items():
        print(session_id, outcome)
    DBOS.destroy()
