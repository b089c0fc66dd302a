"""`generate` in a checkout: what is stale is named, and mended."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.paths import ROOT
from support.shell import run

from devin_tools.generate.derived import BLOCKS


def test_check_names_a_stale_file_and_the_cure_and_is_silent_when_all_is_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyproject.toml", *BLOCKS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert run("generate").code == 0
    index = tmp_path / "manifests" / "index.json"
    index.write_text("{}\n")
    ran = run("generate", "--check")
    assert (ran.code, ran.out) == (1, "")
    assert "manifests/index.json" in ran.err
    assert "devin-tools generate" in ran.err
    assert index.read_text() == "{}\n"
    assert "manifests/index.json" in run("generate").err
    ran = run("generate", "--check")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
