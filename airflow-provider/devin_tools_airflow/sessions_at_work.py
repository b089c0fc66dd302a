"""What an output says of the sessions that are still at work."""

from __future__ import annotations

from typing import Any, Literal

from devin_tools import Output

__all__ = ["at_work", "url_of"]


def at_work(output: Output, needs: str = "all") -> tuple[list[str], Literal["all", "any"]] | None:
    """Give the sessions to wait for, and how many of them; `None` when there is nothing to wait for.

    A fan-out that has items left to start goes on as soon as any session makes room.
    """
    fields: dict[str, Any] = dict(output)
    rows = fields.get("rows", [])
    if rows:
        open_ = [row.session_id for row in rows if row.outcome == "still_running" and row.session_id]
        is_held_back = any(row.outcome == "not_started" for row in rows)
        found, needs = open_, "any" if is_held_back else "all"
    elif "still_running" in fields:
        found = list(output.still_running)  # type: ignore[attr-defined]
    elif fields.get("outcome") == "still_running":
        session = fields.get("session")
        found = [fields.get("session_id") or session.session_id]  # type: ignore[union-attr]
    else:
        found = []
    if not found or (needs == "any" and fields.get("settled")):
        return None
    ids = ["devin-" + session_id.removeprefix("devin-") for session_id in found]
    return ids, "any" if needs == "any" else "all"


def url_of(output: Output) -> str | None:
    """Give the URL of the session that an output is about."""
    url = getattr(output, "url", None) or getattr(getattr(output, "session", None), "url", None)
    return url if isinstance(url, str) else None
