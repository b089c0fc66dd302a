"""An embedded simulator of the Devin API: an httpx transport in process, or a real HTTP server."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .app import API_KEY, Simulator
from .refusal import Refusal
from .world import SessionRecord, World

__all__ = ["API_KEY", "FAULTS", "Faults", "Refusal", "SessionRecord", "Simulator", "World"]

if TYPE_CHECKING:
    from .faults import FAULTS, Faults
else:

    def __getattr__(name: str) -> Any:
        """Import the faults when they are asked for: most worlds have none."""
        if name not in ("FAULTS", "Faults"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.faults"), name)
