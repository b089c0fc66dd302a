"""What workflows wrote down is still what they would do: an upgrade breaks none in the midst.

No server is needed.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support.paths import DATA
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from devin_tools.engines.temporal import workflows

HISTORIES = sorted((DATA / "histories").glob("*.json"))


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_a_recorded_history_replays(path: Path) -> None:
    history = WorkflowHistory.from_json("recorded", path.read_text(encoding="utf-8"))
    asyncio.run(Replayer(workflows=workflows()).replay_workflow(history))


def test_there_are_histories() -> None:
    names = {path.stem for path in HISTORIES}
    assert {"run_task", "refused", "signalled", "cancelled", "alone", "fan_out_tool", "many"} <= names
    assert "run_task.poller" in names


def test_a_history_that_differs_is_found_out() -> None:
    text = next(path for path in HISTORIES if path.stem == "run_task").read_text(encoding="utf-8")
    assert "devin-tools.send" in text
    history = WorkflowHistory.from_json("recorded", text.replace("devin-tools.send", "devin-tools.other"))
    with pytest.raises(Exception, match=r"devin-tools\.(send|other)"):
        asyncio.run(Replayer(workflows=workflows()).replay_workflow(history))
