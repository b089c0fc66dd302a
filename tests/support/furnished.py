"""A world in which every example can be called: its ids give way to those of things that are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resources import MODULES

from devin_tools import Client, Simulator, Spec

__all__ = ["about", "furnished"]


def furnished(simulator: Simulator, session_id: str | None = None) -> dict[str, Any]:
    """Make one thing of each resource, and give what stands for it in a call.

    A key is a field's name, or a tool's and a field's (`devin_get_note.note_id`) where the name is common.
    """
    names: dict[str, Any] = {}
    if session_id is not None:
        names = {"session_id": session_id, "session_ids": [session_id]}
    with Client(**simulator.connection() | {"guards": ()}) as client:
        for module in MODULES:
            if furnish := getattr(module, "furnish", None):
                names = furnish(client) | names
    return names


def about(spec: Spec, example: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """Let an example speak of what is there."""
    return {name: names.get(f"{spec.name}.{name}", names.get(name, value)) for name, value in example.items()}
