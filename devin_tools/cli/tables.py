"""Tables that fit a terminal: a column that has no room is left out, and no word is broken for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

GAP = 2
"""The space between two columns."""

LONGEST_WORD = 24
"""What is longer, such as a link, may be broken: no column needs more than this for its words."""

LEAST_PROSE = 24
"""The least width at which sentences can be read."""


def plain_table(*, show_header: bool = True) -> Table:
    """Return a table without lines."""
    return Table(box=None, pad_edge=False, header_style="bold", show_header=show_header)


def print_columns(
    console: Console,
    names: Sequence[str],
    rows: Sequence[Sequence[Text]],
    *,
    whole: str = "",
    right: Sequence[str] = (),
    most: int = 99,
) -> list[str]:
    """Print the columns that fit, at most `most`, and return which of the first ones are left out.

    `whole` names the column whose cells are never broken, `right` those whose text stands at the right.
    """
    needs = [_needed(name, [row[at] for row in rows], name == whole) for at, name in enumerate(names)]
    kept, used = [0], needs[0]
    for at in range(1, len(names)):
        if len(kept) < most and used + GAP + needs[at] <= console.width:
            kept.append(at)
            used += GAP + needs[at]
    table = plain_table()
    for at in kept:
        is_whole = names[at] == whole and needs[at] <= console.width
        justify: Literal["left", "right"] = "right" if names[at] in right else "left"
        width = min(needs[at], console.width)
        table.add_column(names[at], min_width=width, no_wrap=is_whole, overflow="fold", justify=justify)
    for row in rows:
        table.add_row(*(row[at] for at in kept))
    console.print(table)
    return [name for at, name in enumerate(names[:most]) if at not in kept]


def _needed(name: str, cells: Iterable[Text], is_whole: bool) -> int:
    if is_whole:
        return max([len(name), *(cell.cell_len for cell in cells)])
    words = (len(word) for cell in cells for word in cell.plain.split())
    return max(len(name), min(LONGEST_WORD, max(words, default=0)))


def print_described(console: Console, names: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
    """Print rows whose last cell is prose: as a table, or below the others where that leaves it no room.

    A row of one cell is a heading.
    """
    full = [row for row in rows if len(row) > 1]
    needs = [max([len(name), *(row[at].cell_len for row in full)]) for at, name in enumerate(names[:-1])]
    needs[1:] = [min(need, LONGEST_WORD) for need in needs[1:]]
    if sum(needs) + GAP * len(needs) + LEAST_PROSE <= console.width:
        table = plain_table()
        for at, name in enumerate(names):
            is_prose = at == len(names) - 1
            table.add_column(
                name, no_wrap=at == 0, overflow="fold", min_width=LEAST_PROSE if is_prose else needs[at]
            )
        for row in rows:
            table.add_row(*row)
        console.print(table)
        return
    for row in rows:
        *others, prose = row if len(row) > 1 else (*row, Text())
        console.print(Text("  ").join(others), overflow="fold")
        if prose.plain:
            console.print(Padding(prose, (0, 0, 0, 4)))
