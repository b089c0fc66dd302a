"""The blueprint of the enterprise, of which there is one at most."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import blueprints
from ...handler_faults import as_json
from ...refusal import Refusal
from ...response import Answer
from ...world import World
from ..blueprints import (
    BLUEPRINTS,
    SAMPLE,
    SAMPLE_FILE,
    add,
    add_file,
    find,
    removed,
    rewritten,
    shown,
)


def list_blueprints(world: World, call: blueprints.ListEnterpriseBlueprints) -> dict[str, Any]:
    """List the blueprint, if there is one."""
    return {"data": [shown(one) for one in world.store(BLUEPRINTS).all()]}


def create_blueprint(world: World, call: blueprints.CreateEnterpriseBlueprint) -> Answer:
    """Create the blueprint; refuse a second one.

    One that is still blank is filled instead, which is not documented: so an example can be called anew.
    """
    there = next(iter(world.store(BLUEPRINTS).all()), None)
    if there is None:
        there = add(world, f"blueprint-{world.new_id()}", "enterprise", None, call.contents, world.now)
    elif there["versions"] == [""]:
        rewritten(world, there, call.contents or "")
    else:
        raise Refusal(409, "A blueprint already exists for this enterprise")
    return Answer(201, as_json(shown(there)))


def update_blueprint(world: World, call: blueprints.UpdateEnterpriseBlueprint) -> dict[str, Any]:
    """Add a version of the YAML."""
    return rewritten(world, find(world, call.blueprint_id), call.contents)


def delete_blueprint(world: World, call: blueprints.DeleteEnterpriseBlueprint) -> Answer:
    """Delete the blueprint; another one may be made."""
    find(world, call.blueprint_id)
    return removed(world, call.blueprint_id)


def add_sample_blueprints(world: World, now: float) -> None:
    """Add the one that the tools' examples speak of, with a file."""
    contents = "initialize: curl -LsSf https://astral.sh/uv/install.sh | sh\n"
    add_file(add(world, SAMPLE, "enterprise", None, contents, now), SAMPLE_FILE, "ca.pem", 1_826, now)
