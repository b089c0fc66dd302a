"""Whatever the API does, the command line answers with JSON, a documented code, and no traceback."""

from __future__ import annotations

import pytest
from support.shell import simulated

from devin_tools import Simulator, simulator
from devin_tools.cli.commands.watch import AT_WORK
from devin_tools.cli.exit_codes import EXIT_CODES, OUTCOME_CODES, UNEXPECTED
from devin_tools.cli.options import SAMPLE_SESSIONS
from devin_tools.simulator import Faults

PROMPT = "CANARY-of-a-prompt"
DOCUMENTED = {*EXIT_CODES.values(), *OUTCOME_CODES.values()} - {UNEXPECTED}
ANSWERED = {*OUTCOME_CODES.values()} - {*EXIT_CODES.values()}
"""Codes that come with an output. 7 does for `watch` alone."""

IN_ONE = [
    ("run", PROMPT, "--max-acu", "5"),
    ("call", "devin_create_session", "--prompt", PROMPT),
    ("call", "devin_run_task", "--prompt", PROMPT, "--max-seconds", "30"),
]
IN_LINES = [
    ("run", PROMPT, "--events", "--idempotency-key", "nightly"),
    ("watch",),
    ("call", "devin_list_sessions", "--limit", "3", "--all"),
]


@pytest.fixture
def spoiled(monkeypatch):
    """Return a function that runs a command against an API with faults, and returns that API too."""

    def go(*words: str, seed: int, rate: float):
        made = []

        def make(**given):
            made.append(Simulator(**given, faults=Faults(rate=rate, seed=seed)))
            return made[-1]

        monkeypatch.setattr(simulator, "Simulator", make)
        return simulated("-v", *words), made[-1]

    return go


@pytest.mark.parametrize("words", IN_ONE + IN_LINES, ids=lambda words: "-".join(words[:3]))
@pytest.mark.parametrize("rate", [0.2, 0.6])
def test_faults_end_with_a_documented_code_and_no_traceback(spoiled, words, rate):
    for seed in range(10):
        ran, api = spoiled(*words, seed=seed, rate=rate)
        assert ran.code in DOCUMENTED, (seed, ran.err)
        for text in ("Traceback", "Unexpected", "cog_", PROMPT):
            assert text not in ran.err, seed
        if ran.code in ANSWERED:
            assert ran.lines if words in IN_LINES else ran.json
        started = len(api.world.sessions) - SAMPLE_SESSIONS
        assert started <= (len(AT_WORK) if words == ("watch",) else 1)


def test_most_runs_survive_many_faults(spoiled):
    codes = [spoiled(*IN_ONE[0], seed=seed, rate=0.2)[0].code for seed in range(20)]
    assert codes.count(0) > 10
