"""Slack: a message through an incoming webhook.

See docs.slack.dev/messaging/sending-messages-using-incoming-webhooks; text from outside is escaped as
docs.slack.dev/messaging/formatting-message-text says, so that it mentions nobody.
"""

from __future__ import annotations

import json

from ...hookspecs import Sink
from ..delivery import SinkTransport, WebUrl
from ..frozen_model import FrozenModel
from ..notification import Notification

MAX_SECTION = 2_900
"""The most characters of a section of a message."""


class Settings(FrozenModel):
    """Where it is."""

    url: WebUrl
    """The URL of the incoming webhook, or a reference to it: whoever has it can post."""


async def _send(notification: Notification, settings: Settings, transport: SinkTransport) -> None:
    body = json.dumps({"text": _escaped(notification.headline), "blocks": [_section(notification)]}).encode()
    await transport.post(transport.secret(settings.url), body, {})


def _section(notification: Notification) -> dict[str, object]:
    again = " (told again)" if notification.is_repeat else ""
    lines = [
        f"*{_escaped(notification.headline)}*{again}",
        _escaped(notification.title),
        *(_link(url, "pull request") for url in notification.pull_requests),
        _link(notification.session_url, "session"),
        _escaped(notification.advice),
    ]
    text = "\n".join(filter(None, lines))[:MAX_SECTION]
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _escaped(text: str) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\u200b{mark}" if mark in "*_~`" else mark for mark in plain)


def _link(url: str, name: str) -> str:
    is_plain = url.startswith(("https://", "http://")) and not set(url) & set("<>| \n")
    return f"<{url}|{name}>" if is_plain else _escaped(url)


SINK = Sink("slack", "A message through a Slack incoming webhook.", Settings, _send)
