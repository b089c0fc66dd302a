"""What became of a session stands at the same places of every outcome, wherever the session itself is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHOWN = ("session_id", "url", "pull_requests")
"""What every outcome says of its session by itself."""


def with_shown(given: Any) -> Any:
    """Return what an outcome is made of, with what it does not say taken from its session.

    Outputs that were recorded before have none of it.
    """
    session = given.get("session") if isinstance(given, dict) else None
    if session is None:
        return given
    known = session if isinstance(session, Mapping) else vars(session)
    return {name: known[name] for name in SHOWN if known.get(name) is not None} | given
