"""What is done to a session by the enterprise's paths, its own organisation sees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.simulated_api import Api, simulated

from devin_tools import Client, Simulator
from devin_tools.api import (
    AppendEnterpriseSessionTags,
    GenerateEnterpriseInsights,
    GetSession,
    GetSessionInsights,
    GetSessionTags,
    ListEnterpriseInsights,
    ListEnterpriseMessages,
    ListEnterpriseSessions,
    ListSessionMessages,
    ReplaceEnterpriseSessionTags,
    SendEnterpriseMessage,
)
from devin_tools.errors import NotFound
from devin_tools.simulator.principals import OTHER_ORG_ID, Principal

ELSEWHERE = ListEnterpriseSessions(org_ids=[OTHER_ORG_ID])


@pytest.fixture
def simulator() -> Simulator:
    return simulated(sessions=3)


@pytest.fixture
def other(simulator: Simulator) -> Iterator[Client]:
    """Return a client of the other organisation."""
    with Client(**simulator.connection() | {"org_id": OTHER_ORG_ID}) as client:
        yield client


def test_a_message_wakes_a_session_of_another_organisation(
    simulator: Simulator, client: Client, other: Client
) -> None:
    simulator.clock.step(7200)
    asleep = client.run(ELSEWHERE).sessions[0]
    assert asleep.status == "suspended"
    sent = client.run(SendEnterpriseMessage(session_id=asleep.session_id, message="Go on."))
    assert sent.resumed and sent.org_id == OTHER_ORG_ID
    simulator.clock.step(90)
    on = {"session_id": asleep.session_id}
    now = other.run(GetSession(**on))
    assert (now.status, now.status_detail) == ("running", "finished") and now.pull_requests
    said = [message.message for message in client.run(ListEnterpriseMessages(**on)).messages]
    assert "Go on." in said
    assert said == [message.message for message in other.run(ListSessionMessages(**on)).messages]


def test_tags_and_insights_are_those_that_its_organisation_reads(
    simulator: Simulator, client: Client, other: Client
) -> None:
    session_id = client.run(ELSEWHERE).sessions[-1].session_id
    client.run(AppendEnterpriseSessionTags(session_id=session_id, tags=["audited"]))
    assert other.run(GetSessionTags(session_id=session_id)).tags == ["sample", "audited"]
    client.run(ReplaceEnterpriseSessionTags(session_id=session_id, tags=["a/b|c d"]))
    assert client.run(ListEnterpriseSessions(tags=["a/b|c d"])).sessions[0].session_id == session_id
    assert client.run(GenerateEnterpriseInsights(session_id=session_id)).status == "started"
    simulator.clock.step(120)
    assert other.run(GetSessionInsights(session_id=session_id)).analysis is not None
    listed = client.run(ListEnterpriseInsights(org_ids=[OTHER_ORG_ID])).insights
    assert [row.session_id for row in listed if row.analysis] == [session_id]


def test_the_organisation_in_the_query_is_a_hint_and_an_unknown_session_is_not_found(client: Client) -> None:
    session_id = client.run(ELSEWHERE).sessions[0].session_id
    assert client.run(GenerateEnterpriseInsights(session_id=session_id, org_id="org-elsewhere")).session_id
    with pytest.raises(NotFound):
        client.run(GenerateEnterpriseInsights(session_id="0" * 32))


def test_a_key_that_may_only_read_sessions_of_the_enterprise_sends_no_message() -> None:
    reader = Principal(org_id=None, permissions={"ViewAccountSessions"})
    simulator = simulated(sessions=1, keys={"cog_reader": reader})
    api = Api(simulator, "Bearer cog_reader")
    listed = api("GET", "/v3/enterprise/sessions")
    assert listed[0] == 200
    session = f"/v3/enterprise/sessions/devin-{listed[1]['items'][0]['session_id']}"
    assert api("GET", f"{session}/messages")[0] == 200
    assert api("POST", f"{session}/messages", {"message": "Hello."})[0] == 403
