"""Sim's own Devin tools, out of a checkout of Sim, run one after the other against the simulator.

Sim is in no registry of packages: `SIM_CHECKOUT` names a checkout, else this is skipped. What its tools sent
when they were learned is replayed in `tests/unit/simulator/test_app_sim_chain.py` in any case.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from support.served_processes import HANG_SECONDS

from devin_tools import Simulator

CHECKOUT = os.environ.get("SIM_CHECKOUT", "")
HOME = os.environ.get("DEVIN_TOOLS_BUILDER", "")
"""Where nox has put esbuild."""


@pytest.mark.skipif(not CHECKOUT, reason="SIM_CHECKOUT names no checkout of github.com/simstudioai/sim")
def test_all_eleven_tools_go_on_with_the_id_that_create_answered(simulator: Simulator) -> None:
    script = Path(__file__).with_name("sim_chain.mjs")
    with simulator.serve() as server:
        done = subprocess.run(
            ["node", script, Path(CHECKOUT).resolve(), server.url, simulator.world.org_id],
            cwd=HOME, capture_output=True, text=True, timeout=HANG_SECONDS,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outputs = json.loads(done.stdout)
    session_id = outputs["created"]["sessionId"]
    assert outputs["seen"]["sessionId"] == outputs["sent"]["sessionId"] == session_id
    assert (outputs["seen"]["statusDetail"], outputs["seen"]["tags"]) == ("finished", ["a", "b"])
    assert [item["sessionId"] for item in outputs["listed"]["sessions"]] == [session_id]
    assert "Go on." in json.dumps(outputs["messages"])
    assert (outputs["appended"]["tags"], outputs["tags"]["tags"]) == (["a", "b", "c"], ["d"])
    assert outputs["archived"]["isArchived"] is True
    assert outputs["terminated"]["status"] == "exit"
