"""Notifications: what became of a session, in words for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from ..api.session import Session
from ..api.shared.fields import UNTRUSTED, bare_id
from ..moved import moved_name
from ..tasks.shared.outcomes import Verdict
from .alert import clean, digest
from .frozen_model import FrozenModel

CLAIMED_TAG, SENT_TAG = "devin-tools-telling:", "devin-tools-told:"
"""Prefixes of the tags that say of an outcome that a server began to send it, and that it was sent."""

HEADLINES = {
    "finished": "Devin is done",
    "waiting_for_user": "Devin waits for an answer",
    "waiting_for_approval": "Devin waits for an approval",
    "asleep": "Devin fell asleep over it",
    "quota": "Devin is held by a quota; the task itself has not failed",
    "failed": "Devin failed",
    "ended": "The session was ended",
    "not_found": "The session is not there any more",
    "storm": "More alerts than the rule allows: no further session is started",
    "not_started": "No session could be started",
    "lost": "An alert was lost: nothing came of it in the time that its rule gives it",
    "not_closed": "An alert is over, and its session could not be told",
}
"""A line for each outcome: a quota, a session that waits for somebody, and a failure are not the same."""


class Notification(FrozenModel):
    """What became of a session."""

    id: str
    """The same for the same outcome of the same session, so that a receiver can drop what it knows."""

    outcome: str
    """How it stands, in a word: `finished`, `waiting_for_user`, `quota`, `failed` and so on."""

    headline: str
    """The same in a sentence."""

    advice: str = ""
    """What a person can do now."""

    rule: str = ""
    """The rule that started it."""

    session_id: str = ""
    session_url: str = ""

    title: Annotated[str, UNTRUSTED] = ""
    """Its title, which can hold text from outside."""

    pull_requests: list[str] = []
    """The URLs of its pull requests."""

    acus_consumed: float | None = None
    """What it spent so far."""

    is_repeat: bool = False
    """Whether it may have been sent before: a server was stopped while it sent it."""


def headline_of(outcome: str) -> str:
    """Return an outcome in a sentence."""
    return HEADLINES.get(outcome, f"The session stands at {clean(outcome, 60)}")


def pull_requests_of(session: Session) -> list[str]:
    """Return the URLs of the pull requests of a session."""
    return [each.pr_url for each in session.pull_requests or [] if each.pr_url]


def tag_of(outcome: str, links: Iterable[str], question: str = "") -> str:
    """Return 16 hex digits that stand for an outcome in a tag.

    The same outcome with another pull request, or another question, is another one.
    """
    return digest(outcome, sorted(links), question)[:16]


def notification_of(
    session: Session, verdict: Verdict, rule: str, *, tag: str, is_repeat: bool = False
) -> Notification:
    """Return the notification of a session's outcome, which `tag` stands for."""
    session_id = bare_id(session.session_id)
    return Notification(
        id=f"{session_id}-{tag}",
        outcome=verdict.outcome,
        headline=headline_of(verdict.outcome),
        advice=verdict.advice,
        rule=rule,
        session_id=session_id,
        session_url=session.url or "",
        title=clean(session.title or "", 300),
        pull_requests=pull_requests_of(session),
        acus_consumed=session.acus_consumed,
        is_repeat=is_repeat,
    )


def __getattr__(name: str) -> Any:
    return moved_name(__name__, name)
