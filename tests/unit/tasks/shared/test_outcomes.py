"""How a session stands, for every state that is documented and for those that are not."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.laws import for_every

from devin_tools.api import GetSession, Message, Session
from devin_tools.declarations import describe
from devin_tools.tasks.shared.outcomes import OUTCOMES, QUOTA_DETAILS, Verdict, in_words, judge
from devin_tools.tasks.shared.told_tags import SENT_TAG, tag_of

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


OPEN = {"pr_url": "https://github.com/acme/shop/pull/1", "pr_state": "open"}
MERGED, DRAFT, CLOSED = (OPEN | {"pr_state": state} for state in ("merged", "draft", "closed"))
UNKNOWN_STATE = {"pr_url": OPEN["pr_url"]}
SLEPT, STOPPED = ("suspended", "inactivity"), ("suspended", "user_request")
OUTPUT: dict[str, Any] = {"structured_output": {"cause": "x"}}
TOLD = {"pull_requests": [OPEN], "tags": [SENT_TAG + tag_of("finished", [OPEN["pr_url"]])]}
ASKED = {"pull_requests": [OPEN], "tags": [SENT_TAG + tag_of("waiting_for_user", [OPEN["pr_url"]], "evt-1")]}
NO_TEXT: list[tuple[str, str]] = []
DONE, ASKS, AT_IT = [("devin", "All done.")], [("devin", "Which one?")], [("devin", "Testing it.")]
ANSWERED = [("devin", "All done."), ("user", "Now the tests, please.")]

SLEEPERS: list[tuple[tuple[str, str | None], dict[str, Any], list[tuple[str, str]], str, str]] = [
    # By what a row of a list shows.
    (SLEPT, {}, NO_TEXT, "asleep", "likely"),
    (SLEPT, {"pull_requests": [OPEN]}, NO_TEXT, "finished", "likely"),
    (SLEPT, {"pull_requests": [MERGED]}, NO_TEXT, "finished", "likely"),
    (SLEPT, {"pull_requests": [UNKNOWN_STATE]}, NO_TEXT, "finished", "likely"),
    (SLEPT, {"pull_requests": [DRAFT]}, NO_TEXT, "asleep", "likely"),
    (SLEPT, {"pull_requests": [OPEN, DRAFT]}, NO_TEXT, "asleep", "likely"),
    (SLEPT, OUTPUT, NO_TEXT, "finished", "likely"),
    (SLEPT, TOLD, NO_TEXT, "finished", "sure"),
    (SLEPT, ASKED, NO_TEXT, "asleep", "likely"),
    (("suspended", None), {"pull_requests": [OPEN]}, NO_TEXT, "finished", "likely"),
    (("suspended", "finished"), {}, NO_TEXT, "finished", "sure"),
    # Somebody stopped it: a pull request alone may be half of the work.
    (STOPPED, {"pull_requests": [OPEN]}, NO_TEXT, "asleep", "likely"),
    (STOPPED, {"pull_requests": [OPEN], "is_archived": True}, NO_TEXT, "finished", "likely"),
    (STOPPED, {"pull_requests": [MERGED, CLOSED]}, NO_TEXT, "finished", "likely"),
    (STOPPED, OUTPUT, NO_TEXT, "finished", "likely"),
    (STOPPED, TOLD, NO_TEXT, "finished", "sure"),
    # By the messages, where somebody has read them.
    (SLEPT, {}, DONE, "finished", "likely"),
    (SLEPT, ASKED, DONE, "finished", "likely"),
    (SLEPT, {}, AT_IT, "asleep", "likely"),
    (SLEPT, {}, ASKS, "asleep", "likely"),
    (SLEPT, {"pull_requests": [OPEN]}, ASKS, "asleep", "likely"),
    (SLEPT, {"pull_requests": [OPEN]}, AT_IT, "finished", "likely"),
    (SLEPT, {"pull_requests": [MERGED]}, ASKS, "finished", "likely"),
    (SLEPT, {"pull_requests": [OPEN]}, ANSWERED, "asleep", "likely"),
    (SLEPT, OUTPUT, ASKS, "asleep", "likely"),
    (SLEPT, TOLD, ASKS, "finished", "sure"),
    (STOPPED, {"pull_requests": [OPEN]}, DONE, "finished", "likely"),
    (STOPPED, {"pull_requests": [OPEN]}, AT_IT, "asleep", "likely"),
    (STOPPED, {"pull_requests": [OPEN], "is_archived": True}, AT_IT, "asleep", "likely"),
    (STOPPED, {"pull_requests": [OPEN], "is_archived": True}, DONE, "finished", "likely"),
    # What sleeps for another reason has that reason, whatever it made.
    (("suspended", "out_of_credits"), {"pull_requests": [MERGED]}, DONE, "quota", "sure"),
    (("suspended", "error"), {"pull_requests": [OPEN]}, DONE, "failed", "sure"),
    (("suspended", "a_word_of_tomorrow"), {"pull_requests": [OPEN]}, NO_TEXT, "asleep", "likely"),
    # Ended after it had finished.
    (("exit", None), {"pull_requests": [OPEN]}, NO_TEXT, "ended", "sure"),
    (("exit", None), {"pull_requests": [OPEN]}, DONE, "finished", "likely"),
    (("exit", None), OUTPUT, AT_IT, "ended", "sure"),
    (("exit", None), {"pull_requests": [MERGED]}, NO_TEXT, "finished", "likely"),
    (("exit", None), TOLD, NO_TEXT, "finished", "sure"),
    (("error", None), TOLD, NO_TEXT, "failed", "sure"),
]  # fmt: skip


def slept(state: tuple[str, str | None], left: dict[str, Any]) -> Session:
    values = {"session_id": "abc", "status": state[0], "status_detail": state[1]} | left
    return Session.model_validate(values)


@for_every("state, left, said, outcome, certainty", lambda: SLEEPERS)
def test_what_had_finished_before_it_fell_asleep_is_finished(
    state: Any, left: Any, said: Any, outcome: str, certainty: str
) -> None:
    messages = [Message(event_id="e", source=source, message=text) for source, text in said]
    verdict = judge(slept(state, left), messages=messages or None)
    assert verdict is not None and (verdict.outcome, verdict.certainty) == (outcome, certainty)
    assert verdict.is_final == (state[0] in ("exit", "error"))
    assert verdict.advice.endswith(".") or state == ("suspended", "finished")


@for_every("left", lambda: [{}, {"pull_requests": [OPEN]}, {"pull_requests": [MERGED]}])
def test_what_owes_its_structured_output_had_not_finished(left: dict[str, Any]) -> None:
    verdict = judge(slept(SLEPT, left), is_output_required=True)
    assert verdict and verdict.outcome == "asleep" and "structured output" in verdict.advice
    delivered = judge(slept(SLEPT, left | OUTPUT), is_output_required=True)
    assert delivered and delivered.outcome == "finished"


@for_every("state", lambda: [("running", "finished"), ("exit", "finished")])
def test_what_is_done_without_its_structured_output_says_so(state: tuple[str, str]) -> None:
    verdict = judge(slept(state, {}), is_output_required=True)
    assert verdict and verdict.outcome == "finished" and "no structured output" in verdict.advice
    delivered = judge(slept(state, OUTPUT), is_output_required=True)
    assert delivered and "structured output" not in delivered.advice


def test_a_likely_finish_is_shown_as_such() -> None:
    assert in_words("finished", "likely") == "finished (likely)"
    assert (in_words("finished", "sure"), in_words("asleep", "likely")) == ("finished", "asleep")
