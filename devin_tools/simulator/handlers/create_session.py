"""Sessions begin."""

from __future__ import annotations

from typing import Any

from ...api.create_session import CreateSession
from ...api.session import MODES
from ..organization_rules import session_limit, session_tags
from ..outpost_queue import outpost_of, outposts_of, put_in_queue
from ..refusal import Refusal
from ..scenarios import begin, scenario_of
from ..session_filters import check_enum
from ..world import World

PLATFORMS = frozenset({"windows", "inherit"})
"""The platforms that every organisation has; those of its outposts come besides."""


def create_session(world: World, call: CreateSession) -> dict[str, Any]:
    """Start a session and its scenario."""
    check_enum(("body", "devin_mode"), [call.devin_mode], MODES)
    outpost_id = None
    if call.platform is not None and call.platform.lower() not in PLATFORMS:
        outpost_id = outpost_of(world, call.platform)
        if outpost_id is None:
            allowed = {*PLATFORMS, *(one["spec"]["platform"] for one in outposts_of(world).all())}
            raise Refusal(400, f"Unknown platform. Allowed: {', '.join(sorted(allowed))}")
    if call.max_acu_limit is not None and call.max_acu_limit < 1:
        error = {
            "loc": ["body", "max_acu_limit"],
            "msg": "Input should be greater than 0",
            "type": "value_error",
        }
        raise Refusal(422, "The request is not valid", [error])
    scenario = scenario_of(call.prompt, world.scenario)
    ruled = {
        "acu_ceiling": session_limit(world, call.max_acu_limit, call.create_as_user_id),
        "tags": session_tags(world, call.tags),
    }
    asked = call.model_dump(exclude={"session_secrets"}) | ruled
    record = begin(world, call.prompt, scenario, world.now, asked)
    if outpost_id is not None:
        put_in_queue(world, outpost_id, record)
    return record.to_wire(world.now, full=False)
