"""Every cassette replays, and the simulator still answers as it did when they were recorded."""

from __future__ import annotations

import json
import re

import pytest
import recording
from recording import FOLDER, INDEX, ORG_ID, SteadyClient, path_of, recorder, workspace
from support.cases import SECRET_VALUE, Case

from devin_tools import DevinToolsError, load_catalog
from devin_tools.simulator.clock import SimulatedClock

CASES = json.loads(INDEX.read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", CASES, ids=lambda e: f"{e['tool']}-{e['case']}")
def test_a_cassette_replays_to_its_recorded_outcome(entry):
    case = Case(entry["tool"], entry["case"], entry["arguments"])
    call = load_catalog(plugins=()).call(case.tool, case.arguments)
    with workspace() as folder, recorder().use_cassette(str(path_of(case)), record_mode="none") as cassette:
        options = {"api_key": "cog_replay", "org_id": ORG_ID, "clock": SimulatedClock(), "file_root": folder}
        with SteadyClient(**options, guards=()) as client:
            try:
                client.run(call)
                outcome = "output"
            except DevinToolsError as error:
                outcome = error.kind
    assert outcome == entry["outcome"]
    assert cassette.all_played


@pytest.mark.parametrize("spec", list(load_catalog(plugins=())), ids=lambda s: s.name)
def test_every_tool_has_a_cassette(spec):
    assert any(entry["tool"] == spec.name for entry in CASES)


def test_the_index_and_the_files_agree():
    listed = {f"{entry['tool']}/{entry['case']}.yaml" for entry in CASES}
    found = {str(path.relative_to(FOLDER)) for path in FOLDER.glob("*/*.yaml")}
    assert listed == found


def test_no_cassette_holds_a_key_an_organisation_or_a_secret():
    for path in FOLDER.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        assert "cog_" not in text
        assert SECRET_VALUE not in text
        assert not re.search(r"org[-_][0-9a-f]{32}", text)
        assert "127.0.0.1" not in text


def test_recording_again_from_the_simulator_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "FOLDER", tmp_path)
    assert recording.record_from_simulator() == CASES
    for path in tmp_path.rglob("*.yaml"):
        assert path.read_text() == (FOLDER / path.relative_to(tmp_path)).read_text()
