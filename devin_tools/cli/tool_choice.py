"""The options by which every command that offers tools takes a choice of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

NAMES = ("observe", "operate", "automate", "admin")
"""The presets, named here too so that help needs none of what they are made of; a test compares."""


def patterns(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Split names and patterns at their commas."""
    return None if value is None else tuple(part.strip() for part in value.split(",") if part.strip())


def choice_options(command: F) -> F:
    """Add --preset, --tools and --exclude."""
    options = (
        click.option("--preset", type=click.Choice(NAMES), help="Which tools: see `devin-tools presets`."),
        click.option(
            "--tools", "include", callback=patterns, metavar="PATTERN,...",
            help="These tools, besides those of a preset; patterns as in a shell.",
        ),
        click.option(
            "--exclude", callback=patterns, default="", metavar="PATTERN,...",
            help="Not these tools.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command
