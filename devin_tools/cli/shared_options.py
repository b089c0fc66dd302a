"""Options that several commands have, and the types of their values."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

PRESETS = ("core", "observe", "operate", "automate", "audit", "administer")
"""The presets, named here too so that help needs none of what they are made of; a test compares."""

FILE = click.Path(path_type=Path, dir_okay=False)
PORT = click.IntRange(0, 65535)
COUNT = click.IntRange(1)


class Finite(click.FloatRange):
    """A range without `inf` and `nan`, which click's own ranges let in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a number; fail for one that is not finite."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail("is not a finite number", param, ctx)
        return number


option = partial(click.option, show_default=True)
"""An option whose default the help shows."""

json_flag = click.option("as_json", "--json", is_flag=True, help="Print JSON on a terminal too.")
read_only = click.option(
    "--read-only", is_flag=True, help="Offer only tools that read, as DEVIN_READ_ONLY=1 does."
)


def _or_none(ctx: click.Context, param: click.Parameter, value: str | None) -> str | tuple[()]:
    return value or ()


def tool_choice(command: F) -> F:
    """Add --preset, --tools and --exclude, the arguments of `presets.chosen`."""
    listed = partial(click.option, metavar="PATTERN,...")
    tools = "These tools, besides those of a preset; patterns as in a shell."
    command = listed("--exclude", callback=_or_none, help="Not these tools.")(command)
    command = listed("--tools", help=tools)(command)
    preset = "Which tools: see `devin-tools presets`."
    return click.option("--preset", type=click.Choice(PRESETS), help=preset)(command)
