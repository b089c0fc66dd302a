"""What we export passes every dialect that `lint` knows, at every preset.

The few tools that have between them all that a tool can have stand for all here; whole lists are judged in
tests/process/lint/test_own.py.
"""

from __future__ import annotations

from support.laws import for_every
from support.lint_own import LATE, MADE, PAYLOADS, errors_of
from support.tools import built_in, each_kind

from devin_tools.export.providers.limits import ALL
from devin_tools.lint import judge, read_tools
from devin_tools.presets import PRESETS, chosen


def test_every_dialect_has_an_export_of_ours() -> None:
    assert {dialect for dialect, _ in PAYLOADS} == set(ALL)


@for_every("dialect, payload", lambda: PAYLOADS)
def test_no_export_of_ours_has_an_error(dialect: str, payload: str) -> None:
    assert errors_of(dialect, payload, each_kind()) == []


@for_every("preset", lambda: PRESETS)
def test_no_preset_has_an_error(preset: str) -> None:
    assert errors_of("mcp", "mcp", chosen(each_kind(), preset)) == []


@for_every("payload", lambda: MADE)
def test_nothing_is_said_of_the_core_as_we_export_it(payload: str) -> None:
    tools = read_tools(MADE[payload](chosen(built_in(), "core")))
    assert [str(found) for found in judge(tools, prefix="mcp__devin__") if found.severity != "note"] == []


@for_every("payload", lambda: LATE)
def test_nothing_is_said_of_lists_of_which_a_model_finds_the_rest(payload: str) -> None:
    tools = read_tools(LATE[payload]([spec.chosen() for spec in (*chosen(built_in(), "core"), *each_kind())]))
    assert [str(found) for found in judge(tools) if found.severity != "note"] == []
