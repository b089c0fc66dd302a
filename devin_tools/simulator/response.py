"""An answer of the simulated API, and how it travels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from ..wire import Response

PIECE = 256 * 1024

Delivery: TypeAlias = Literal["whole", "cut", "lost", "reset"]


class EventStream(Protocol):
    """Events that are sent as they come."""

    org_id: str

    def read(self, world: Any) -> bytes | None:
        """Return what is new, `None` at the end."""


@dataclass(frozen=True, slots=True)
class Answer(Response):
    """A response that may come late, in part, or never."""

    delay: float = 0.0
    """Seconds of the simulator's clock between the effect and the answer."""
    delivery: Delivery = "whole"
    """What of it arrives: all, the half of its body, nothing, or a reset connection."""

    file: Path | None = None
    """A file that is the body, in place of `body`."""

    stream: EventStream | None = None
    """Events that are the body, in place of `body`, sent as they come."""

    @property
    def length(self) -> int:
        """How many bytes the whole body has."""
        return self.file.stat().st_size if self.file else len(self.body)

    def pieces(self) -> Iterator[bytes]:
        """Yield what of the body arrives, piece by piece."""
        left = self.length // 2 if self.delivery == "cut" else self.length
        with self.file.open("rb") if self.file else BytesIO(self.body) as source:
            while left > 0 and (piece := source.read(min(PIECE, left))):
                left -= len(piece)
                yield piece


def http_date(moment: float) -> str:
    """Write a time as HTTP does, in whole seconds."""
    return formatdate(moment, usegmt=True)
