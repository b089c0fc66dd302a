"""llama.cpp makes a grammar of everything that we export in OpenAI's form.

The package is compiled for some minutes: `pip install llama-cpp-python==0.3.25`. Without it this is skipped.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.paths import DATA

from devin_tools import load_catalog
from devin_tools.export.providers import payloads


def takes(schema: Any) -> bool:
    llama = pytest.importorskip("llama_cpp", reason="needs llama-cpp-python, which is compiled")
    try:
        grammar = llama.LlamaGrammar.from_json_schema(json.dumps(schema))._grammar
    except (AssertionError, AttributeError, IndexError, KeyError, ValueError):
        return False
    sampler = llama.llama_sampler_init_grammar(None, grammar.encode(), b"root")
    if sampler:
        llama.llama_sampler_free(sampler)
    return bool(sampler)


@pytest.mark.parametrize("is_strict", [False, True])
def test_every_export_becomes_a_grammar(is_strict: bool) -> None:
    functions = [
        tool["function"] for tool in payloads.openai_chat(list(load_catalog(plugins=())), strict=is_strict)
    ]
    assert functions
    assert [function["name"] for function in functions if not takes(function["parameters"])] == []


def test_the_recorded_verdicts_still_hold() -> None:
    for is_taken, schema in json.loads((DATA / "llama_cpp/verdicts.json").read_text(encoding="utf-8")):
        whole = {"type": "object", "properties": {"x": schema}, "$defs": {"a": {"type": "string"}}}
        assert takes(whole) == is_taken, schema
