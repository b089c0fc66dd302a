"""What the audit log says of the calls that changed something."""

from __future__ import annotations

from typing import Any

from ..api.shared.fields import bare_id
from ..spec import Spec
from ..tool import Tool
from .world import World

ACTIONS = {
    "devin_create_organization": "create_org",
    "devin_update_organization": "update_org",
    "devin_delete_organization": "delete_org",
    "devin_replace_group_limits": "set_org_group_limits",
    "devin_invite_users": "add_enterprise_member",
    "devin_add_organization_user": "add_member",
    "devin_remove_enterprise_user": "delete_member",
    "devin_remove_organization_user": "delete_member",
    "devin_assign_service_user_role": "assign_service_user_role",
    "devin_update_service_user": "assign_service_user_role",
    "devin_add_organization_service_user": "assign_service_user_role",
    "devin_update_organization_service_user": "assign_service_user_role",
    "devin_remove_organization_service_user": "remove_service_user_role",
    "devin_create_enterprise_service_user": "create_service_user",
    "devin_remove_service_user": "delete_service_user",
    "devin_create_service_user_key": "create_service_user_api_key",
    "devin_revoke_service_user_key": "revoke_service_user_api_key",
    "devin_rotate_service_user_key": "rotate_service_user_api_key",
}
"""The vendor's words for what some tools do; that of any other is its name without `devin_`."""


def record(world: World, spec: Spec, call: Tool[Any], answer: Any = None) -> None:
    """Add a line for a call that took effect, unless it only read."""
    if spec.effect.kind == "read":
        return
    ids = {name: value for name, value in vars(call).items() if name.endswith("_id") and value is not None}
    action = ACTIONS.get(spec.name, spec.name.removeprefix("devin_").replace("enterprise_", ""))
    who = world.principal
    add_entry(world, action, ids, _place(world, ids, answer), service_user=(who.service_user_id, who.name))


def _place(world: World, ids: dict[str, Any], answer: Any) -> str | None:
    """Return the organisation in which a call took effect, `None` for the enterprise.

    One on a path of the enterprise is of the organisation of what it changed; `org_id` is only a hint where
    a session is named.
    """
    if world.scope is not None:
        return world.scope
    session = world.sessions.get(bare_id(str(ids.get("session_id", ""))))
    named = answer.get("org_id") if isinstance(answer, dict) else None
    place: str | None = session.org_id if session else named or ids.get("org_id")
    return place


def add_entry(
    world: World,
    action: str,
    data: dict[str, Any],
    org_id: str | None,
    *,
    user: tuple[str, str] | tuple[None, None] = (None, None),
    service_user: tuple[str, str] | tuple[None, None] = (None, None),
) -> None:
    """Add a line, of a user with an address or of a service user with a name."""
    world.audit_log.append(
        {
            "audit_log_id": f"audit-{len(world.audit_log) + 1:08d}",
            "action": action,
            "created_at": int(world.now),
            "data": data,
            "org_id": org_id,
            "user_id": user[0],
            "user_email": user[1],
            "service_user_id": service_user[0],
            "service_user_name": service_user[1],
        }
    )
