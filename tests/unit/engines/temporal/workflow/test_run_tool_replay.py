"""What workflows wrote down is still what they would do: an upgrade breaks none in the midst.

No server is needed.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support.laws import for_every
from support.paths import DATA
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from devin_tools.engines.temporal import workflows


def histories() -> list[Path]:
    """Return the files of the histories that are kept."""
    return sorted((DATA / "histories").glob("*.json"))


def replay(text: str) -> None:
    history = WorkflowHistory.from_json("recorded", text)
    asyncio.run(Replayer(workflows=workflows()).replay_workflow(history))


@for_every("path", lambda: [path for path in histories() if ".poller" not in path.stem])
def test_a_recorded_history_replays(path: Path) -> None:
    replay(path.read_text(encoding="utf-8"))


@for_every("path", lambda: [path for path in histories() if ".poller" in path.stem])
def test_a_recorded_history_of_a_poller_replays(path: Path) -> None:
    replay(path.read_text(encoding="utf-8"))


def test_there_are_histories() -> None:
    names = {path.stem for path in histories()}
    assert {"run_task", "refused", "signalled", "cancelled", "alone", "fan_out_tool", "many"} <= names
    assert "run_task.poller" in names


def test_a_history_that_differs_is_found_out() -> None:
    text = next(path for path in histories() if path.stem == "run_task").read_text(encoding="utf-8")
    assert "devin-tools.send" in text
    with pytest.raises(Exception, match=r"devin-tools\.(send|other)"):
        replay(text.replace("devin-tools.send", "devin-tools.other"))
