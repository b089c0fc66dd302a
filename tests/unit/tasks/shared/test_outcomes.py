"""How a session stands, for every state that is documented and for those that are not."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.laws import for_every

from devin_tools.api import GetSession, Session
from devin_tools.declarations import describe
from devin_tools.tasks.shared.outcomes import OUTCOMES, QUOTA_DETAILS, Verdict, judge

STATES: list[tuple[str | None, str | None, str | None]] = [
    ("running", "working", None),
    ("running", None, None),
    ("running", "waiting_for_user", "waiting_for_user"),
    ("running", "waiting_for_approval", "waiting_for_approval"),
    ("running", "finished", "finished"),
    ("suspended", "inactivity", "asleep"),
    ("suspended", "user_request", "asleep"),
    ("suspended", None, "asleep"),
    ("suspended", "usage_limit_exceeded", "quota"),
    ("suspended", "out_of_credits", "quota"),
    ("suspended", "out_of_quota", "quota"),
    ("suspended", "no_quota_allocation", "quota"),
    ("suspended", "payment_declined", "quota"),
    ("suspended", "org_usage_limit_exceeded", "quota"),
    ("suspended", "user_usage_limit_exceeded", "quota"),
    ("suspended", "total_session_limit_exceeded", "quota"),
    ("suspended", "contract_expired", "quota"),
    ("suspended", "error", "failed"),
    ("new", None, None),
    ("claimed", None, None),
    ("resuming", None, None),
    ("exit", None, "ended"),
    ("exit", "finished", "finished"),
    ("error", None, "failed"),
    ("error", "error", "failed"),
    # Words that nobody knows yet.
    ("running", "a_word_of_tomorrow", None),
    ("suspended", "a_word_of_tomorrow", "asleep"),
    ("exit", "a_word_of_tomorrow", "ended"),
    ("error", "a_word_of_tomorrow", "failed"),
    ("new", "a_word_of_tomorrow", None),
    ("a_word_of_tomorrow", None, "still_running"),
    ("a_word_of_tomorrow", "finished", "still_running"),
    ("", "", "still_running"),
    (None, None, "still_running"),
]  # fmt: skip


def verdict_of(status: str | None, detail: str | None) -> Verdict | None:
    return judge(Session(session_id="abc", status=status, status_detail=detail))


@for_every("status, detail, outcome", lambda: STATES)
def test_every_state_has_its_outcome(status: Any, detail: Any, outcome: str | None) -> None:
    verdict = verdict_of(status, detail)
    assert (verdict and verdict.outcome) == outcome


def test_every_documented_state_is_in_the_table() -> None:
    fields = describe(GetSession).output_schema["properties"]
    assert set(words(fields["status"])) <= {status for status, _, _ in STATES}
    assert set(words(fields["status_detail"])) <= {detail for _, detail, _ in STATES}


def words(field: Any) -> list[str]:
    return next(part["examples"] for part in [field, *field.get("anyOf", [])] if "examples" in part)


@for_every("status, detail", lambda: [(s, d) for s, d, _ in STATES])
def test_only_an_ended_session_is_final(status: Any, detail: Any) -> None:
    verdict = verdict_of(status, detail)
    assert (verdict is not None and verdict.is_final) == (status in ("exit", "error"))


@for_every("status, detail", lambda: [(s, d) for s, d, o in STATES if o not in (None, "finished")])
def test_whoever_must_do_something_is_told_what(status: Any, detail: Any) -> None:
    verdict = verdict_of(status, detail)
    assert verdict is not None and verdict.advice.endswith(".") and len(verdict.advice) < 120


def test_every_quota_hold_has_advice_of_its_own() -> None:
    advice = [verdict.advice for d in QUOTA_DETAILS if (verdict := verdict_of("suspended", d))]
    assert len(set(advice)) == len(QUOTA_DETAILS) == 9


def test_a_person_who_put_it_to_sleep_is_asked_before_it_is_woken() -> None:
    verdict = verdict_of("suspended", "user_request")
    assert verdict is not None and "ask them" in verdict.advice


@given(status=st.none() | st.text(max_size=20), detail=st.none() | st.text(max_size=20))
def test_no_words_break_the_judgement(status: str | None, detail: str | None) -> None:
    verdict = verdict_of(status, detail)
    assert verdict is None or verdict.outcome in OUTCOMES


def test_a_detail_alone_never_settles_a_session_that_starts() -> None:
    details = [detail for _, detail, _ in STATES]
    assert all(verdict_of(*state) is None for state in product(("new", "claimed", "resuming"), details))
