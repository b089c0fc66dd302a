"""What the package logs, as lines on standard error."""

from __future__ import annotations

import logging
import sys
from functools import partial
from typing import TextIO

import click

REQUESTS = "devin_tools"
"""Every request, and all that is logged beside."""

RULES = "devin_tools.pipelines"
"""What becomes of the events and sessions of rules."""


class StandardError(logging.StreamHandler[TextIO]):
    """Writes log lines on standard error, above a live view where there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line to what is standard error now."""
        self.stream = sys.stderr
        super().emit(record)


def show_log(ctx: click.Context, name: str) -> None:
    """Show a log, and those under it, while a command runs; once only where it is shown already."""
    log, handler = logging.getLogger(name), StandardError()
    if log.isEnabledFor(logging.INFO):
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s", "%H:%M:%S"))
    ctx.call_on_close(partial(log.setLevel, log.level))
    ctx.call_on_close(partial(log.removeHandler, handler))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
