"""The page about scale says what its simulation says."""

from __future__ import annotations

import importlib.util
import sys

import pytest
from support.paths import ROOT


def test_the_page_and_its_picture_are_current(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No process, but seconds of work."""
    spec = importlib.util.spec_from_file_location("whole_scale", ROOT / "benchmarks" / "scale.py")
    assert spec and spec.loader
    scale = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "whole_scale", scale)  # dataclasses look their module up
    monkeypatch.setattr(sys, "path", [*sys.path])
    spec.loader.exec_module(scale)
    monkeypatch.setattr(sys, "argv", ["scale.py", "--check"])
    assert scale.main() == 0, capsys.readouterr().out
