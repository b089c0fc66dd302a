"""A group runs when what it depends on changed, or when its record cannot be believed; else not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from external import records
from external.groups import Group
from support.sample_repository import git

GROUP = Group("some tests", ("tests/some",), ("engine/**", "core.py"), packages=("thing==1",))
PROJECT = """
[project]
dependencies = ["httpx>=0.27"]
[project.optional-dependencies]
test = ["pytest>=8"]
dev = ["ruff"]
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(records, "ROOT", tmp_path)
    monkeypatch.setattr(records, "RECORDS", tmp_path / "records")
    for path in ("engine/deep/a.py", "core.py", "other.py", "tests/some/test_a.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("1\n")
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    return tmp_path


def commit(home: Path) -> None:
    git(home, "add", ".")
    git(home, "commit", "-q", "-m", "Change something")


def record(group: Group = GROUP) -> str:
    return records.write("some", group, passed=3, skipped=1, versions="Python 3.11")


def test_a_group_that_never_ran_is_owed_and_one_that_was_green_is_not(home: Path) -> None:
    assert records.owed("some", GROUP) == "no green run is on record"
    assert record() == ""
    assert records.owed("some", GROUP) == ""


@pytest.mark.parametrize(
    "path", ["engine/deep/a.py", "core.py", "tests/some/test_a.py", "engine/new.py", "engine/größe.py"]
)
def test_a_changed_input_is_named_committed_or_not(home: Path, path: str) -> None:
    record()
    (home / path).write_text("2\n")
    assert records.owed("some", GROUP) == f"an input changed: {path}"
    commit(home)
    assert records.owed("some", GROUP) == f"an input changed: {path}"


def test_a_removed_input_is_a_changed_one(home: Path) -> None:
    record()
    (home / "core.py").unlink()
    assert records.owed("some", GROUP) == "an input changed: core.py"


@pytest.mark.parametrize(
    "change",
    [
        lambda home: (home / "other.py").write_text("2\n"),
        lambda home: (home / "pyproject.toml").write_text(PROJECT.replace('"ruff"', '"mypy"')),
    ],
    ids=["a file that is not an input", "an extra that is not used"],
)
def test_what_is_not_an_input_changes_nothing(home: Path, change: Callable[[Path], object]) -> None:
    record()
    change(home)
    commit(home)
    assert records.owed("some", GROUP) == ""


def test_a_changed_requirement_is_a_changed_input(home: Path) -> None:
    record()
    (home / "pyproject.toml").write_text(PROJECT.replace("0.27", "0.28"))
    assert records.owed("some", GROUP) == "an input changed: what it installs"


def test_a_run_with_changes_that_are_not_committed_is_not_recorded(home: Path) -> None:
    (home / "core.py").write_text("2\n")
    assert record() == "not all inputs are committed"
    assert not (home / "records").exists()


def test_a_run_in_which_no_test_passed_is_not_recorded(home: Path) -> None:
    assert records.write("some", GROUP, passed=0, skipped=4, versions="") == "no test passed"


def edited(home: Path, **changes: object) -> None:
    path = home / "records" / "some.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_record_that_was_edited_by_hand_is_not_believed(home: Path) -> None:
    record()
    edited(home, passed=99)
    assert records.owed("some", GROUP) == "some.json was edited by hand"


def test_a_record_that_was_sealed_again_must_still_fit_its_commit(home: Path) -> None:
    record()
    (home / "core.py").write_text("2\n")
    commit(home)
    edited(home, digest=records.digest(GROUP))
    edited(home, seal=records.seal(json.loads((home / "records" / "some.json").read_text())))
    assert records.owed("some", GROUP) == "some.json does not fit its commit"


def test_a_record_of_another_history_is_not_believed(home: Path) -> None:
    record()
    git(home, "checkout", "-q", "--orphan", "other")
    commit(home)
    git(home, "reflog", "expire", "--expire=now", "--all")
    for branch in git(home, "branch", "--format=%(refname:short)").split():
        if branch != "other":
            git(home, "branch", "-q", "-D", branch)
    git(home, "gc", "-q", "--prune=now")
    assert records.owed("some", GROUP) == "the commit of some.json is not in this history"


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"seal": 1}'])
def test_what_is_not_a_record_is_told(home: Path, text: str) -> None:
    record()
    (home / "records" / "some.json").write_text(text)
    assert records.owed("some", GROUP) in ("no green run is on record", "some.json was edited by hand")
