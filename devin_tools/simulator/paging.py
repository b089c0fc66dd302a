"""Pages with opaque cursors over rows in a stable order."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeAlias

from .refusal import Refusal

Row: TypeAlias = tuple[int, Any]
"""A position, which grows or falls along the list, and a wire form."""
Rows: TypeAlias = Callable[[int | None], Iterable[Row]]
"""Returns the rows after a position; without one, all."""
Cut: TypeAlias = Callable[[Rows, int | None, int], list[Row]]
"""Returns so many rows after a position, and one more if there is one."""


def cut_page(rows_after: Rows, start: int | None, size: int) -> list[Row]:
    """Cut a page out of a list as it should be; the row beyond it says that more follow."""
    return list(islice(rows_after(start), size + 1))


def page_of(cut: Cut, rows_after: Rows, call: Any, *, total: int | None) -> dict[str, Any]:
    """Cut one page, in the API's envelope.

    The cursor names the last row's position, so rows that come later shift nothing.
    """
    kind = type(call).__name__
    start = None if call.after is None else _position(kind, call.after)
    rows = cut(rows_after, start, call.limit)
    page, more = rows[: call.limit], len(rows) > call.limit
    cursor = _cursor(kind, page[-1][0]) if more else None
    return {"items": [row for _, row in page], "end_cursor": cursor, "has_next_page": more, "total": total}


def page_of_rows(cut: Cut, rows: Iterable[Row], call: Any) -> dict[str, Any]:
    """Cut one page of rows that are all there, their positions growing."""
    every = list(rows)

    def rows_after(position: int | None) -> Iterable[Row]:
        return (row for row in every if position is None or row[0] > position)

    return page_of(cut, rows_after, call, total=len(every))


def _cursor(kind: str, position: int) -> str:
    return base64.urlsafe_b64encode(f"{kind}:{position}".encode()).decode()


def _position(kind: str, cursor: str) -> int:
    """Read a cursor back; refuse any that no page of this list could have given."""
    try:
        position = int(base64.urlsafe_b64decode(cursor.encode()).partition(b":")[2])
    except ValueError:
        position = -1
    if position < 0 or _cursor(kind, position) != cursor:
        raise Refusal(400, "Invalid cursor in 'after'")  # not 422: a client in use has seen this of the API
    return position
