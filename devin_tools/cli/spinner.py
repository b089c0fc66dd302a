"""The progress line: what is going on, for a person at a terminal. Elsewhere it is silent."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .text import printable

if TYPE_CHECKING:
    from rich.status import Status

    from ..flow import Progress


class Waiting:
    """A line on standard error that is there while something takes time, then gone."""

    def __init__(self) -> None:
        self._status: Status | None = None

    def __call__(self, step: Progress) -> None:
        """Show the progress that a flow tells."""
        if self._status is not None:
            self._status.update(_plain(step.message))

    @contextmanager
    def during(self, text: str) -> Iterator[None]:
        """Show a line as long as the block runs."""
        if not sys.stderr.isatty():
            yield
            return
        from rich.console import Console

        with Console(stderr=True).status(_plain(text)) as self._status:
            yield
        self._status = None


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(printable(text))
