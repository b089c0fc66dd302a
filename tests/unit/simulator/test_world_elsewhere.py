"""Sessions of the other organisation: there from the beginning, and felt by nobody who does not ask."""

from __future__ import annotations

import pytest
from support.simulated_api import simulated

from devin_tools import (
    Client,
    CreateSession,
    GetEnterpriseSession,
    GetSession,
    ListEnterpriseSessions,
    ListSessions,
    Simulator,
)
from devin_tools.errors import NotFound
from devin_tools.simulator import principals
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID


@pytest.fixture
def simulator() -> Simulator:
    return simulated(sessions=4)


def ids(client: Client, call: ListSessions) -> list[str]:
    return [session.session_id for session in client.items(call)]


def test_the_enterprise_lists_the_sessions_of_all_newest_first_page_by_page(client: Client) -> None:
    listed = list(client.items(ListEnterpriseSessions(limit=2)))
    assert [session.created_at for session in listed] == sorted(
        (session.created_at for session in listed), key=lambda at: -(at or 0)
    )
    assert {session.org_id for session in listed} == {ORG_ID, OTHER_ORG_ID}
    assert [session.session_id for session in listed] == ids(client, ListEnterpriseSessions())
    assert len(listed) == 7


def test_they_have_lived_until_they_are_first_asked_for(simulator: Simulator, client: Client) -> None:
    simulator.clock.step(60)
    elsewhere = client.run(ListEnterpriseSessions(org_ids=[OTHER_ORG_ID])).sessions
    states = [(session.status, session.status_detail) for session in elsewhere]
    assert states == [("suspended", "inactivity"), ("running", "waiting_for_user"), ("running", "finished")]
    assert elsewhere[-1].created_at is not None
    assert elsewhere[-1].created_at < client.run(ListSessions()).sessions[0].created_at  # type: ignore[operator]


def test_an_organisation_does_not_see_those_of_another(client: Client) -> None:
    own = ids(client, ListSessions())
    elsewhere = ids(client, ListEnterpriseSessions(org_ids=[OTHER_ORG_ID]))
    assert not set(own) & set(elsewhere) and ids(client, ListSessions()) == own
    assert ids(client, ListSessions(session_ids=elsewhere)) == []
    with pytest.raises(NotFound):
        client.run(GetSession(session_id=elsewhere[0]))
    assert client.run(GetEnterpriseSession(session_id=elsewhere[0])).org_id == OTHER_ORG_ID
    assert ids(client, ListEnterpriseSessions(session_ids=elsewhere[:2])) == elsewhere[:2]


def test_each_organisation_has_ids_and_numbers_of_its_own(simulator: Simulator, client: Client) -> None:
    with Client(**simulated(sessions=4).connection()) as undisturbed:
        expected = undisturbed.run(CreateSession(prompt="Look."))
    client.run(ListEnterpriseSessions())
    with Client(**simulator.connection() | {"org_id": OTHER_ORG_ID}) as other:
        there = other.run(CreateSession(prompt="Look."))
        assert ids(other, ListSessions())[0] == there.session_id and len(ids(other, ListSessions())) == 4
    assert client.run(CreateSession(prompt="Look.")).session_id == expected.session_id
    assert ids(client, ListEnterpriseSessions())[:2] == [expected.session_id, there.session_id]


def test_a_session_spawned_elsewhere_stays_there(simulator: Simulator, client: Client) -> None:
    with Client(**simulator.connection() | {"org_id": OTHER_ORG_ID}) as other:
        parent = other.run(CreateSession(prompt="Move it. #simulate:delegates"))
        simulator.clock.step(30)
        assert len(other.run(ListSessions(parent_session_id=parent.session_id)).sessions) == 2
    assert len(ids(client, ListSessions())) == 4


def test_the_key_of_an_organisation_opens_none_of_it(simulator: Simulator) -> None:
    key = {"api_key": principals.ORGANIZATION_KEY}
    with (
        Client(**simulator.connection() | key) as client,
        pytest.raises(Exception, match="of the enterprise"),
    ):
        client.run(ListEnterpriseSessions())


def test_a_world_without_samples_has_none_elsewhere() -> None:
    with Client(**simulated().connection()) as client:
        assert ids(client, ListEnterpriseSessions()) == []
