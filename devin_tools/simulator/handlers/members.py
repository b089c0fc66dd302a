"""Members: the same few people in every world."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...api import members
from ..paging import Row, page_of
from ..people import MEMBERS
from ..refusal import Refusal
from ..world import World


def _plain(member: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in member.items() if name != "idp_role_assignments"}


def _page(world: World, call: Any, people: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [person for person in people if call.email in (None, person["email"])]

    def rows_after(index: int | None) -> Iterable[Row]:
        start = 0 if index is None else index + 1
        return enumerate(rows[start:], start)

    return page_of(world, rows_after, call, total=len(rows))


def list_members(world: World, call: members.ListMembers) -> dict[str, Any]:
    """List everybody."""
    return _page(world, call, [_plain(member) for member in MEMBERS])


def get_member(world: World, call: members.GetMember) -> dict[str, Any]:
    """Show one person."""
    for member in MEMBERS:
        if member["user_id"] == call.user_id:
            return _plain(member)
    raise Refusal(404, "User not found")


def list_idp_members(world: World, call: members.ListIdpMembers) -> dict[str, Any]:
    """List those who have a role through a group."""
    return _page(world, call, [dict(member) for member in MEMBERS if member["idp_role_assignments"]])


HANDLERS = {
    members.ListMembers: list_members,
    members.GetMember: get_member,
    members.ListIdpMembers: list_idp_members,
}
