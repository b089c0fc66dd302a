"""What a model is always shown of the tools, in tokens, beside how much it may be.

    python benchmarks/context.py

prints it for each preset, for what is offered without a choice, and for all tools that can be chosen: over
MCP the default list with its instructions, at each other door what is seen before anything is found where the
preset `core` is loaded and the rest deferred. Then what the list of the README's sample takes. Tokens are
those of o200k, which the extra `tokens` counts. Ends with 1 where a bound is broken, and names it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from devin_tools import load_catalog
from devin_tools.cli.commands.presets import choices, measured, sizes_of

MOST = 5_000
"""Tokens at a door of function calling."""

MOST_OVER_MCP = 6_000
SAMPLE, MOST_OF_SAMPLE = "core", 3_500
"""The preset of the README's sample, and the tokens of its whole list at most, at each door but MCP."""

Sizes = Mapping[str, Mapping[str, Mapping[str, int]]]


def rows(sizes: Sizes) -> Iterator[tuple[str, str, int, int]]:
    """Yield what is looked at, the door, its tokens, and how many they may be."""
    for name, of in sizes.items():
        for door, tokens in of["always_seen"].items():
            yield f"always shown of {name}", door, tokens, MOST_OVER_MCP if door == "mcp" else MOST
    for door, tokens in sizes[SAMPLE]["sizes"].items():
        if not door.startswith("mcp"):
            yield "the README's sample", door, tokens, MOST_OF_SAMPLE


def report(sizes: Sizes) -> int:
    """Print all rows, then those that break their bound; return how the process ends."""
    found = list(rows(sizes))
    for what, door, tokens, most in found:
        print(f"{what:<28}{door:<20}{tokens:>7,} of {most:,}{'  OVER' if tokens > most else ''}")
    broken = [f"{what}, {door}" for what, door, tokens, most in found if tokens > most]
    print(f"Over their bounds: {'; '.join(broken)}." if broken else "All are within their bounds.")
    return 1 if broken else 0


def main() -> int:
    """Measure and report."""
    unit, measure = measured()
    if unit != "tokens":
        print("This needs a tokenizer: python -m pip install -e '.[tokens]'", file=sys.stderr)
        return 2
    found = choices(load_catalog(plugins=()))
    return report({name: sizes_of(specs, measure) for name, (_, specs) in found.items()})


if __name__ == "__main__":
    sys.exit(main())
