"""Knowledge of the enterprise: its paths reach the notes of every organisation too."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import knowledge
from ...world import World
from .. import knowledge as of_organizations


def list_notes(world: World, call: knowledge.ListEnterpriseNotes) -> dict[str, Any]:
    """List the notes that pass every filter."""
    return of_organizations.passing_notes(world, call, call.access_type)
