"""GitHub: a comment under the pull requests that a session opened, or under one issue.

See docs.github.com/rest/issues/comments: a pull request is an issue there.
"""

from __future__ import annotations

import json
import re
from typing import Annotated

from pydantic import Field

from ...hookspecs import Sink
from ..delivery import Reference, SinkTransport
from ..frozen_model import FrozenModel
from ..notification import Notification

PULL_REQUEST = re.compile(r"https://[^/\s]+/([A-Za-z0-9-]+)/((?!\.{1,2}/)[A-Za-z0-9._-]+)/pull/([0-9]+)")
ISSUE = re.compile(r"([A-Za-z0-9-]+)/([A-Za-z0-9._-]+)#([0-9]+)")


class Settings(FrozenModel):
    """Where, and as whom."""

    token: Reference
    """A token that may comment."""

    issue: Annotated[str, Field(pattern=ISSUE.pattern)] | None = None
    """An issue to comment on, as `owner/repo#1`. Left out: the pull requests of the session."""

    api_url: Annotated[str, Field(pattern=r"^https?://\S{1,2000}$")] = "https://api.github.com"
    """The REST API, for a GitHub of your own."""


async def _send(notification: Notification, settings: Settings, transport: SinkTransport) -> None:
    body = json.dumps({"body": _comment(notification)}).encode()
    headers = {
        "authorization": f"Bearer {transport.secret(settings.token)}",
        "accept": "application/vnd.github+json",
    }
    for owner, repo, number in _places(notification, settings):
        url = f"{settings.api_url.rstrip('/')}/repos/{owner}/{repo}/issues/{number}/comments"
        await transport.post(url, body, headers)


def _places(notification: Notification, settings: Settings) -> list[tuple[str, str, str]]:
    """Find what to comment on; a session without a pull request has nothing to comment on."""
    if settings.issue is not None:
        found = [ISSUE.fullmatch(settings.issue)]
    else:
        found = [PULL_REQUEST.fullmatch(url) for url in notification.pull_requests]
    return [(match[1], match[2], match[3]) for match in found if match]


def _comment(notification: Notification) -> str:
    """Write the comment. Text from outside stands in a code span: it can neither link nor mention."""
    again = " (told again)" if notification.is_repeat else ""
    title = " ".join(notification.title.replace("`", "'").split())
    lines = [
        f"**{notification.headline}**{again}",
        f"`{title}`" if title else "",
        f"Session: {notification.session_url}" if notification.session_url else "",
        notification.advice,
    ]
    return "\n\n".join(filter(None, lines))


SINK = Sink("github", "A comment on GitHub.", Settings, _send)
