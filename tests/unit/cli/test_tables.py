"""Tables on narrow terminals: columns go, words stay whole, and what has no room is named."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console
from rich.text import Text
from support.laws import for_every
from support.shell import at_terminal

from devin_tools.cli.tables import print_columns, print_described

WIDTHS = (20, 30, 44, 60, 80, 120)
NAMES = ("id", "status", "detail", "title")
ROWS = [
    ["a" * 32, "suspended", "waiting_for_user", "Upgrade the framework"],
    ["b" * 32, "running", "working", "Fix it"],
]


def drawn(width: int, *, described: bool) -> tuple[str, list[str]]:
    console = Console(file=io.StringIO(), width=width)
    rows = [[Text(cell) for cell in row] for row in ROWS]
    if described:
        print_described(console, NAMES, [[Text("a heading")], *rows])
        return console.file.getvalue(), []  # type: ignore[attr-defined]
    left_out = print_columns(console, NAMES, rows, whole="id")
    return console.file.getvalue(), left_out  # type: ignore[attr-defined]


@for_every("width", lambda: WIDTHS)
def test_no_word_is_broken_that_has_room(width: int) -> None:
    text, left_out = drawn(width, described=False)
    assert all(len(line) <= width for line in text.splitlines())
    words = text.split()
    for at, name in enumerate(NAMES[1:], 1):
        for row in ROWS:
            assert name in left_out or all(word in words for word in row[at].split())
    if width >= 32:
        assert "a" * 32 in words


def test_columns_go_as_the_terminal_narrows() -> None:
    assert drawn(44, described=False)[1] == ["detail", "title"]
    assert drawn(60, described=False)[1] == ["detail"]
    assert drawn(80, described=False)[1] == []


@for_every("width", lambda: WIDTHS)
def test_prose_stands_below_where_it_has_no_room_beside(width: int) -> None:
    text, _ = drawn(width, described=True)
    assert all(len(line) <= max(width, 32) for line in text.splitlines())
    assert "framework" in text


@pytest.mark.parametrize("width", [44, 60, 80])
def test_sessions_are_listed_with_whole_ids_and_words(width: int) -> None:
    ran = at_terminal("--simulate", "call", "list_sessions", "--limit", "4", width=width, NO_COLOR="1")
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", ran.out)
    assert len(re.findall(r"\b[0-9a-f]{32}\b", shown)) == 4
    assert "suspended" in shown and "running" in shown
