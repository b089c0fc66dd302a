"""How a session stands: still at work, or settled, and why.

Facts: the state tables of docs.devin.ai/v3-openapi.yaml. The usual way to be done is `running`
with detail `finished`, not `exit`; a quota hold is not a failure of the task.

After half an hour the API puts a session to sleep that is done, and forgets that it was. So whoever looks
later reads it from what is left: our tags, pull requests, structured output, the last message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from ...api.messages import Message
from ...api.session import Session
from ...api.shared.fields import known
from .told_tags import was_told_finished, was_told_otherwise

OUTCOMES = (
    "finished", "waiting_for_user", "waiting_for_approval", "asleep", "quota", "failed", "ended",
    "still_running",
)  # fmt: skip
"""Every way a wait can end."""

Certainty = Annotated[str, known("sure", "likely")]

QUOTA_DETAILS = {
    "usage_limit_exceeded": "Its own ACU limit is spent: start another session with a higher max_acu_limit.",
    "out_of_credits": "The organisation has no credits left: an admin can buy more.",
    "out_of_quota": "The plan's quota is used up: wait for the next period, or upgrade.",
    "no_quota_allocation": "No quota is allotted to this user or organisation: ask an admin for some.",
    "payment_declined": "A payment was declined: an admin must mend the billing details.",
    "org_usage_limit_exceeded": "The organisation's usage limit is reached: an admin can raise it.",
    "user_usage_limit_exceeded": "The user's usage limit is reached: an admin can raise it.",
    "total_session_limit_exceeded": "Too many sessions at once: end some, or ask for a higher limit.",
    "contract_expired": "The contract has expired: an admin must renew it.",
}
"""Why a session is held for money or quota, and what a person can do about it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a session stands, in a word, with what there is to know and to do."""

    outcome: str
    advice: str = ""
    is_final: bool = False
    """Whether nothing at all can change it any more."""
    certainty: str = "sure"
    """`sure`: the API says so, or a tag of ours. `likely`: it is concluded from what the session left."""


OVER = "It has ended and cannot be resumed."
BY_DETAIL = {
    ("running", "finished"): Verdict("finished"),
    ("running", "waiting_for_user"): Verdict("waiting_for_user", "Answer it with devin_send_message."),
    ("running", "waiting_for_approval"): Verdict(
        "waiting_for_approval", "Approve or refuse in the web app; the API has no way to."
    ),
    ("suspended", "inactivity"): Verdict("asleep", "It fell asleep: send a message to wake it."),
    ("suspended", "user_request"): Verdict(
        "asleep", "Somebody put it to sleep: ask them before waking it with a message."
    ),
    ("suspended", "error"): Verdict("failed", "It stopped with an error; a message may wake it."),
    **{("suspended", detail): Verdict("quota", advice) for detail, advice in QUOTA_DETAILS.items()},
    ("suspended", "finished"): Verdict("finished"),
    ("exit", "finished"): Verdict("finished", OVER, is_final=True),
}
"""How a session has settled, by its status and detail."""

BY_STATUS = {
    **dict.fromkeys(("new", "claimed", "running", "resuming")),
    "suspended": Verdict("asleep", "It is asleep: a message may wake it."),
    "exit": Verdict("ended", OVER, is_final=True),
    "error": Verdict(
        "failed", "It ended with an error: look at it in the web app, then start another.", is_final=True
    ),
}
"""The same by its status, whatever the detail; `None` where something more happens by itself."""

UNKNOWN = Verdict("still_running", "Its status is one this version does not know; look at it in the web app.")


ASLEEP_OVER_QUESTION = "It fell asleep over a question: answer it with devin_send_message, which wakes it."
UNDELIVERED = "It delivered no structured output, though that was required: ask for it with a message."
OVER_UNDELIVERED = f"{OVER} It delivered no structured output, though that was required."

IDLE = frozenset({"inactivity", None, ""})
"""Details of a sleep that nobody asked for: the session was idle, so it was done or had asked something."""


def in_words(outcome: str, certainty: str) -> str:
    """Return an outcome as a person reads it: `finished (likely)` where that was concluded."""
    return f"{outcome} (likely)" if (outcome, certainty) == ("finished", "likely") else outcome


def is_open_to_doubt(verdict: Verdict) -> bool:
    """Return whether it pays to read the messages of the session: they can tell more than it does itself.

    Of one that was ended they seldom do, as a person ended it for a reason.
    """
    return verdict.certainty != "sure" and verdict.outcome in ("asleep", "finished") and not verdict.is_final


def judge(
    session: Session, *, is_output_required: bool = False, messages: Sequence[Message] | None = None
) -> Verdict | None:
    """Return how a session has settled; `None` while more happens by itself.

    A status that nobody knows yet is a verdict too (`still_running`), so that no wait loops on it.
    `messages` are those of the session where somebody has read them: they tell more of one that sleeps.
    """
    by_detail = BY_DETAIL.get((session.status or "", session.status_detail or ""))
    verdict = by_detail or BY_STATUS.get(session.status or "", UNKNOWN)
    if verdict is None:
        return None
    is_undelivered = is_output_required and session.structured_output is None
    if verdict.outcome == "asleep":
        return _asleep(session, verdict, is_undelivered, messages)
    if verdict.outcome == "ended":
        return _ended(session, verdict, messages)
    if verdict.outcome == "finished" and is_undelivered:
        return replace(verdict, advice=OVER_UNDELIVERED if verdict.is_final else UNDELIVERED)
    return verdict


def _asleep(
    session: Session, verdict: Verdict, is_undelivered: bool, messages: Sequence[Message] | None
) -> Verdict:
    """Return whether a session that sleeps had finished before: what it had not done keeps it asleep."""
    if was_told_finished(session):
        advice = UNDELIVERED if is_undelivered else "It had finished before it fell asleep, as its tags say."
        return Verdict("finished", advice)
    if is_undelivered:
        return replace(verdict, advice=f"It owes its structured output. {verdict.advice}")
    from .last_words import asks, says_done  # its patterns are compiled where a session sleeps alone

    last = messages[-1] if messages else None
    if last is not None and last.source != "devin":  # nobody has answered that
        return replace(verdict, certainty="likely")
    if _are_merged(session):
        return _likely("its pull requests are merged")
    if last is not None and asks(last.message):
        advice = ASLEEP_OVER_QUESTION if session.status_detail in IDLE else verdict.advice
        return replace(verdict, advice=advice, certainty="likely")
    if messages is None and was_told_otherwise(session):
        return replace(verdict, certainty="likely")
    if session.structured_output is not None:
        return _likely("it delivered its structured output")
    was_idle = session.status_detail in IDLE or (session.is_archived and messages is None)
    if was_idle and _has_delivered(session):
        return _likely("it left a pull request")
    if last is not None and says_done(last.message):
        return _likely("its last message says so")
    return replace(verdict, certainty="likely")


def _ended(session: Session, verdict: Verdict, messages: Sequence[Message] | None) -> Verdict:
    """Return whether a session that was ended had finished before: the API says the same of both."""
    if was_told_finished(session):
        return replace(verdict, outcome="finished")
    if _are_merged(session):
        return _likely("its pull requests are merged", verdict)
    from .last_words import says_done

    if messages and messages[-1].source == "devin" and says_done(messages[-1].message):
        return _likely("its last message says so", verdict)
    return verdict


def _likely(reason: str, ended: Verdict | None = None) -> Verdict:
    state = ended.advice if ended else "It sleeps."
    advice = f"{state} As it seems it had finished before: {reason}."
    return Verdict("finished", advice, is_final=ended is not None, certainty="likely")


def _are_merged(session: Session) -> bool:
    """Return whether people took all that it made; what was closed beside it does not count."""
    return _states(session) - {"closed"} == {"merged"}


def _has_delivered(session: Session) -> bool:
    """Return whether it opened pull requests, all of them ready."""
    return bool(session.pull_requests) and "draft" not in _states(session)


def _states(session: Session) -> set[str]:
    return {(item.pr_state or "").lower() for item in session.pull_requests}
