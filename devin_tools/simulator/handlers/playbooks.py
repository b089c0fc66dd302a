"""Playbooks: they are made, changed and removed."""

from __future__ import annotations

from typing import Any

from ...api import playbooks
from ..store import ResourceStore, check_owned, check_required
from ..world import SERVICE_USER_ID, World


def _playbooks(world: World) -> ResourceStore:
    return world.store("Playbook")


def list_playbooks(world: World, call: playbooks.ListPlaybooks) -> dict[str, Any]:
    """List the playbooks."""
    return _playbooks(world).page(world, call)


def get_playbook(world: World, call: playbooks.GetPlaybook) -> dict[str, Any]:
    """Show a playbook."""
    return dict(_playbooks(world).find(call.playbook_id))


def create_playbook(world: World, call: playbooks.CreatePlaybook) -> dict[str, Any]:
    """Make a playbook."""
    return dict(_add(world, f"playbook-{world.new_id()}", call))


def _add(world: World, playbook_id: str, call: playbooks.CreatePlaybook) -> dict[str, Any]:
    playbook = {
        "playbook_id": playbook_id,
        "access_type": "org",
        "org_id": world.org_id,
        "created_by": SERVICE_USER_ID,
        "created_at": int(world.now),
    }
    return _playbooks(world).add(playbook_id, playbook | _fields(world, call))


def update_playbook(world: World, call: playbooks.UpdatePlaybook) -> dict[str, Any]:
    """Put what a request says in place of all that a playbook said."""
    playbook = _playbooks(world).find(call.playbook_id)
    check_owned(playbook)
    check_required(call, "title", "body")
    playbook |= _fields(world, call)
    return dict(playbook)


def _fields(world: World, call: playbooks.CreatePlaybook | playbooks.UpdatePlaybook) -> dict[str, Any]:
    return {
        "title": call.title,
        "body": call.body,
        "macro": call.macro,
        "structured_output_schema": call.structured_output_schema,
        "updated_by": SERVICE_USER_ID,
        "updated_at": int(world.now),
    }


def delete_playbook(world: World, call: playbooks.DeletePlaybook) -> dict[str, Any]:
    """Take a playbook away and show it a last time."""
    check_owned(_playbooks(world).find(call.playbook_id))
    return _playbooks(world).remove(call.playbook_id)


def add_sample_playbooks(world: World) -> None:
    """Add the playbook that the tools' examples speak of, and one inherited from the enterprise."""
    playbook = playbooks.CreatePlaybook(
        title="Upgrade a dependency",
        body="1. Read the changelog.\n2. Raise the version.\n3. Run the tests.",
        macro="!upgrade",
    )
    _add(world, playbooks.GetPlaybook.examples[0]["playbook_id"], playbook)
    inherited = playbooks.CreatePlaybook(title="Answer an incident", body="Write down what you see.")
    _add(world, f"playbook-{1:032x}", inherited).update(access_type="enterprise", org_id=None)


HANDLERS = {
    playbooks.ListPlaybooks: list_playbooks,
    playbooks.GetPlaybook: get_playbook,
    playbooks.CreatePlaybook: create_playbook,
    playbooks.UpdatePlaybook: update_playbook,
    playbooks.DeletePlaybook: delete_playbook,
}
