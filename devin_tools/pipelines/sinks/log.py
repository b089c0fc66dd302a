"""The log: a line for each outcome."""

from __future__ import annotations

import logging

from ...hookspecs import Sink
from ..delivery import SinkTransport
from ..frozen_model import FrozenModel
from ..notification import Notification

log = logging.getLogger("devin_tools.pipelines")


async def _send(notification: Notification, settings: FrozenModel, transport: SinkTransport) -> None:
    again = " (a repeat)" if notification.is_repeat else ""
    links = " ".join([notification.session_url, *notification.pull_requests])
    log.info("%s%s: rule %s, %s", notification.headline, again, notification.rule, links)


SINK = Sink("log", "A line in the log of the server.", FrozenModel, _send)
