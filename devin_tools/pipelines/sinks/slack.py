"""Slack: a message through an incoming webhook.

See docs.slack.dev/messaging/sending-messages-using-incoming-webhooks; text from outside is escaped as
docs.slack.dev/messaging/formatting-message-text says, so that it mentions nobody.
"""

from __future__ import annotations

import json

from ...hookspecs import Sink
from ..delivery import SinkTransport
from ..frozen_model import FrozenModel
from ..notification import Notification
from .webhook import WebUrl

MOST = 2_900
"""The most characters of a section of a message."""


class Settings(FrozenModel):
    """Where it is."""

    url: WebUrl
    """The URL of the incoming webhook, or a reference to it: whoever has it can post."""


async def _tell(news: Notification, settings: Settings, outlet: SinkTransport) -> None:
    body = json.dumps({"text": _escaped(news.headline), "blocks": [_section(news)]}).encode()
    await outlet.post(outlet.secret(settings.url), body, {})


def _section(news: Notification) -> dict[str, object]:
    lines = [f"*{_escaped(news.headline)}*" + (" (told again)" if news.is_repeat else "")]
    if news.title:
        lines.append(_escaped(news.title))
    lines += [_link(url, "pull request") for url in news.pull_requests]
    if news.session_url:
        lines.append(_link(news.session_url, "session"))
    if news.advice:
        lines.append(_escaped(news.advice))
    return {"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(lines)[:MOST], "verbatim": True}}


def _escaped(text: str) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\u200b{mark}" if mark in "*_~`" else mark for mark in plain)


def _link(url: str, name: str) -> str:
    is_plain = url.startswith(("https://", "http://")) and not set(url) & set("<>| \n")
    return f"<{url}|{name}>" if is_plain else _escaped(url)


SINK = Sink("slack", "A message through a Slack incoming webhook.", Settings, _tell)
