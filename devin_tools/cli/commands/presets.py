"""`presets`: how many tools each preset has, and how much room their schemas take."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from ..options import Options
from ..shared_options import json_flag
from ..terminal import for_people, print_json

if TYPE_CHECKING:
    from ...spec import Spec

ENCODING = "o200k_base"
"""The vocabulary of OpenAI's current models. Other providers publish none, so it stands in for theirs."""


@click.command("presets")
@json_flag
@click.pass_obj
def command(options: Options, as_json: bool) -> None:
    """Show the presets: how many of their tools spend, and the size of their schemas for each provider.

    Sizes are in tokens where the extra `tokens` is installed, and in characters otherwise.
    """
    from ...presets import PRESETS, chosen

    unit, measure = _measure()
    rows = []
    for name, preset in PRESETS.items():
        about = {"preset": name, "summary": preset.summary, "unit": unit}
        rows.append(about | _sizes(chosen(options.catalog, name), measure))
    if for_people(as_json):
        from ..render import show_sizes

        hint = "" if unit == "tokens" else "For tokens, run `pip install 'devin-tools[tokens]'`."
        show_sizes(rows, f"Sizes in {unit}. {hint}".strip())
    else:
        print_json(rows)


def _measure() -> tuple[str, Callable[[str], int]]:
    """Choose what to count in: tokens, when there is a tokenizer."""
    if find_spec("bpe_openai") is None:
        return "characters", len
    from bpe_openai import get_encoding

    encode = get_encoding(ENCODING).encode_ordinary
    return "tokens", lambda text: len(encode(text))


def _sizes(specs: Sequence[Spec], measure: Callable[[str], int]) -> dict[str, Any]:
    from ...export.providers import payloads
    from ...model_input import for_models

    offer = for_models(specs)
    makers: tuple[Callable[[Sequence[Spec]], Any], ...] = (
        *(payloads.openai_chat, payloads.openai_responses, payloads.anthropic),
        *(payloads.gemini, payloads.bedrock, payloads.mcp),
    )
    return {
        "tools": len(offer),
        "billable": sum(spec.effect.is_billable for spec in offer),
        "standing": sum(spec.is_standing for spec in offer),
        "sizes": {
            make.__name__.replace("_", "-"): measure(json.dumps(make(specs), separators=(",", ":")))
            for make in makers
        },
    }
