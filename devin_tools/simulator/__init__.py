"""An embedded simulator of the Devin API: an httpx transport in process, or a real HTTP server."""

from .app import API_KEY, Simulator
from .faults import FAULTS, Faults
from .refusal import Refusal
from .world import SessionRecord, World

__all__ = ["API_KEY", "FAULTS", "Faults", "Refusal", "SessionRecord", "Simulator", "World"]
