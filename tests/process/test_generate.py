"""All derived files are current, and a stale checkout is reported and mended."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.paths import ROOT

from devin_tools import UsageError
from devin_tools.generate.derived import BLOCKS, MAX_DIFF_LINES, check, generate


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for folder in ("manifests", "devin_tools/index", "devin_tools/search/index"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for name in ("pyproject.toml", *BLOCKS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_generated_files_are_current() -> None:
    assert check(ROOT) == "", "to accept it, run: devin-tools generate"


def test_a_stale_checkout_is_reported_and_mended(checkout: Path) -> None:
    (checkout / "manifests" / "index.json").write_text("{}\n")
    (checkout / "manifests" / "devin_gone.json").write_text("{}\n")
    diff = check(checkout)
    assert "manifests/index.json" in diff
    assert "devin_gone.json" in diff
    assert len(diff.splitlines()) <= MAX_DIFF_LINES + 1
    assert {path.name for path in generate(checkout)} == {"index.json", "devin_gone.json"}
    assert check(checkout) == ""
    assert generate(checkout) == []


def test_a_missing_marker_is_an_error_that_names_it(checkout: Path) -> None:
    (checkout / "README.md").write_text("nothing here\n")
    with pytest.raises(UsageError, match="'resources'"):
        check(checkout)
