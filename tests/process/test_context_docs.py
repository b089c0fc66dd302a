"""The figures that the pages state of contexts are those that are counted here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from support.paths import ROOT
from support.tools import built_in

from devin_tools.cli.commands.presets import choices, measured
from devin_tools.export.providers import payloads
from devin_tools.export.providers.seen import always_seen
from devin_tools.lint.rules import costs
from devin_tools.mcp.listing import Listing
from devin_tools.presets import PRESETS

NEAR = 0.005
"""How far a stated figure may be from the counted one, beside its rounding."""

FUNCTION_CALLING = (ROOT / "docs" / "function-calling.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
MCP = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def count() -> Any:
    """Return what counts the tokens of a text; skip the tests without the extra `tokens`."""
    pytest.importorskip("bpe_openai", reason="needs the extra tokens")
    return measured()[1]


@pytest.fixture(scope="module")
def chosen() -> Any:
    return {name: specs for name, (_, specs) in choices(built_in()).items()}


def rows_of_searches() -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Yield the functions, searches and figures of the rows that say what is always shown."""
    section = FUNCTION_CALLING.partition("| always shown |\n")[2].partition("\n\n")[0]
    functions: list[str] = []
    for line in section.splitlines()[1:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        functions = re.findall(r"`(\w+)`", cells[0]) or functions
        yield functions, re.findall(r"`(\w+)`", cells[1]), cells[-1].split(", ")


def test_the_budgets_of_lint_are_as_stated() -> None:
    lint = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")
    assert (
        f"warn over {costs.MOST_TOKENS:,} of them, `DESC_BUDGET` over {costs.MOST_TEXT:,} characters" in lint
    )


def is_near(stated: str, counted: int, step: int) -> bool:
    """Return whether a stated figure is the counted one, rounded to a step."""
    return abs(int(stated.replace(",", "")) - counted) <= step / 2 + NEAR * counted


def test_what_each_search_always_shows_is_as_stated(count: Any, chosen: Any) -> None:
    checked = 0
    for functions, searches, figures in rows_of_searches():
        for function, figure in zip(
            functions, figures * (len(functions) if len(figures) == 1 else 1), strict=True
        ):
            make = getattr(payloads, function)
            for search in searches or [""]:
                options = {"search": search} if search else {}
                counted = count(always_seen(make(chosen["all"], loaded="core", **options)))
                assert is_near(figure, counted, 10), (function, search, figure, counted)
                checked += 1
    assert checked == 11


@pytest.mark.parametrize("preset", PRESETS)
def test_the_sizes_of_presets_are_as_stated(preset: str, count: Any, chosen: Any) -> None:
    (row,) = re.findall(rf"^\| `{preset}` \| (\d+) \| ([\d,]+) \|", FUNCTION_CALLING, re.MULTILINE)
    specs = chosen[preset]
    assert int(row[0]) == len(specs)
    counted = count(payloads.openai_chat(specs))
    assert is_near(row[1], counted, 100), counted


def test_what_whole_lists_take_is_as_stated(count: Any, chosen: Any) -> None:
    (figures,) = re.findall(
        r"fill some ([\d,]+) tokens of a context, those of `\"\*\"` ([\d,]+)", FUNCTION_CALLING
    )
    for figure, choice in zip(figures, (chosen["all"], "*"), strict=True):
        counted = count(payloads.openai_chat(choice))
        assert is_near(figure, counted, 1000), counted
    (all_of_them, few) = re.findall(r"take some ([\d,]+) tokens .*?for under ([\d,]+):", README, re.DOTALL)[0]
    assert is_near(all_of_them, count(payloads.openai_chat("*")), 1000)
    assert count(payloads.openai_chat("*", loaded="core")) < int(few.replace(",", ""))
    (said,) = re.findall(
        r"about ([\d,]+) tokens \(o200k\), those of `full` ([\d,]+), as\n.*is sent, ([\d,]+) and ([\d,]+)\.",
        MCP,
    )
    core, full = (Listing(chosen["all"], kind, wait_seconds=45) for kind in ("core", "full"))
    found = [count(one.instructions) + count(one.as_wire) for one in (core, full)]
    found += [count(one.always_seen) for one in (core, full)]
    for figure, counted, step in zip(said, found, (100, 1000, 100, 1000), strict=True):
        assert is_near(figure, counted, step), (figure, counted)
