"""Sessions begin."""

from __future__ import annotations

from typing import Any

from ...api.create_session import CreateSession
from ...api.session import MODES
from ..refusal import Refusal
from ..scenarios import begin, scenario_of
from ..session_filters import check_enum
from ..world import World

PLATFORMS = frozenset({"windows", "inherit"})
"""The platforms that every organisation has; this one has no outpost pools besides."""


def create_session(world: World, call: CreateSession) -> dict[str, Any]:
    """Start a session and its scenario."""
    check_enum(("body", "devin_mode"), [call.devin_mode], MODES)
    if call.platform is not None and call.platform.lower() not in PLATFORMS:
        raise Refusal(400, f"Unknown platform. Allowed: {', '.join(sorted(PLATFORMS))}")
    if call.max_acu_limit is not None and call.max_acu_limit < 1:
        error = {
            "loc": ["body", "max_acu_limit"],
            "msg": "Input should be greater than 0",
            "type": "value_error",
        }
        raise Refusal(422, "The request is not valid", [error])
    scenario = scenario_of(call.prompt, world.scenario)
    record = begin(world, call.prompt, scenario, world.now, call.model_dump(exclude={"session_secrets"}))
    return record.to_wire(world.now, full=False)
