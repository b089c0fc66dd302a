"""Notifications: what became of a session, in words for people."""

from __future__ import annotations

from typing import Annotated, Any

from ..api.session import Session
from ..api.shared.fields import UNTRUSTED, bare_id
from ..moved import moved_name
from ..tasks.shared.outcomes import Certainty, Verdict
from ..tasks.shared.structured_output import OutputStatus
from ..tasks.shared.told_tags import CLAIMED_TAG as CLAIMED_TAG
from ..tasks.shared.told_tags import SENT_TAG as SENT_TAG
from ..tasks.shared.told_tags import pull_requests_of as pull_requests_of
from ..tasks.shared.told_tags import tag_of as tag_of
from .alert import clean
from .frozen_model import FrozenModel

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


FINISHED_HEADLINES = {
    "missing": "Devin is done, but has not delivered the structured output that was asked for",
    "invalid": "Devin is done, but its structured output does not fit the schema",
    "likely": "Devin seems to be done, and fell asleep after it",
}
"""The line of a session that has finished, where there is more to say, by what that is."""


class Notification(FrozenModel):
    """What became of a session."""

    id: str
    """The same for the same outcome of the same session, so that a receiver can drop what it knows."""

    outcome: str
    """How it stands, in a word: `finished`, `waiting_for_user`, `quota`, `failed` and so on."""

    headline: str
    """The same in a sentence."""

    certainty: Certainty = "sure"
    """How sure that is. `likely`: it sleeps, and from what it left it is concluded how it stood before."""

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

    structured_output_status: OutputStatus = "not_requested"
    """Whether its structured output fits the schema that the rule gives."""

    acus_consumed: float | None = None
    """What it spent so far."""

    is_repeat: bool = False
    """Whether it may have been sent before: a server was stopped while it sent it."""


def headline_of(outcome: str) -> str:
    """Return an outcome in a sentence."""
    return HEADLINES.get(outcome, f"The session stands at {clean(outcome, 60)}")


def kind_of_finish(verdict: Verdict, output_status: str) -> str:
    """Return what there is to say of a session that has finished besides that: `""` for nothing."""
    if verdict.outcome != "finished":
        return ""
    if output_status in FINISHED_HEADLINES:
        return output_status
    return verdict.certainty if verdict.certainty in FINISHED_HEADLINES else ""


def notification_of(
    session: Session,
    verdict: Verdict,
    rule: str,
    *,
    tag: str,
    is_repeat: bool = False,
    output_status: str = "not_requested",
) -> Notification:
    """Return the notification of a session's outcome, which `tag` stands for."""
    kind = kind_of_finish(verdict, output_status)
    session_id = bare_id(session.session_id)
    return Notification(
        id=f"{session_id}-{tag}",
        outcome=verdict.outcome,
        headline=FINISHED_HEADLINES.get(kind) or headline_of(verdict.outcome),
        certainty=verdict.certainty,
        advice=verdict.advice,
        rule=rule,
        session_id=session_id,
        session_url=session.url or "",
        title=clean(session.title or "", 300),
        pull_requests=pull_requests_of(session),
        structured_output_status=output_status,
        acus_consumed=session.acus_consumed,
        is_repeat=is_repeat,
    )


def __getattr__(name: str) -> Any:
    return moved_name(__name__, name)
