"""How a simulated session lives: its states over virtual time, what messages do to it, what it spends."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.simulated_api import simulated

from devin_tools import (
    ArchiveSession,
    Client,
    CreateSession,
    GetSession,
    ListSessionAttachments,
    ListSessionMessages,
    SendMessage,
    Session,
    Simulator,
    TerminateSession,
    UnarchiveSession,
)
from devin_tools.errors import BadRequest, Conflict
from devin_tools.simulator import world

START = [("new", None), ("claimed", None), ("running", "working")]
DONE = [("running", "finished"), ("suspended", "inactivity")]
PATHS = {
    "finishes": [*START, *DONE],
    "asks": [*START, ("running", "waiting_for_user"), ("suspended", "inactivity")],
    "approval": [*START, ("running", "waiting_for_approval"), ("running", "working"), *DONE],
    "sleeps": [*START, ("suspended", "inactivity")],
    "runs_out": [*START, ("suspended", "out_of_credits")],
    "fails": [*START, ("error", "error")],
    "delegates": [*START, *DONE],
    "merges": [*START, *DONE],
    "toils": START,
    "exits": [*START, ("exit", "finished")],
}
WOKEN = [("resuming", None), ("running", "working"), *DONE]
ENDED = ("exit", "error")


def begin(client: Client, scenario: str, **fields: Any) -> str:
    return client.run(CreateSession(prompt=f"Look. #simulate:{scenario}", **fields)).session_id


def see(client: Client, session_id: str) -> Session:
    return client.run(GetSession(session_id=session_id))


def say(client: Client, session_id: str) -> Any:
    return client.run(SendMessage(session_id=session_id, message="Go on."))


def watch(simulator: Simulator, client: Client, session_id: str) -> list[tuple[Any, Any]]:
    """Look again and again for over an hour, often at first; list the states that follow one another."""
    seen: list[tuple[Any, Any]] = []
    for seconds in [1.0] * 12 + [4.0] * 60 + [120.0] * 30:
        session = see(client, session_id)
        if (session.status, session.status_detail) not in seen[-1:]:
            seen.append((session.status, session.status_detail))
        simulator.clock.step(seconds)
    return seen


def wait_for(simulator: Simulator, client: Client, session_id: str, detail: str) -> Session:
    for looks in range(200):
        session = see(client, session_id)
        if session.status_detail == detail:
            return session
        simulator.clock.step(4 if looks < 60 else 60)
    raise AssertionError(f"never {detail}")


def test_every_scenario_has_a_path_here():
    assert PATHS.keys() == Simulator.SCENARIOS.keys()


@pytest.mark.parametrize("scenario", PATHS)
def test_a_scenario_walks_its_states_in_order(simulator, client, scenario):
    assert watch(simulator, client, begin(client, scenario)) == PATHS[scenario]


def test_a_prompt_without_a_mark_lives_the_default_scenario():
    simulator = simulated(scenario="fails")
    with Client(**simulator.connection()) as client:
        plain = client.run(CreateSession(prompt="Look.")).session_id
        marked = begin(client, "exits")
        simulator.clock.step(300)
        assert (see(client, plain).status, see(client, marked).status) == ("error", "exit")


def test_a_prompt_with_an_unknown_scenario_is_refused_and_creates_nothing(simulator, client):
    with pytest.raises(BadRequest, match="finishes, asks, approval"):
        begin(client, "explodes")
    assert not simulator.world.sessions


def test_an_unknown_default_scenario_is_refused():
    with pytest.raises(ValueError, match="finishes, asks"):
        simulated(scenario="explodes")


def test_work_leaves_messages_a_pull_request_and_a_file(simulator, client):
    session_id = begin(client, "finishes", repos=["https://github.com/acme/billing.git"])
    assert see(client, session_id).pull_requests == []
    done = wait_for(simulator, client, session_id, "finished")
    assert done.pull_requests[0].pr_url.startswith("https://github.com/acme/billing/pull/")
    messages = client.run(ListSessionMessages(session_id=session_id)).messages
    assert [message.source for message in messages] == ["user", "devin", "devin"]
    files = client.run(ListSessionAttachments(session_id=session_id)).attachments
    assert [file.source for file in files] == ["devin"]


@pytest.mark.parametrize("scenario", ["sleeps", "finishes", "asks"])
def test_a_message_wakes_a_sleeper(simulator, client, scenario):
    session_id = begin(client, scenario)
    wait_for(simulator, client, session_id, "inactivity")
    answer = say(client, session_id)
    assert (answer.status, answer.resumed) == ("resuming", True)
    assert watch(simulator, client, session_id) == WOKEN


@pytest.mark.parametrize(("scenario", "detail"), [("asks", "waiting_for_user"), ("finishes", "finished")])
def test_a_message_moves_a_session_that_waits_for_one(simulator, client, scenario, detail):
    session_id = begin(client, scenario)
    before = wait_for(simulator, client, session_id, detail)
    assert say(client, session_id).resumed is False
    assert watch(simulator, client, session_id) == [("running", "working"), *DONE]
    after = see(client, session_id)
    assert len(after.pull_requests) == len(before.pull_requests) + 1
    assert len({pull_request.pr_url for pull_request in after.pull_requests}) == len(after.pull_requests)


def test_a_message_is_no_approval(simulator, client):
    session_id = begin(client, "approval")
    wait_for(simulator, client, session_id, "waiting_for_approval")
    assert say(client, session_id).status == "running"
    assert see(client, session_id).status_detail == "waiting_for_approval"
    assert wait_for(simulator, client, session_id, "finished")


def test_a_message_does_not_wake_a_quota_hold(simulator, client):
    session_id = begin(client, "runs_out")
    wait_for(simulator, client, session_id, "out_of_credits")
    say(client, session_id)
    assert watch(simulator, client, session_id) == [("suspended", "out_of_credits")]


def test_a_message_does_not_wake_an_archived_session_until_it_is_unarchived(simulator, client):
    session_id = begin(client, "sleeps")
    wait_for(simulator, client, session_id, "inactivity")
    client.run(ArchiveSession(session_id=session_id))
    assert say(client, session_id).resumed is False
    assert watch(simulator, client, session_id) == [("suspended", "inactivity")]
    client.run(UnarchiveSession(session_id=session_id))
    assert say(client, session_id).resumed is True
    assert watch(simulator, client, session_id) == WOKEN


@pytest.mark.parametrize(("scenario", "status"), [("fails", "error"), ("exits", "exit")])
def test_an_ended_session_takes_no_message_and_no_second_end(simulator, client, scenario, status):
    session_id = begin(client, scenario)
    simulator.clock.step(300)
    with pytest.raises(Conflict):
        say(client, session_id)
    with pytest.raises(Conflict):
        client.run(TerminateSession(session_id=session_id))
    assert see(client, session_id).status == status


def test_a_session_is_terminated_once(simulator, client):
    session_id = begin(client, "finishes")
    simulator.clock.step(30)
    ended = client.run(TerminateSession(session_id=session_id, archive=True))
    assert (ended.status, ended.is_archived) == ("exit", True)
    with pytest.raises(Conflict):
        client.run(TerminateSession(session_id=session_id))
    assert watch(simulator, client, session_id) == [("exit", None)]
    assert see(client, session_id).pull_requests == []


def test_a_session_that_is_not_resumable_refuses_to_wake(simulator, client):
    session_id = begin(client, "asks", resumable=False)
    wait_for(simulator, client, session_id, "waiting_for_user")
    say(client, session_id)
    wait_for(simulator, client, session_id, "inactivity")
    with pytest.raises(Conflict):
        say(client, session_id)
    assert watch(simulator, client, session_id) == [("suspended", "inactivity")]


def test_a_session_older_than_thirty_days_refuses_to_wake(simulator, client):
    session_id = begin(client, "sleeps")
    simulator.clock.step(30 * 24 * 3600)
    assert say(client, session_id).resumed is True
    simulator.clock.step(24 * 3600)
    with pytest.raises(Conflict, match="30 days"):
        say(client, session_id)


@pytest.mark.parametrize("seconds", [0, 2, 20])
def test_archiving_sleeps_a_session_and_cancels_what_was_to_come(simulator, client, seconds):
    session_id = begin(client, "finishes")
    simulator.clock.step(seconds)
    archived = client.run(ArchiveSession(session_id=session_id))
    assert (archived.status, archived.is_archived) == ("suspended", True)
    spent = see(client, session_id).acus_consumed
    assert watch(simulator, client, session_id) == [("suspended", "user_request")]
    session = see(client, session_id)
    assert (session.acus_consumed, session.pull_requests) == (spent, [])
    assert len(client.run(ListSessionMessages(session_id=session_id)).messages) == 1


def test_acus_grow_while_a_session_works_and_at_no_other_time(simulator, client):
    session_id = begin(client, "approval")
    grew = {}
    session = see(client, session_id)
    for _ in range(300):
        simulator.clock.step(10)
        later = see(client, session_id)
        if (session.status, session.status_detail) == (later.status, later.status_detail):
            grew.setdefault(later.status_detail, set()).add(later.acus_consumed > session.acus_consumed)
        session = later
    assert grew == {
        "working": {True},
        "waiting_for_approval": {False},
        "finished": {False},
        "inactivity": {False},
    }


def test_a_session_stops_exactly_at_its_own_acu_limit(simulator, client):
    session_id = begin(client, "finishes", max_acu_limit=1)
    while (session := see(client, session_id)).status_detail != "usage_limit_exceeded":
        assert (session.acus_consumed or 0) <= 1
        assert simulator.clock.now() < (session.created_at or 0) + 3 * 3600
        if session.status_detail == "finished":
            say(client, session_id)
        simulator.clock.step(7)
    say(client, session_id)
    assert watch(simulator, client, session_id) == [("suspended", "usage_limit_exceeded")]
    assert see(client, session_id).acus_consumed == 1.0


ACTIONS = st.one_of(
    st.floats(0, 100),
    st.sampled_from([2_000.0, SendMessage, SendMessage, ArchiveSession, UnarchiveSession, TerminateSession]),
)
LEGAL = {state for path in PATHS.values() for state in path} | {
    ("resuming", None),
    ("suspended", "user_request"),
    ("suspended", "usage_limit_exceeded"),
    ("exit", None),
}


def refuses(call: Any, before: Session, resumable: bool) -> bool:
    if call is SendMessage:
        return before.status in ENDED or (before.status == "suspended" and not resumable)
    return call is TerminateSession and before.status in ENDED


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(PATHS)), st.booleans(), st.lists(ACTIONS, max_size=25))
def test_whatever_happens_a_session_stays_lawful(scenario, resumable, actions):
    simulator = simulated()
    with Client(**simulator.connection(), guards=()) as client, patch.object(world, "SECONDS_PER_ACU", 30.0):
        session_id = begin(client, scenario, max_acu_limit=2, resumable=resumable)
        before = see(client, session_id)
        for action in actions:
            perform(simulator, client, action, before, resumable)
            after = see(client, session_id)
            check(before, after, simulator.clock.now())
            before = after


def perform(simulator: Simulator, client: Client, action: Any, before: Session, resumable: bool) -> None:
    if isinstance(action, float):
        simulator.clock.step(action)
        return
    more = {"message": "Go on."} if action is SendMessage else {}
    call = action(session_id=before.session_id, **more)
    if refuses(action, before, resumable):
        with pytest.raises(Conflict):
            client.run(call)
    else:
        client.run(call)


def check(before: Session, after: Session, now: float) -> None:
    assert (after.status, after.status_detail) in LEGAL
    assert (before.acus_consumed or 0) <= (after.acus_consumed or 0) <= 2
    assert (before.updated_at or 0) <= (after.updated_at or 0) <= now
    if before.status in ENDED:
        assert (after.status, after.status_detail) == (before.status, before.status_detail)
    if after.is_archived:
        assert after.status in ("suspended", *ENDED)
