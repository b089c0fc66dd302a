"""`devin-cli`, an unofficial command line, against the simulator: what it asks of the API is answered.

Left out is what is its own mistake: it waits for `status_enum`, which is of v1, so it never sees an end; it
sends a secret without its key and type, and a schedule without a name; blueprints and tags of an organisation
are not among the operations of this package.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from support.served_processes import HANG_SECONDS, environment

pytest.importorskip("devin_cli", reason="needs devin-cli: pip install devin-cli==1.5.1")

from devin_tools import Simulator

Run: TypeAlias = Callable[..., str]
COMMAND = Path(sys.executable).with_name("devin")
"""What pip installs: the program reads its own `sys.argv`, so it cannot be run with `-c`."""


@pytest.fixture
def run(simulator: Simulator, tmp_path: Path) -> Iterator[Run]:
    """Run the command and return what it wrote."""
    with simulator.serve() as server:

        def run(*words: str, fails: bool = False, **variables: str) -> str:
            env = {
                "HOME": str(tmp_path), "DEVIN_API_TOKEN": "cog_any", "DEVIN_ORG_ID": simulator.world.org_id,
                "DEVIN_BASE_URL": f"{server.url}/v3", "NO_COLOR": "1", "COLUMNS": "500", "PYTHONWARNINGS": "",
                **variables,
            }  # fmt: skip
            env = {name: value.format(url=server.url) for name, value in env.items()}
            done = subprocess.run(
                [COMMAND, *words],
                env=environment(**env), cwd=tmp_path, capture_output=True, text=True,
                stdin=subprocess.DEVNULL, timeout=HANG_SECONDS,
            )  # fmt: skip
            assert bool(done.returncode) is fails, done.stdout + done.stderr
            return done.stdout + done.stderr

        yield run


@pytest.fixture
def session(run: Run, simulator: Simulator) -> Any:
    run("--json", "sessions", "create", "Fix the login.", "--title", "T", "--devin-mode", "fast")
    simulator.clock.step(120)
    (session,) = simulator.world.sessions.values()
    return session


@pytest.mark.parametrize("form", ["{}", "devin-{}"])
def test_a_session_is_read_by_the_id_that_was_answered(run: Run, session: Any, form: str) -> None:
    reference = form.format(session.session_id)
    seen = json.loads(run("--json", "sessions", "get", reference))
    assert (seen["session_id"], seen["title"]) == (session.session_id, "T")
    assert "Done: " in run("--json", "sessions", "messages", reference)
    for word in ("insights", "cost", "attachments", "tags", "generate-insights"):
        run("sessions", word, reference)


def test_the_chain_of_the_current_session(run: Run, session: Any, simulator: Simulator) -> None:
    run("use", session.session_id)
    run("message", "Go on.")
    assert session.session_id in run("status")
    assert session.session_id in run("sessions", "list")
    assert simulator.count("POST", "/messages") == 1


def test_other_resources(run: Run, session: Any, tmp_path: Path) -> None:
    run("playbooks", "create", "A title", "A body")
    assert "A title" in run("playbooks", "list")
    for words in (("knowledge", "list"), ("secrets", "list"), ("schedules", "list"), ("repos", "list")):
        run(*words)
    (tmp_path / "a.txt").write_text("content")
    assert "/attachments/" in run("upload", "a.txt")


def test_its_requests_of_v1_are_told_that_there_is_none(run: Run) -> None:
    v1 = {"DEVIN_API_VERSION": "v1", "DEVIN_BASE_URL": "{url}/v1", "DEVIN_API_TOKEN": "apk_any"}
    said = run("sessions", "list", fails=True, **v1)
    assert "no v1, which the vendor has deprecated" in said
