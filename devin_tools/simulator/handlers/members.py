"""Members: the same few people in every world."""

from __future__ import annotations

from typing import Any

from ...api import members
from ..paging import page_of_rows
from ..people import MEMBERS
from ..refusal import Refusal
from ..world import World


def _plain(member: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in member.items() if name != "idp_role_assignments"}


def _page(world: World, call: Any, people: list[dict[str, Any]]) -> dict[str, Any]:
    found = (one for one in people if call.email in (None, one["email"]))
    return page_of_rows(world.cut_page, enumerate(found), call)


def list_members(world: World, call: members.ListMembers) -> dict[str, Any]:
    """List everybody."""
    return _page(world, call, [_plain(member) for member in MEMBERS])


def get_member(world: World, call: members.GetMember) -> dict[str, Any]:
    """Return one person."""
    for member in MEMBERS:
        if member["user_id"] == call.user_id:
            return _plain(member)
    raise Refusal(404, "User not found")


def list_idp_members(world: World, call: members.ListIdpMembers) -> dict[str, Any]:
    """List those who have a role through a group."""
    return _page(world, call, [dict(member) for member in MEMBERS if member["idp_role_assignments"]])
