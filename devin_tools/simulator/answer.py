"""An answer of the simulated API, and how it travels."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formatdate
from typing import Literal, TypeAlias

from ..wire import Response

__all__ = ["Answer", "Fate", "http_date"]

Fate: TypeAlias = Literal["whole", "cut", "lost", "reset"]


@dataclass(frozen=True, slots=True)
class Answer(Response):
    """A response that may come late, in part, or never."""

    delay: float = 0.0
    """Seconds of the simulator's clock between the effect and the answer."""
    fate: Fate = "whole"
    """What of it arrives: all, the half of its body, nothing, or a reset connection."""

    @property
    def sent(self) -> bytes:
        """What of the body arrives."""
        return self.body[: len(self.body) // 2] if self.fate == "cut" else self.body


def http_date(moment: float) -> str:
    """Write a time as HTTP does, in whole seconds."""
    return formatdate(moment, usegmt=True)
