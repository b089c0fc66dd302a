"""Members: the people of the enterprise who have a role in the organisation, of their own or by a group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...api import members
from ..people import as_user, is_in, users
from ..refusal import Refusal
from ..roles import by_groups
from ..world import World


def list_members(world: World, call: members.ListMembers) -> dict[str, Any]:
    """List everybody."""
    return people_in(world, call, world.org_id)


def get_member(world: World, call: members.GetMember) -> dict[str, Any]:
    """Return one person."""
    if not is_in(world, call.user_id, world.org_id):
        raise Refusal(404, "User not found")
    return as_user(world, users(world).find(call.user_id), world.org_id)


def list_idp_members(world: World, call: members.ListIdpMembers) -> dict[str, Any]:
    """List those who have a role through a group."""
    return people_by_groups(world, call, world.org_id)


def people_in(world: World, call: Any, scope: str) -> dict[str, Any]:
    """Cut a page of the people of an organisation."""
    return page_of_people(
        world,
        call,
        lambda user: is_in(world, user["user_id"], scope),
        lambda user: as_user(world, user, scope),
    )


def people_by_groups(world: World, call: Any, *of: str | None) -> dict[str, Any]:
    """Cut a page of the people with roles by groups, everywhere or in the scopes `of`."""

    def by_group(user: dict[str, Any]) -> list[dict[str, Any]]:
        return by_groups(world, user["user_id"], *of)

    return page_of_people(
        world,
        call,
        lambda user: bool(by_group(user)),
        lambda user: {**as_user(world, user, *of), "idp_role_assignments": by_group(user)},
    )


def page_of_people(
    world: World,
    call: Any,
    test: Callable[[dict[str, Any]], bool],
    show: Callable[[dict[str, Any]], dict[str, Any]],
) -> dict[str, Any]:
    """Cut a page of the people who pass a test, and whose mail address is the one asked for."""
    page = users(world).page(
        world.cut_page, call, lambda user: call.email in (None, user["email"]) and test(user)
    )
    return {**page, "items": [show(user) for user in page["items"]]}
