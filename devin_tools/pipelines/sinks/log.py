"""The log: a line for each outcome."""

from __future__ import annotations

import logging

from ...hookspecs import Sink
from ..delivery import SinkTransport
from ..frozen_model import FrozenModel
from ..notification import Notification

log = logging.getLogger("devin_tools.pipelines")


class Settings(FrozenModel):
    """It needs none."""


async def _tell(news: Notification, settings: Settings, outlet: SinkTransport) -> None:
    again = " (a repeat)" if news.is_repeat else ""
    links = f" {' '.join(news.pull_requests)}" if news.pull_requests else ""
    log.info("%s%s: rule %s, %s%s", news.headline, again, news.rule, news.session_url, links)


SINK = Sink("log", "A line in the log of the server.", Settings, _tell)
