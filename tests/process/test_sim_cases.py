"""The cases learned from Sim's integration are of what it was given: tests/data/sim_cases/README.md."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from support.paths import DATA
from support.sim_table import CALLS


@pytest.mark.skipif(shutil.which("node") is None, reason="reads what went in with Node.js")
def test_what_was_learned_is_of_what_is_given() -> None:
    script = "import(process.argv[1]).then((it) => console.log(JSON.stringify([...it.calls, ...it.blocks])))"
    given = subprocess.run(
        ["node", "-e", script, str(DATA / "sim_cases" / "given.mjs")],
        capture_output=True,
        text=True,
        check=True,
    )
    made = ("request", "error")
    learned = [{name: part for name, part in case.items() if name not in made} for case in CALLS]
    for case in learned[-len([case for case in learned if case["name"].startswith("block")]) :]:
        del case["tool"]
    assert json.loads(given.stdout) == learned
