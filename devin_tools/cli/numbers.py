"""Numbers on the command line: finite ones, which click's own ranges do not ask for."""

from __future__ import annotations

import math
from typing import Any

import click


class Finite(click.FloatRange):
    """A range that neither `inf` nor `nan` is in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a number, and refuse one that is none."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail("is not a finite number", param, ctx)
        return number
