"""The tags by which a server of alerts remembers, on the session, which of its outcomes it has sent.

They are the only thing the API keeps that says for certain how a session stood before it fell asleep.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from ...api.session import Session

CLAIMED_TAG, SENT_TAG = "devin-tools-telling:", "devin-tools-told:"
"""Prefixes of the tags that say of an outcome that a server began to send it, and that it was sent."""

SEEN, CONCLUDED = ("", "missing"), ("likely", "invalid")
"""What stands for a question in the tag that a session has finished: as it was seen to be, or as it was
concluded, which proves nothing later. With `invalid` it may be either."""


def pull_requests_of(session: Session) -> list[str]:
    """Return the URLs of the pull requests of a session."""
    return [each.pr_url for each in session.pull_requests or [] if each.pr_url]


def tag_of(outcome: str, links: Iterable[str], question: str = "") -> str:
    """Return 16 hex digits that stand for an outcome in a tag.

    The same outcome with another pull request, or another question, is another one.
    """
    text = json.dumps([outcome, sorted(links), question])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def was_told_finished(session: Session) -> bool:
    """Return whether the last outcome that a server sent is that the session had finished.

    With another pull request since, or another outcome sent since, it does not count: then it went on.
    """
    return last_told(session) in finish_tags(session, SEEN)


def was_told_otherwise(session: Session) -> bool:
    """Return whether the last outcome that a server sent is another one, such as a question."""
    return last_told(session) not in {None, *finish_tags(session)}


def last_told(session: Session) -> str | None:
    """Return the tag of the outcome that was sent last: the API appends tags."""
    return next((tag for tag in reversed(session.tags) if tag.startswith(SENT_TAG)), None)


def finish_tags(session: Session, kinds: Iterable[str] = (*SEEN, *CONCLUDED)) -> set[str]:
    """Return the tags that say that a session was told to have finished, with the pull requests it has."""
    links = pull_requests_of(session)
    return {SENT_TAG + tag_of("finished", links, kind) for kind in kinds}
