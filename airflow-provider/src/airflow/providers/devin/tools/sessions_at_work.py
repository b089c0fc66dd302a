"""What an output says of the sessions that are still at work."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from devin_tools import Output, Tool

__all__ = ["at_work", "has_room", "url_of"]


def at_work(output: Output, call: Tool[Any]) -> tuple[list[str], Literal["all", "any"]] | None:
    """Return the sessions to wait for, and how many of them; `None` when there is nothing to wait for.

    A fan-out that has items left to start goes on as soon as any session makes room.
    """
    found = _open(output)
    is_any = getattr(call, "until", "all") == "any"
    if not found or (is_any and getattr(output, "settled", None)):
        return None
    ids = ["devin-" + session_id.removeprefix("devin-") for session_id in found]
    return ids, "any" if is_any or _not_started(output) else "all"


def has_room(output: Output, call: Tool[Any]) -> bool:
    """Return whether sessions are left to start, and may be started now."""
    return _not_started(output) > 0 and len(_open(output)) < getattr(call, "max_parallel", math.inf)


def url_of(output: Output) -> str | None:
    """Return the URL of the session that an output is about."""
    url = getattr(output, "url", None) or getattr(getattr(output, "session", None), "url", None)
    return url if isinstance(url, str) else None


def _not_started(output: Output) -> int:
    return sum(row.outcome == "not_started" for row in getattr(output, "rows", ()))


def _open(output: Output) -> list[str]:
    """Find the sessions at work in any of the forms in which outputs name them."""
    rows = getattr(output, "rows", None)
    if rows is not None:
        return [row.session_id for row in rows if row.outcome == "still_running" and row.session_id]
    if isinstance(ids := getattr(output, "still_running", None), list):
        return ids
    if getattr(output, "outcome", None) != "still_running":
        return []
    session = getattr(output, "session", None)
    session_id = getattr(output, "session_id", None) or getattr(session, "session_id", None)
    return [session_id] if session_id else []
