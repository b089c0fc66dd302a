"""What every error of this package has. Import it from `errors`, where the whole tree is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

__all__ = ["DevinToolsError"]


class DevinToolsError(Exception):
    """The root of every error raised on purpose by this package."""

    kind: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False
    default_hint: ClassVar[str] = ""

    def __init__(self, message: str, *, hint: str = "", details: Sequence[Mapping[str, Any]] = ()):
        super().__init__(message)
        self.message = message
        self.hint = hint or self.default_hint
        self.details = tuple(dict(detail) for detail in details)
        self.retry_after: float | None = None
        """Seconds the server asked to wait, when it did."""
        self.tries = 1
        """How many requests were made."""
        self.gave_up = ""
        """Why no further one was made."""
        self.tool: str | None = None
        """The id of the tool whose call caused this, when there was one."""

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.tried(), self.hint) if part)

    def tried(self) -> str:
        """Say how many tries were made and why they ended; empty after a single one."""
        return f"Gave up after {self.tries} tries: {self.gave_up}." if self.tries > 1 else ""

    def as_dict(self) -> dict[str, Any]:
        """Give the error as plain data: the one shape every face shows."""
        return {
            "kind": self.kind,
            "message": self.message,
            "retryable": self.retryable,
            "retry_after": self.retry_after,
            "tries": self.tries,
            "hint": self.hint or None,
            "details": list(self.details),
        }
