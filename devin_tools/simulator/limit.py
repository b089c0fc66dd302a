"""The rate limit of the simulated API: so many requests in each minute of its clock."""

from __future__ import annotations

import math

from .refusal import Refusal, too_many

WINDOW = 60
"""Seconds; the windows are the minutes of the clock."""


class RateLimit:
    """Counts requests in fixed windows."""

    def __init__(self, requests: int):
        if requests < 1:
            raise ValueError("the limit must be at least one request a minute")
        self._most = requests
        self._window = -1
        self._count = 0

    def refuse(self, now: float) -> Refusal | None:
        """Count a request; return its refusal when it is one too many."""
        window = int(now // WINDOW)
        if window != self._window:
            self._window, self._count = window, 0
        if self._count < self._most:
            self._count += 1
            return None
        return too_many(str(max(1, math.ceil((window + 1) * WINDOW - now))))
