"""GitHub: a comment under the pull requests that a session opened, or under one issue.

See docs.github.com/rest/issues/comments: a pull request is an issue there.
"""

from __future__ import annotations

import json
import re
from typing import Annotated

from pydantic import Field, field_validator

from ...hookspecs import Sink
from ...security.references import is_reference
from ..delivery import SinkTransport
from ..frozen_model import FrozenModel
from ..notification import Notification

PULL_REQUEST = re.compile(r"https://[^/\s]+/([A-Za-z0-9-]+)/((?!\.{1,2}/)[A-Za-z0-9._-]+)/pull/([0-9]+)")
ISSUE = re.compile(r"([A-Za-z0-9-]+)/([A-Za-z0-9._-]+)#([0-9]+)")


class Settings(FrozenModel):
    """Where, and as whom."""

    token: str
    """A token that may comment: a reference, `env:NAME` or `file:PATH`."""

    issue: Annotated[str, Field(pattern=ISSUE.pattern)] | None = None
    """An issue to comment on, as `owner/repo#1`. Left out: the pull requests of the session."""

    api_url: Annotated[str, Field(pattern=r"^https?://\S{1,2000}$")] = "https://api.github.com"
    """The REST API, for a GitHub of your own."""

    @field_validator("token")
    @classmethod
    def _is_reference(cls, given: str) -> str:
        if not is_reference(given):
            raise ValueError("must be a reference, env:NAME or file:PATH")
        return given


async def _tell(news: Notification, settings: Settings, outlet: SinkTransport) -> None:
    body = json.dumps({"body": _comment(news)}).encode()
    headers = {
        "authorization": f"Bearer {outlet.secret(settings.token)}",
        "accept": "application/vnd.github+json",
    }
    for owner, repo, number in _places(news, settings):
        url = f"{settings.api_url.rstrip('/')}/repos/{owner}/{repo}/issues/{number}/comments"
        await outlet.post(url, body, headers)


def _places(news: Notification, settings: Settings) -> list[tuple[str, str, str]]:
    """Find what to comment on; a session without a pull request has nothing to comment on."""
    if settings.issue is not None:
        match = ISSUE.fullmatch(settings.issue)
        return [(match[1], match[2], match[3])] if match else []
    found = (PULL_REQUEST.fullmatch(url) for url in news.pull_requests)
    return [(match[1], match[2], match[3]) for match in found if match]


def _comment(news: Notification) -> str:
    """Write the comment. Text from outside stands in a code span: it can neither link nor mention."""
    lines = [f"**{news.headline}**" + (" (told again)" if news.is_repeat else "")]
    if news.title:
        lines.append(f"`{' '.join(news.title.replace('`', chr(39)).split())}`")
    if news.session_url:
        lines.append(f"Session: {news.session_url}")
    if news.advice:
        lines.append(news.advice)
    return "\n\n".join(lines)


SINK = Sink("github", "A comment on GitHub.", Settings, _tell)
