"""How a session stands: still at work, or settled, and why.

Facts: the state tables of docs.devin.ai/v3-openapi.yaml. The usual way to be done is `running`
with detail `finished`, not `exit`; a quota hold is not a failure of the task.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...api.session import Session

OUTCOMES = (
    "finished", "waiting_for_user", "waiting_for_approval", "asleep", "quota", "failed", "ended",
    "still_running",
)  # fmt: skip
"""Every way a wait can end."""

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


def judge(session: Session) -> Verdict | None:
    """Return how a session has settled; `None` while more happens by itself.

    A status that nobody knows yet is a verdict too (`still_running`), so that no wait loops on it.
    """
    by_detail = BY_DETAIL.get((session.status or "", session.status_detail or ""))
    return by_detail or BY_STATUS.get(session.status or "", UNKNOWN)
