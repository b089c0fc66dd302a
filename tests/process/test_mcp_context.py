"""What a model always sees of the MCP server, in tokens: run it with `-s` for the figures."""

from __future__ import annotations

from typing import Any

import pytest
from support.tools import built_in

from devin_tools import Settings
from devin_tools.mcp import Service
from devin_tools.mcp.listing import LISTINGS, estimated_tokens
from devin_tools.presets import PRESETS

MOST = 6_000
"""Tokens of the instructions and the list of tools, whatever is offered."""

EVERY = [spec.name for spec in built_in() if not spec.missing_from_models]
CHOICES: dict[str, Any] = {
    "by default": None,
    "every preset and *": [*PRESETS, "*"],
    "every tool": EVERY,
    **{name: name for name in PRESETS},
}


def count(text: str) -> int:
    """Return how many tokens of o200k a text has."""
    tokenizer = pytest.importorskip("bpe_openai", reason="needs the extra tokens")
    return len(tokenizer.get_encoding("o200k_base").encode(text))


def service(tools: Any, **options: Any) -> Service:
    settings = Settings(api_key="cog_x", org_id="org-1")
    connect: Any = None  # nothing is run
    return Service(built_in(), settings, connect, tools=tools, **options)


@pytest.mark.parametrize("choice", CHOICES)
def test_what_a_model_always_sees_is_within_its_bound(choice: str) -> None:
    found = service(CHOICES[choice])
    for listing in LISTINGS:
        shown = found.listing(listing)
        text, list_text, words = map(count, (shown.always_seen, shown.as_json, shown.instructions))
        print(
            f"{choice}, {listing} ({shown.kind}): {len(shown.tools)} of {len(found.offer)} tools, "
            f"{words} + {list_text} = {text} tokens"
        )
        assert words <= 500
        if shown.kind == "core" or listing == "auto":
            assert text <= MOST


def test_the_tools_that_find_and_call_others_are_small() -> None:
    whole, few = (service([], listing=listing).listing() for listing in ("core", "full"))
    every = service(EVERY, listing="core").listing()
    meta = [tool for tool in every.as_wire if tool["name"] in every.meta]
    size = count(str(meta))
    print(f"{len(meta)} tools that find and call others: {size} tokens")
    assert len(meta) == 3 and size <= 800
    assert len(whole.tools) == 2 and not few.tools


@pytest.mark.parametrize("choice", CHOICES)
def test_the_estimate_is_near_what_a_tokenizer_counts_and_not_below_it(choice: str) -> None:
    for listing in ("full", "core"):
        text = service(CHOICES[choice]).listing(listing).as_json
        real = count(text)
        assert real <= estimated_tokens(text) <= 1.25 * real, f"{len(text) / real:.2f} characters a token"
