"""Long waits in slices: many clients end a call after sixty seconds."""

from __future__ import annotations

from typing import Any, TypeVar

from ..tool import Tool

__all__ = ["SLICE_SECONDS", "sliced"]

SLICE_SECONDS = 45.0

T = TypeVar("T", bound=Tool[Any])


def sliced(call: T, seconds: float) -> T:
    """Let a call that can wait return after `seconds`, unless less was asked for; others stay as they are.

    A wait that was cut gives `resume_with`, the call that goes on.
    """
    if "max_seconds" not in type(call).model_fields:
        return call
    asked = getattr(call, "max_seconds", None)
    return (
        call if asked is not None and asked <= seconds else call.model_copy(update={"max_seconds": seconds})
    )
