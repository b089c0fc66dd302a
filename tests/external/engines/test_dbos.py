"""The recipe for DBOS: a process killed in a create goes on with the session that the create had made."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.killed import Holding, environment, start

PROMPTS = [f"Fix part {number}. #simulate:exits" for number in range(4)]


def test_a_killed_fleet_goes_on_and_starts_no_session_twice(tmp_path: Path) -> None:
    pytest.importorskip("dbos", reason="needs nox -s dbos")
    holding = Holding(sessions=2)
    simulator = holding.simulator
    with simulator.serve() as server:
        env = environment(server, simulator)
        first = start("dbos_fleet.py", "nightly", *PROMPTS, cwd=tmp_path, env=env)
        holding.kill(first)
        outs = []
        for _ in range(2):  # the second time there is nothing left to do
            out, err = start("dbos_fleet.py", "nightly", *PROMPTS, cwd=tmp_path, env=env).communicate(
                timeout=120
            )
            outs.append(sorted(line for line in out.splitlines() if line.startswith("devin-")))
    assert sorted(record.prompt for record in simulator.world.sessions.values()) == PROMPTS, err
    assert outs[0] == sorted(f"devin-{session_id} finished" for session_id in simulator.world.sessions), err
    assert outs[1] == outs[0]
