"""Every cassette replays through vcr, and recording again, over a real socket, changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import recording
from recording import FOLDER, INDEX, ORG_ID, SteadyClient, path_of, recorder, workspace
from support.cases import Case
from support.laws import for_every
from support.tools import built_in

from devin_tools import DevinToolsError
from devin_tools.simulator.clock import SimulatedClock


def index() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(INDEX.read_text(encoding="utf-8"))
    return entries


@pytest.fixture
def player() -> Iterator[SteadyClient]:
    with workspace() as folder:
        options = {"api_key": "cog_replay", "org_id": ORG_ID, "clock": SimulatedClock(), "file_root": folder}
        with SteadyClient(**options, guards=()) as client:
            yield client


@for_every("entry", index)
def test_a_cassette_replays_to_its_recorded_outcome(entry: dict[str, Any], player: SteadyClient) -> None:
    case = Case(entry["tool"], entry["case"], entry["arguments"])
    call = built_in().call(case.tool, case.arguments)
    with recorder().use_cassette(str(path_of(case)), record_mode="none") as cassette:
        try:
            player.run(call)
            outcome = "output"
        except DevinToolsError as error:
            outcome = error.kind
    assert outcome == entry["outcome"]
    assert cassette.all_played


def test_recording_again_from_the_simulator_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "FOLDER", tmp_path)
    assert recording.record_from_simulator() == index()
    written = {str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*.yaml")}
    assert written == {str(path.relative_to(FOLDER)): path.read_text() for path in FOLDER.rglob("*.yaml")}
