"""How a session stands: still at work, or settled, and why.

Facts: the state tables of docs.devin.ai/v3-openapi.yaml. The usual way to be done is `running`
with detail `finished`, not `exit`; a quota hold is not a failure of the task.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...api.sessions import Session

OUTCOMES = (
    "finished",
    "waiting_for_user",
    "waiting_for_approval",
    "asleep",
    "quota",
    "failed",
    "ended",
    "still_running",
)
"""Every way a wait can end."""

ACTIVE = frozenset({"new", "claimed", "running", "resuming"})
"""States in which something more happens by itself."""

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

ASLEEP = {
    "inactivity": "It fell asleep: send a message to wake it.",
    "user_request": "Somebody put it to sleep: ask them before waking it with a message.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a session stands, in a word, with what there is to know and to do."""

    outcome: str
    advice: str = ""
    is_final: bool = False
    """Whether nothing at all can change it any more."""


def judge(session: Session) -> Verdict | None:
    """Return how a session has settled; `None` while more happens by itself.

    A status that nobody knows yet is a verdict too (`still_running`), so that no wait loops on it.
    """
    status, detail = session.status, session.status_detail
    if status == "running":
        return _judge_running(detail)
    if status == "suspended":
        return _judge_suspended(detail)
    if status == "exit":
        done = detail == "finished"
        return Verdict("finished" if done else "ended", "It has ended and cannot be resumed.", is_final=True)
    if status == "error":
        advice = "It ended with an error: look at it in the web app, then start another."
        return Verdict("failed", advice, is_final=True)
    if status in ACTIVE:
        return None
    return Verdict(
        "still_running", "Its status is one this version does not know; look at it in the web app."
    )


def _judge_running(detail: str | None) -> Verdict | None:
    if detail == "finished":
        return Verdict("finished")
    if detail == "waiting_for_user":
        return Verdict("waiting_for_user", "Answer it with devin_send_message.")
    if detail == "waiting_for_approval":
        return Verdict("waiting_for_approval", "Approve or refuse in the web app; the API has no way to.")
    return None


def _judge_suspended(detail: str | None) -> Verdict:
    if detail in QUOTA_DETAILS:
        return Verdict("quota", QUOTA_DETAILS[detail])
    if detail == "error":
        return Verdict("failed", "It stopped with an error; a message may wake it.")
    return Verdict("asleep", ASLEEP.get(detail or "", "It is asleep: a message may wake it."))
