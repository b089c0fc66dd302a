"""`presets`: how many tools each preset has, and how much of a model's context they take."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from ..options import Options
from ..shared_options import json_flag
from ..terminal import for_people, print_json

if TYPE_CHECKING:
    from ...catalog import Catalog
    from ...spec import Spec

ENCODING = "o200k_base"
"""The vocabulary of OpenAI's current models. Other providers publish none, so it stands in for theirs."""

PART = 200_000
"""Characters that are counted at a time: the tokenizer refuses long texts."""

Measure = Callable[[Any], int]
"""Counts what a payload takes, in the unit that `measured` names."""


@click.command("presets")
@json_flag
@click.pass_obj
def command(options: Options, as_json: bool) -> None:
    """Show the presets: how many of their tools spend, and what they take of a model's context.

    Beside the presets: what models are offered without a choice (`default`), and all tools that a person can
    choose for them (`all`). Sizes are in tokens where the extra `tokens` is installed, and in characters
    otherwise.
    """
    unit, measure = measured()
    rows = [
        {"preset": name, "summary": summary, "unit": unit} | counts_of(specs) | sizes_of(specs, measure)
        for name, (summary, specs) in choices(options.catalog).items()
    ]
    if for_people(as_json):
        from ..render import show_sizes

        hint = "" if unit == "tokens" else "For tokens, run `pip install 'devin-tools[tokens]'`."
        show_sizes(rows, f"Sizes in {unit}. {hint}".strip())
    else:
        print_json(rows)


def choices(catalog: Catalog) -> dict[str, tuple[str, list[Spec]]]:
    """Return what is measured by its name: its summary, and the tools of it that models are offered."""
    from ...model_input import for_models
    from ...presets import PRESETS, chosen

    found = {name: (preset.summary, for_models(chosen(catalog, name))) for name, preset in PRESETS.items()}
    found["default"] = "what models are offered where nobody chose", for_models(catalog)
    found["all"] = "all that a person can choose for models", for_models(spec.chosen() for spec in catalog)
    return found


def measured() -> tuple[str, Measure]:
    """Choose what to count in: tokens, when there is a tokenizer."""
    if find_spec("bpe_openai") is None:
        return "characters", lambda payload: len(_text(payload))
    from bpe_openai import get_encoding

    encode = get_encoding(ENCODING).encode_ordinary

    def tokens(payload: Any) -> int:
        text = _text(payload)
        return sum(len(encode(text[start : start + PART])) for start in range(0, len(text), PART))

    return "tokens", tokens


def _text(payload: Any) -> str:
    return payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":"))


def counts_of(specs: Sequence[Spec]) -> dict[str, int]:
    """Return how many tools there are, how many spend, and how many do so again and again."""
    return {
        "tools": len(specs),
        "billable": sum(spec.effect.is_billable for spec in specs),
        "standing": sum(spec.is_standing for spec in specs),
    }


def sizes_of(specs: Sequence[Spec], measure: Measure) -> dict[str, dict[str, int]]:
    """Return the sizes of some tools at each door: of whole lists, and of what a model is always shown.

    The latter is what the MCP server lists by default, with its instructions, and for each other door what a
    model sees before it has found anything where the preset `core` is loaded.
    """
    from ...export.providers import payloads
    from ...export.providers.seen import always_seen
    from ...mcp.listing import Listing, kind_of
    from ...mcp.service import SLICE_SECONDS

    full: Mapping[str, Callable[..., Any]] = {
        "openai-chat": payloads.openai_chat,
        "openai-responses": payloads.openai_responses,
        "anthropic": payloads.anthropic,
        "gemini": payloads.gemini,
        "bedrock": payloads.bedrock,
    }
    listings = {
        "mcp": payloads.mcp(specs),
        "mcp-output-schemas": payloads.mcp(specs, output_schemas=True),
        "mcp-core": Listing(specs, "core").as_wire,
    }
    by_default = Listing(specs, kind_of("auto", list(specs)), wait_seconds=SLICE_SECONDS)
    late = {**full, "gemini-interactions": payloads.gemini_interactions}
    seen = {name: always_seen(make(specs, loaded="core")) for name, make in late.items()}
    return {
        "sizes": {
            **{name: measure(make(specs)) for name, make in full.items()},
            **{name: measure(tools) for name, tools in listings.items()},
        },
        "always_seen": {
            "mcp": measure(by_default.instructions) + measure(by_default.as_wire),
            **{name: measure(payload) for name, payload in seen.items()},
        },
    }
