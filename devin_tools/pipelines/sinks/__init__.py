"""The built-in sinks. A plugin too, like any third party's sink."""

from __future__ import annotations

from collections.abc import Iterable

from ...hookspecs import Sink, hookimpl
from . import file, github, log, slack, webhook


@hookimpl
def devin_tools_provide_sinks() -> Iterable[Sink]:
    """Return the built-in sinks."""
    return [log.SINK, file.SINK, webhook.SINK, slack.SINK, github.SINK]
