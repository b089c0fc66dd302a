"""The people of the beginning are in every world, and each world keeps its own."""

from __future__ import annotations

from devin_tools import Simulator
from devin_tools.simulator import people
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID
from devin_tools.simulator.roles import assignments, groups_of, permissions_of

ADA, RADIA = people.MEMBERS[0]["user_id"], people.MEMBERS[-1]["user_id"]


def in_organization(world: object, org_id: str) -> list[str]:
    assert isinstance(world, people.World)
    return [m["name"] for m in people.MEMBERS if people.is_in(world, m["user_id"], org_id)]


def test_each_organisation_has_its_people() -> None:
    world = Simulator().world
    assert in_organization(world, ORG_ID) == ["Ada", "Grace", "Edsger", "Barbara"]
    assert in_organization(world, OTHER_ORG_ID) == ["Ada", "Barbara", "Alan"]
    assert len(people.users(world).all()) == len(people.MEMBERS) == 6


def test_who_is_removed_is_gone_from_everywhere_in_that_world_alone() -> None:
    world, other = Simulator().world, Simulator().world
    for user_id in (ADA, RADIA):
        people.remove(world, user_id)
        assert assignments(world, "User", user_id) == [] and groups_of(world, user_id) == []
        assert permissions_of(world, "User", user_id, None) == frozenset()
    assert in_organization(world, ORG_ID) == ["Grace", "Edsger", "Barbara"]
    assert in_organization(other, ORG_ID) == ["Ada", "Grace", "Edsger", "Barbara"]
    assert people.MEMBERS[0]["user_id"] == ADA


def test_a_user_is_one_of_the_scope_or_one_on_whose_behalf_a_session_runs() -> None:
    simulator = Simulator(sessions=3)
    world = simulator.world
    assert people.is_user(world, ADA) and not people.is_user(world, RADIA)
    with world.within(None):
        assert people.is_user(world, RADIA) and not people.is_user(world, "okta|nobody")
