"""Insights of the simulated API: measures at once, an analysis some time after it was asked for."""

from __future__ import annotations

import pytest

from devin_tools import (
    CreateSession,
    GenerateSessionInsights,
    GetSessionInsights,
    ListSessionInsights,
    ListSessions,
)
from devin_tools.errors import BadRequest, NotFound


@pytest.fixture
def asking(simulator, client):
    """Return a session that has asked its user a question."""
    session = client.run(CreateSession(prompt="Fix the tests. #simulate:asks", tags=["mine"]))
    simulator.clock.step(60)
    return session.session_id


def test_insights_are_the_session_with_its_measures(client, asking):
    seen = client.run(GetSessionInsights(session_id=asking))
    assert (seen.session_id, seen.status_detail) == (asking, "waiting_for_user")
    assert (seen.num_user_messages, seen.num_devin_messages) == (1, 1)
    assert (seen.session_size, seen.analysis) == ("xs", None)


def test_a_session_grows_with_the_acus_it_spends(simulator, client):
    session = client.run(CreateSession(prompt="Look. #simulate:finishes"))
    record = simulator.world.sessions[session.session_id]
    sizes = []
    for acus in (0, 3, 9, 20, 60):
        record.acus = float(acus)
        sizes.append(client.run(GetSessionInsights(session_id=session.session_id)).session_size)
    assert sizes == ["xs", "s", "m", "l", "xl"]


def test_an_analysis_comes_a_while_after_it_was_asked_for_and_once(simulator, client, asking):
    assert client.run(GenerateSessionInsights(session_id=asking)).status == "started"
    assert client.run(GenerateSessionInsights(session_id=asking)).status == "already_exists"
    assert client.run(GetSessionInsights(session_id=asking)).analysis is None
    simulator.clock.step(60)
    assert client.run(GenerateSessionInsights(session_id=asking)).status == "already_exists"
    analysis = client.run(GetSessionInsights(session_id=asking)).analysis
    assert [entry.title for entry in analysis.timeline] == ["user", "devin"]
    assert analysis.issues[0].issue == analysis.timeline[1].description
    assert analysis.action_items[0].issue_id == analysis.issues[0].id
    assert analysis.suggested_prompt.original_prompt == "Fix the tests. #simulate:asks"
    assert analysis.classification.category == "bug_fixing"


def test_a_session_that_asked_nothing_has_no_issues(simulator, client):
    session = client.run(CreateSession(prompt="Fix it."))
    client.run(GenerateSessionInsights(session_id=session.session_id))
    simulator.clock.step(120)
    analysis = client.run(GetSessionInsights(session_id=session.session_id)).analysis
    assert (analysis.issues, analysis.suggested_prompt) == ([], None)


def test_insights_are_listed_as_sessions_are(simulator, client, asking):
    for n in range(4):
        client.run(CreateSession(prompt=f"Task {n}", tags=["mine"] if n % 2 else ["other"]))
    for filters in ({}, {"tags": ["mine"]}, {"tags": ["nobody"]}, {"origins": ["slack"]}):
        sessions = client.run(ListSessions(**filters)).sessions
        listed = client.run(ListSessionInsights(**filters)).insights
        assert [one.session_id for one in listed] == [one.session_id for one in sessions]
    pages = list(client.pages(ListSessionInsights(limit=2)))
    assert [len(page.insights) for page in pages] == [2, 2, 1]


def test_a_cursor_of_another_list_is_refused(client, asking):
    client.run(CreateSession(prompt="x"))
    cursor = client.run(ListSessions(limit=1)).end_cursor
    with pytest.raises(BadRequest, match="cursor"):
        client.run(ListSessionInsights(limit=1, after=cursor))


@pytest.mark.parametrize("tool", [GetSessionInsights, GenerateSessionInsights])
def test_a_session_that_is_not_there_has_no_insights(client, tool):
    with pytest.raises(NotFound):
        client.run(tool(session_id="0" * 32))
