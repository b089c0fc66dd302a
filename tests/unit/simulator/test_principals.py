"""Keys stand for service users of an organisation or of the enterprise, and reach what those reach."""

from __future__ import annotations

from typing import Any

import pytest

from devin_tools import Client, GetSelf, ListOrganizations, ListSessions, Simulator
from devin_tools.api import CreateSession, GetSession
from devin_tools.errors import Forbidden, NotFound, Unauthenticated
from devin_tools.simulator.principals import (
    ENTERPRISE_KEY,
    ORG_ID,
    ORGANIZATION_KEY,
    OTHER_ORG_ID,
    Principal,
    Token,
)


def client(simulator: Simulator, key: str, **options: Any) -> Client:
    return Client(**simulator.connection() | {"api_key": key} | options)


def test_an_organisation_s_key_opens_no_path_of_the_enterprise(simulator: Simulator) -> None:
    ours = client(simulator, ORGANIZATION_KEY)
    assert ours.run(GetSelf()).org_id == ORG_ID
    with pytest.raises(Forbidden, match="of the enterprise"):
        ours.run(ListOrganizations())
    with pytest.raises(Forbidden):
        client(simulator, ORGANIZATION_KEY, org_id=OTHER_ORG_ID).run(ListSessions())


def test_an_enterprise_s_key_is_active_in_each_organisation(simulator: Simulator) -> None:
    over_all = client(simulator, ENTERPRISE_KEY)
    assert over_all.run(GetSelf()).org_id is None
    assert [one.org_id for one in over_all.run(ListOrganizations()).organizations] == [ORG_ID, OTHER_ORG_ID]
    there = client(simulator, ENTERPRISE_KEY, org_id=OTHER_ORG_ID)
    made = there.run(CreateSession(prompt="x"))
    assert (made.org_id, made.service_user_id) == (OTHER_ORG_ID, "service-user-enterprise")
    assert len(there.run(ListSessions()).sessions) == 1 and not over_all.run(ListSessions()).sessions
    with pytest.raises(NotFound):
        over_all.run(GetSession(session_id=made.session_id))
    with pytest.raises(Forbidden):
        client(simulator, ENTERPRISE_KEY, org_id="org-nowhere").run(ListSessions())


def test_principals_may_do_what_they_were_given() -> None:
    keys = {
        "cog_looks": Principal("service-user-1", "Looks", permissions=frozenset({"ViewOrgSessions"})),
        "cog_sets": {"ViewOrgSessions", "ManageOrganizations"},
    }
    simulator = Simulator(keys=keys)
    looks = client(simulator, "cog_looks")
    assert looks.run(ListSessions()).sessions == []
    with pytest.raises(Forbidden, match=r"org\.devins\.use"):
        looks.run(CreateSession(prompt="x"))
    assert len(client(simulator, "cog_sets").run(ListOrganizations()).organizations) == 2
    with pytest.raises(Unauthenticated):
        client(simulator, "cog_other").run(ListSessions())


def test_a_key_made_here_works_until_it_is_revoked_or_expires(simulator: Simulator) -> None:
    may, now = {"ViewOrgSessions"}, simulator.clock.now()
    user = Principal("service-user-2", "CI", permissions=may)
    token = Token("key-1", "first", "service-user-2", now, lambda _: user, expires_at=now + 60)
    simulator.world.tokens["cog_made"] = token
    made = client(simulator, "cog_made")
    assert made.run(ListSessions()) and made.run(GetSelf()).service_user_name == "CI"
    may.clear()
    with pytest.raises(Forbidden):
        made.run(ListSessions())
    may.add("ViewOrgSessions")
    simulator.clock.step(60)
    with pytest.raises(Unauthenticated):
        made.run(ListSessions())
    token.expires_at, token.revoked_at = None, now
    with pytest.raises(Unauthenticated):
        made.run(ListSessions())
