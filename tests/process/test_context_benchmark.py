"""What a model is always shown stays within its bounds, and the benchmark says where it does not."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import pytest
from support.paths import ROOT

from devin_tools.presets import PRESETS

SCRIPT = ROOT / "benchmarks" / "context.py"


def context() -> Any:
    """Load the benchmark as a module."""
    spec = importlib.util.spec_from_file_location("context", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(find_spec("bpe_openai") is None, reason="needs the extra tokens")
def test_what_a_model_always_sees_is_within_its_bounds() -> None:
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in (*PRESETS, "default", "all"):
        for door in ("mcp", "openai-chat", "openai-responses", "anthropic", "gemini", "bedrock"):
            assert re.search(
                rf"^always shown of {name} +{door} +[\d,]+ of [56],000$", done.stdout, re.MULTILINE
            )
    assert re.search(r"^the README's sample +openai-chat +[\d,]+ of 3,500$", done.stdout, re.MULTILINE)


def test_a_broken_bound_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    fine = {"always_seen": {"mcp": 6_000, "gemini": 5_000}, "sizes": {"mcp": 9_999, "gemini": 3_500}}
    report = context().report
    assert report({"core": fine}) == 0
    assert capsys.readouterr().out.endswith("All are within their bounds.\n")
    more = {"always_seen": {"mcp": 6_001, "gemini": 5_001}, "sizes": {"gemini": 3_501}}
    assert report({"core": more}) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.endswith("OVER") for line in lines] == [True, True, True, False]
    named = "always shown of core, mcp; always shown of core, gemini; the README's sample, gemini"
    assert lines[-1] == f"Over their bounds: {named}."


def test_it_says_what_it_needs_where_there_is_no_tokenizer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = context()
    monkeypatch.setattr(module, "measured", lambda: ("characters", len))
    assert module.main() == 2
    assert ".[tokens]" in capsys.readouterr().err
