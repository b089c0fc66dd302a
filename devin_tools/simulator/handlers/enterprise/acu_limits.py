"""The limits of billing cycles: sessions are held to them when they are created."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import acu_limits as api
from ...organization_rules import acu_limits
from ...refusal import Refusal
from ...response import Answer
from ...world import World


def list_acu_limits(world: World, call: api.ListAcuLimits) -> dict[str, Any]:
    """List the limits: that of the enterprise, then those of organisations."""
    page: dict[str, Any] = acu_limits(world).page(world.cut_page, call)
    return page


def set_organization_acu_limit(world: World, call: api.SetOrganizationAcuLimit) -> Answer:
    """Set the limit of an organisation; the answer has no body."""
    world.organizations.find(call.org_id)
    limit = {
        "cycle_acu_limit": call.cycle_acu_limit,
        "scope": "org",
        "org_id": call.org_id,
        "user_id": None,
    }
    limits = acu_limits(world)
    if limits.has(call.org_id):
        limits.find(call.org_id).update(limit)
    else:
        limits.add(call.org_id, limit)
    return Answer(204)


def remove_organization_acu_limit(world: World, call: api.RemoveOrganizationAcuLimit) -> Answer:
    """Remove the limit of an organisation; the answer has no body."""
    world.organizations.find(call.org_id)
    if not acu_limits(world).has(call.org_id):
        raise Refusal(404, "ACU limit not found")
    acu_limits(world).remove(call.org_id)
    return Answer(204)
