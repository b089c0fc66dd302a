"""The sizes of all presets, in tokens where there is a tokenizer."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from devin_tools import load_catalog
from devin_tools.cli import cli
from devin_tools.cli.commands import presets
from devin_tools.cli.shared_options import PRESETS as NAMES
from devin_tools.export.providers.payloads import anthropic
from devin_tools.presets import chosen


@pytest.mark.parametrize("has_tokenizer", [True, False])
def test_the_sizes_of_the_presets_are_shown(monkeypatch: pytest.MonkeyPatch, has_tokenizer: bool) -> None:
    if has_tokenizer:
        pytest.importorskip("bpe_openai", reason="needs the extra tokens")
    else:
        monkeypatch.setattr(presets, "find_spec", lambda name: None)
    rows = {row["preset"]: row for row in json.loads(CliRunner().invoke(cli, ["presets"]).stdout)}
    assert tuple(rows) == (*NAMES, "default", "all")
    assert (rows["observe"]["billable"], rows["observe"]["standing"]) == (0, 0)
    assert rows["operate"]["billable"] > 0 == rows["operate"]["standing"]
    assert rows["automate"]["standing"] == 4
    text = json.dumps(anthropic(chosen(load_catalog(), "observe")), separators=(",", ":"))
    size = rows["observe"]["sizes"]["anthropic"]
    assert (rows["observe"]["unit"] == "tokens") is has_tokenizer
    assert len(text) / 8 < size < len(text) / 2 if has_tokenizer else size == len(text)
    assert rows["operate"]["sizes"]["mcp"] < rows["automate"]["sizes"]["mcp"]
