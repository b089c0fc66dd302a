"""Packs for the builders of workflows."""

from __future__ import annotations

from importlib.resources import files

KEYED = "keyed.js"
"""What packs that create sessions share."""


def asset(pack: str, name: str) -> str:
    """Return the text of a file that a pack holds unchanged; packs share those beside this module."""
    folder = files(__name__) if name == KEYED else files(__name__) / pack
    return (folder / "assets" / name).read_text(encoding="utf-8")
