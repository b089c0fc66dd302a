"""What goes to the terminal: text and JSON that cannot steer it, and a progress line."""

from __future__ import annotations

import json
import math
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from ..text.visible import visible

if TYPE_CHECKING:
    from rich.status import Status
    from rich.text import Text

    from ..flow import Progress

NOT_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What JSON leaves unescaped and should not: also the line breaks that only some readers know."""


def on_one_line(text: str) -> str:
    """Make text visible and fold its line breaks and spaces."""
    return " ".join(visible(text).split())


def as_json(value: Any, indent: int | None = None) -> str:
    """Write JSON that every stream can carry and no terminal obeys."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    narrow = encoding.lower().replace("-", "") != "utf8"
    text = json.dumps(_finite(value), ensure_ascii=narrow, indent=indent, allow_nan=False)
    return NOT_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _finite(value: Any) -> Any:
    """Return plain data, an output as a dictionary, with null for what JSON has no number for."""
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value


def print_json(value: Any, indent: int | None = 2) -> None:
    """Print one value, such as an output, as JSON on standard output."""
    click.echo(as_json(value, indent))


def print_line(value: Any) -> None:
    """Print one value as JSON on a line of its own, at once."""
    click.echo(as_json(value))


def for_people(as_json: bool = False) -> bool:
    """Return whether standard output is read by a person, who did not ask for JSON."""
    return not as_json and sys.stdout.isatty()


def tell(label: str, text: str, colour: str = "cyan") -> None:
    """Write one line to standard error, behind a label that is coloured on a terminal."""
    plain = False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None
    heading = click.style(f"{label}:", fg=colour, bold=True)
    click.echo(f"{heading} {on_one_line(text)}", err=True, color=plain)


def clock(seconds: float) -> str:
    """Write a length of time as minutes and seconds, with hours before them where there are any."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


class ProgressLine:
    """A line on standard error that is there while something takes time; silent where no person watches."""

    def __init__(self) -> None:
        self._status: Status | None = None

    def __call__(self, step: Progress) -> None:
        """Show the progress of a flow."""
        if self._status is not None:
            self._status.update(_text(step.message))

    @contextmanager
    def during(self, text: str) -> Iterator[None]:
        """Show a line as long as the block runs."""
        if not sys.stderr.isatty():
            yield
            return
        from rich.console import Console

        with Console(stderr=True).status(_text(text)) as self._status:
            yield
        self._status = None


def _text(text: str) -> Text:
    from rich.text import Text

    return Text(visible(text))
