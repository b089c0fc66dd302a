"""Knowledge of the enterprise: its paths reach the notes of every organisation too."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import knowledge
from ...world import World
from .. import knowledge as of_organizations


def list_notes(world: World, call: knowledge.ListEnterpriseNotes) -> dict[str, Any]:
    """List the notes that pass every filter."""
    return of_organizations.passing_notes(world, call, call.access_type)


def get_note(world: World, call: knowledge.GetEnterpriseNote) -> dict[str, Any]:
    """Return a note."""
    return of_organizations.get_note(world, call)


def create_note(world: World, call: knowledge.CreateEnterpriseNote) -> dict[str, Any]:
    """Create a note of the enterprise."""
    return of_organizations.create_note(world, call)


def update_note(world: World, call: knowledge.UpdateEnterpriseNote) -> dict[str, Any]:
    """Replace all fields of a note."""
    return of_organizations.update_note(world, call)


def delete_note(world: World, call: knowledge.DeleteEnterpriseNote) -> dict[str, Any]:
    """Delete a note; return what it was."""
    return of_organizations.delete_note(world, call)


def list_folders(world: World, call: knowledge.ListEnterpriseFolders) -> dict[str, Any]:
    """List the folders, each with the number of notes right in it."""
    return of_organizations.list_folders(world, call)
