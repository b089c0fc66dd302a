"""The action whole, with its install from the registry; and what others say of its files.

Run with `nox -s action`, which installs zizmor and check-jsonschema.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.action_runner import KEY, Runner
from support.paths import ROOT

from devin_tools import Simulator
from devin_tools.version import __version__

WORKFLOWS = ("examples/github/review.yml", "examples/github/nightly.yml")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Make the folder of the job."""
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def server() -> Iterator[str]:
    with Simulator(seed=1).serve() as server:
        yield server.url


def play(temporary: Path, workspace: Path, url: str, **more: str) -> str:
    inputs = {"tool": "devin_create_session", "arguments": '{"prompt": "Fix it."}', "api_key": KEY}
    played = Runner(temporary, workspace).play(**inputs, base_url=url, **more)
    assert played.code == 0, played.log
    return str(json.loads(played.outputs["output"])["creation"])


def test_it_installs_the_commit_that_it_is_used_at(tmp_path: Path, workspace: Path, server: str) -> None:
    (workspace / "pip.py").write_text("raise SystemExit('taken over')\n")
    assert play(tmp_path, workspace, server) == "created"
    installed = (tmp_path / "devin-tools" / "installed.txt").stat().st_mtime
    assert play(tmp_path, workspace, server) == "created"
    assert (tmp_path / "devin-tools" / "installed.txt").stat().st_mtime == installed, "once for a job"


def test_it_installs_a_version_that_is_named(
    tmp_path: Path, workspace: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels = tmp_path / "wheels"
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(wheels), str(ROOT)]
    subprocess.run(build, check=True)
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    assert play(tmp_path, workspace, server, version=__version__) == "created"
    [found] = (tmp_path / "devin-tools").glob("**/devin_tools-*.dist-info")
    assert found.name == f"devin_tools-{__version__}.dist-info"
    assert "direct_url.json" not in {each.name for each in found.iterdir()}, "taken by its version"


def test_a_version_that_there_is_not_fails_before_the_key_is_used(tmp_path: Path, workspace: Path) -> None:
    inputs = {"tool": "devin_get_self", "api_key": KEY, "version": "0.0.0.dev999"}
    played = Runner(tmp_path, workspace).play(**inputs)
    assert played.code == 1 and "could not be installed" in played.told("error")
    assert played.outputs["output"] == ""


@pytest.mark.parametrize(
    ("schema", "files"), [("github-actions", ("action.yml",)), ("github-workflows", WORKFLOWS)]
)
def test_the_files_are_of_the_form_that_github_publishes(schema: str, files: tuple[str, ...]) -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *files]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_auditor_of_workflows_finds_nothing(tmp_path: Path) -> None:
    for name in ("action.yml", *WORKFLOWS):
        text = (ROOT / name).read_text(encoding="utf-8")
        (tmp_path / Path(name).name).write_text(text.replace("@COMMIT", "@" + "0" * 40), encoding="utf-8")
    audit = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--persona", "pedantic", "."]
    done = subprocess.run(audit, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and "No findings" in done.stdout, done.stdout + done.stderr
