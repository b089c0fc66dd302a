"""Playbooks: they are created, replaced and deleted."""

from __future__ import annotations

from typing import Any

from ...api import playbooks
from ...declarations import describe
from ..inheritance import Seen
from ..store import check_required
from ..world import INHERITED_PLAYBOOK, SERVICE_USER_ID, World

PLAYBOOKS = "Playbook"
FIELDS = ("title", "body", "macro", "structured_output_schema")


def list_playbooks(world: World, call: playbooks.ListPlaybooks) -> dict[str, Any]:
    """List the playbooks."""
    return Seen(world, PLAYBOOKS).page(call)


def get_playbook(world: World, call: playbooks.GetPlaybook) -> dict[str, Any]:
    """Return a playbook."""
    return Seen(world, PLAYBOOKS).find(call.playbook_id)


def create_playbook(world: World, call: playbooks.CreatePlaybook) -> dict[str, Any]:
    """Create a playbook."""
    return _add(world, f"playbook-{world.new_id()}", call, world.now, world.principal.service_user_id)


def _add(
    world: World, playbook_id: str, call: playbooks.CreatePlaybook, now: float, by: str = SERVICE_USER_ID
) -> dict[str, Any]:
    seen = Seen(world, PLAYBOOKS)
    playbook = {"playbook_id": playbook_id, **seen.whose, "created_by": by, "created_at": int(now)}
    return seen.add(playbook_id, playbook | dict.fromkeys(FIELDS) | _fields(call, now, by))


def update_playbook(world: World, call: playbooks.UpdatePlaybook) -> dict[str, Any]:
    """Replace a playbook. What may be left out stays as it was: the vendor's acceptance tests hold it so."""
    playbook = Seen(world, PLAYBOOKS).find_own(call.playbook_id)
    check_required(call, "title", "body")
    playbook |= _fields(call, world.now, world.principal.service_user_id)
    return playbook


def _fields(call: playbooks.CreatePlaybook | playbooks.UpdatePlaybook, now: float, by: str) -> dict[str, Any]:
    said = {name: getattr(call, name) for name in FIELDS if name in call.model_fields_set}
    return said | {"updated_by": by, "updated_at": int(now)}


def delete_playbook(world: World, call: playbooks.DeletePlaybook) -> dict[str, Any]:
    """Delete a playbook; return what it was."""
    return Seen(world, PLAYBOOKS).remove(call.playbook_id)


def add_sample_playbooks(world: World, now: float) -> None:
    """Add the playbook that the tools' examples speak of."""
    playbook = playbooks.CreatePlaybook(
        title="Upgrade a dependency",
        body="1. Read the changelog.\n2. Raise the version.\n3. Run the tests.",
        macro="!upgrade",
    )
    _add(world, describe(playbooks.GetPlaybook).examples[0]["playbook_id"], playbook, now)


def add_enterprise_playbooks(world: World, now: float) -> None:
    """Add the playbook that every organisation has from the enterprise."""
    playbook = playbooks.CreatePlaybook(
        title="Answer an incident",
        body="Write down what you see.",
        structured_output_schema={"type": "object", "properties": {"cause": {"type": "string"}}},
    )
    _add(world, INHERITED_PLAYBOOK, playbook, now)
