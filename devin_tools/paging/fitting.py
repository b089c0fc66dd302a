"""Pages that fit a number of characters: how many items do, and shorter items where one does not. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import TypeVar

from pydantic_core import to_jsonable_python

from ..flow import Flow
from ..tool import Output
from .brief import length_of, values_of, without
from .page import Page

P = TypeVar("P", bound=Page)

SHORTEST = 100
"""Characters of a text that are always kept: ids and names stay whole."""

CURSOR_ROOM, NOTE_ROOM = 200, 60
"""Characters to keep free for a cursor that the whole page did not need, and for a note in `left_out`."""

LINK = re.compile(r"https?://\S+")


def fitted(page: P, most: int, read: Callable[[int], Flow[P]]) -> Flow[P]:
    """Read as many items as fit, so that the cursor is the API's own; shorten one that does not."""
    limit = len(page.items)
    while limit > 1 and length_of(page) > most:
        limit = min(_count(page, most), limit - 1)
        page = yield from read(limit)
        if page.has_next_page:
            rest = f"{page.items_field}[{len(page.items)}:]"
            page = page.model_copy(update={"left_out": [*page.left_out, rest]})
    return page if length_of(page) <= most else shortened(page, most)


def _count(page: Page, most: int) -> int:
    """Return how many of a page's first items fit: one at least."""
    written = to_jsonable_python(page.model_copy(update={"left_out": page.left_out or [""]}))
    sizes = [length_of(item) + len(", ") for item in written.pop(page.items_field)]
    room = most - length_of(written | {page.items_field: []}) - NOTE_ROOM
    room -= 0 if page.end_cursor else CURSOR_ROOM
    return max(1, sum(size <= room for size in accumulate(sizes)))


def shortened(page: P, most: int) -> P:
    """Cut the long texts of the items, and leave out large fields if that is not enough.

    What must be there stays, so a page of little else can still be too long.
    """
    texts = [len(text) for item in page.items for text in _texts(item).values()]
    lengths = range(SHORTEST, max([SHORTEST, *texts]) + 1)
    fit = bisect_right(lengths, most, key=lambda length: length_of(_cut(page, length)))
    page = _cut(page, lengths[max(0, fit - 1)])
    for number, name in _largest_first(page):
        if length_of(page) <= most:
            break
        page = _with_item(page, number, without(page.items[number], [name]), [name])
    return page


def _cut(page: P, length: int) -> P:
    """Cut every text of the items that is longer."""
    for number, item in enumerate(page.items):
        cut = {name: text[:length] + "…" for name, text in _texts(item).items() if len(text) > length}
        page = _with_item(page, number, item.model_copy(update=cut), [f"{name}[{length}:]" for name in cut])
    return page


def _texts(item: Output) -> dict[str, str]:
    """Return the texts of an item that may be cut: half an id or a link leads nowhere."""
    texts = {name: value for name, value in values_of(item).items() if isinstance(value, str)}
    return {
        name: text for name, text in texts.items() if not name.endswith("_id") and not LINK.fullmatch(text)
    }


def _largest_first(page: Page) -> list[tuple[int, str]]:
    """Return the fields of all items that can be left out: the number of the item, and the name."""
    sizes = [
        (length_of(value), number, name)
        for number, item in enumerate(page.items)
        for name, value in values_of(item).items()
        if name not in type(item).model_fields or not type(item).model_fields[name].is_required()
    ]
    return [(number, name) for _, number, name in sorted(sizes, reverse=True)]


def _with_item(page: P, number: int, item: Output, left_out: list[str]) -> P:
    """Put another item in the place of one, and say what it lacks."""
    if not left_out:
        return page
    items = [*page.items[:number], item, *page.items[number + 1 :]]
    notes = [f"{page.items_field}[{number}].{name}" for name in left_out]
    return page.model_copy(update={page.items_field: items, "left_out": [*page.left_out, *notes]})
