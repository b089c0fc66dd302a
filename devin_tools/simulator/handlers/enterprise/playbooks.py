"""Playbooks of the enterprise; those of its organisations are reached by their own paths alone."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import playbooks
from ...world import World
from .. import playbooks as of_organizations


def list_playbooks(world: World, call: playbooks.ListEnterprisePlaybooks) -> dict[str, Any]:
    """List the playbooks."""
    return of_organizations.list_playbooks(world, call)


def get_playbook(world: World, call: playbooks.GetEnterprisePlaybook) -> dict[str, Any]:
    """Return a playbook."""
    return of_organizations.get_playbook(world, call)


def create_playbook(world: World, call: playbooks.CreateEnterprisePlaybook) -> dict[str, Any]:
    """Create a playbook of the enterprise."""
    return of_organizations.create_playbook(world, call)


def update_playbook(world: World, call: playbooks.UpdateEnterprisePlaybook) -> dict[str, Any]:
    """Replace a playbook."""
    return of_organizations.update_playbook(world, call)


def delete_playbook(world: World, call: playbooks.DeleteEnterprisePlaybook) -> dict[str, Any]:
    """Delete a playbook; return what it was."""
    return of_organizations.delete_playbook(world, call)
