"""Files are read and written where the worker is, by an activity that can be repeated."""

from __future__ import annotations

import asyncio
import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from support.simulated_api import simulated

from devin_tools import AsyncClient
from devin_tools.engines.temporal import activity as acting
from devin_tools.engines.temporal import driver as driving
from devin_tools.engines.temporal.activity import Activities
from devin_tools.engines.temporal.driver import Driver
from devin_tools.engines.temporal.worker_client import WorkerClient
from devin_tools.errors import FileFault
from devin_tools.flow import AppendLines, LastLines, ReadLastLines, SaveText


@pytest.fixture
def perform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what performs a step as a workflow does, each activity twice: its answer may be lost."""
    files = {"file_root": str(tmp_path), "download_folder": "."}
    client = WorkerClient(AsyncClient(**simulated().connection() | files, guards=()))
    activities = object.__new__(Activities)  # a whole one needs a catalog
    vars(activities)["worker_client"] = client

    async def performed(name: str, payload: Any, result: Any, **options: Any) -> Any:
        assert name == "devin-tools.file"
        asked = json.loads(json.dumps(payload))  # what a history holds
        for _ in range(2):
            got = await activities.use_file(asked)
        return json.loads(json.dumps(got))

    monkeypatch.setattr(acting, "_attempt", nullcontext)  # no engine hears of heartbeats here
    monkeypatch.setattr(driving, "perform_activity", performed)
    driver = object.__new__(Driver)  # a whole one needs a workflow around it
    return lambda step: asyncio.run(driver._perform(step))


def test_lines_are_there_once_though_each_step_ran_twice(perform: Any, tmp_path: Path) -> None:
    end = perform(AppendLines(".", "log.jsonl", "a\n", 0))
    assert perform(AppendLines(".", "log.jsonl", "b\nc\n", end)) == 6
    assert (tmp_path / "log.jsonl").read_text() == "a\nb\nc\n"
    path = str(tmp_path / "log.jsonl")
    assert perform(ReadLastLines(".", "log.jsonl")) == LastLines(path, ("a", "b", "c"), 0, 6)
    assert perform(SaveText(".", "x.svg", "<svg/>", overwrite=True)) == str(tmp_path / "x.svg")


def test_what_the_worker_refuses_is_refused_to_the_flow(perform: Any, tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("z\n")
    with pytest.raises(FileFault, match="meanwhile"):
        perform(AppendLines(".", "log.jsonl", "b\n", 0))
