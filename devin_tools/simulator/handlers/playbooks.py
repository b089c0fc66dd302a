"""Playbooks: they are created, replaced and deleted."""

from __future__ import annotations

from typing import Any

from ...api import playbooks
from ...declarations import describe
from ..store import check_required
from ..world import INHERITED_PLAYBOOK, SERVICE_USER_ID, World

PLAYBOOKS = "Playbook"
FIELDS = ("title", "body", "macro", "structured_output_schema")


def list_playbooks(world: World, call: playbooks.ListPlaybooks) -> dict[str, Any]:
    """List the playbooks."""
    return world.store(PLAYBOOKS).page(world.cut_page, call)


def get_playbook(world: World, call: playbooks.GetPlaybook) -> dict[str, Any]:
    """Return a playbook."""
    return world.store(PLAYBOOKS).find(call.playbook_id)


def create_playbook(world: World, call: playbooks.CreatePlaybook) -> dict[str, Any]:
    """Create a playbook."""
    return _add(world, f"playbook-{world.new_id()}", call, world.now)


def _add(world: World, playbook_id: str, call: playbooks.CreatePlaybook, now: float) -> dict[str, Any]:
    playbook = {
        "playbook_id": playbook_id,
        "access_type": "org",
        "org_id": world.org_id,
        "created_by": SERVICE_USER_ID,
        "created_at": int(now),
    }
    return world.store(PLAYBOOKS).add(playbook_id, playbook | dict.fromkeys(FIELDS) | _fields(call, now))


def update_playbook(world: World, call: playbooks.UpdatePlaybook) -> dict[str, Any]:
    """Replace a playbook. What may be left out stays as it was: the vendor's acceptance tests hold it so."""
    playbook = world.store(PLAYBOOKS).find_own(call.playbook_id)
    check_required(call, "title", "body")
    playbook |= _fields(call, world.now)
    return playbook


def _fields(call: playbooks.CreatePlaybook | playbooks.UpdatePlaybook, now: float) -> dict[str, Any]:
    said = {name: getattr(call, name) for name in FIELDS if name in call.model_fields_set}
    return said | {"updated_by": SERVICE_USER_ID, "updated_at": int(now)}


def delete_playbook(world: World, call: playbooks.DeletePlaybook) -> dict[str, Any]:
    """Delete a playbook; return what it was."""
    return world.store(PLAYBOOKS).remove(call.playbook_id)


def add_sample_playbooks(world: World, now: float) -> None:
    """Add the playbook that the tools' examples speak of, and one inherited from the enterprise."""
    playbook = playbooks.CreatePlaybook(
        title="Upgrade a dependency",
        body="1. Read the changelog.\n2. Raise the version.\n3. Run the tests.",
        macro="!upgrade",
    )
    _add(world, describe(playbooks.GetPlaybook).examples[0]["playbook_id"], playbook, now)
    inherited = playbooks.CreatePlaybook(
        title="Answer an incident",
        body="Write down what you see.",
        structured_output_schema={"type": "object", "properties": {"cause": {"type": "string"}}},
    )
    _add(world, INHERITED_PLAYBOOK, inherited, now).update(access_type="enterprise", org_id=None)
