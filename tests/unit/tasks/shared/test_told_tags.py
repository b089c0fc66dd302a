"""The tags of outcomes that were sent: what they prove of a session that sleeps."""

from __future__ import annotations

from devin_tools.api import PullRequest, Session
from devin_tools.tasks.shared.told_tags import (
    CLAIMED_TAG,
    SENT_TAG,
    tag_of,
    was_told_finished,
    was_told_otherwise,
)

LINK = "https://github.com/acme/shop/pull/1"
FINISHED, ASKED = tag_of("finished", [LINK]), tag_of("waiting_for_user", [LINK], "evt-1")


def slept(*tags: str, link: str = LINK) -> Session:
    pull = PullRequest(pr_url=link, pr_state="open")
    return Session(session_id="abc", status="suspended", tags=["mine", *tags], pull_requests=[pull])


def test_the_tag_of_an_outcome_stays_what_servers_have_written() -> None:
    assert FINISHED == "9139729d14ea8e88"


def test_the_last_outcome_that_was_sent_counts() -> None:
    assert was_told_finished(slept(SENT_TAG + FINISHED))
    assert was_told_finished(slept(SENT_TAG + ASKED, SENT_TAG + FINISHED, "another"))
    assert not was_told_finished(slept(SENT_TAG + FINISHED, SENT_TAG + ASKED))


def test_another_outcome_than_that_it_had_finished_counts_against_it() -> None:
    assert was_told_otherwise(slept(SENT_TAG + ASKED))
    assert was_told_otherwise(slept(SENT_TAG + FINISHED, SENT_TAG + tag_of("asleep", [LINK])))
    assert not was_told_otherwise(slept(SENT_TAG + ASKED, SENT_TAG + tag_of("finished", [LINK], "likely")))
    assert not was_told_otherwise(slept("another"))


def test_a_pull_request_since_says_that_it_went_on() -> None:
    assert not was_told_finished(slept(SENT_TAG + FINISHED, link=f"{LINK}2"))


def test_what_was_not_sent_or_only_concluded_proves_nothing() -> None:
    assert not was_told_finished(slept())
    assert not was_told_finished(slept(CLAIMED_TAG + FINISHED))
    assert not was_told_finished(slept(SENT_TAG + tag_of("finished", [LINK], "likely")))
