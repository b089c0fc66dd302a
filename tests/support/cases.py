"""An exchange to record, and the form of a recorded answer's envelope."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = ["MINTED", "SECRET_VALUE", "Case", "Cases", "page"]

SECRET_VALUE = "cassette-secret-value"
"""A value that no cassette may show: it is scrubbed."""

MINTED = "cog_000102030405060708090a0b0c0d0e0f"
"""A key as the simulator makes them: no cassette may show one either."""


@dataclass(frozen=True)
class Case:
    """One exchange to record."""

    tool: str
    name: str
    arguments: dict[str, Any]
    live: bool = True
    """Whether it can be recorded from the live API: without the simulator's help."""
    after: float = 0.0
    """How many seconds of the simulator's clock to let pass before it."""


Cases: TypeAlias = Generator[Case, Any, None]
"""The cases of a resource; each is answered with its output, or `None` where there is none."""


def page(*items: Any) -> dict[str, Any]:
    """Put items into the API's envelope of a page."""
    return {"items": list(items), "end_cursor": "Y3Vyc29y", "has_next_page": True, "total": len(items)}
