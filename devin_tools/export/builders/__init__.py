"""Packs for the builders of workflows."""

from __future__ import annotations

from importlib.resources import files


def asset(pack: str, name: str) -> str:
    """Return the text of a file that a pack holds unchanged."""
    return (files(__name__) / pack / "assets" / name).read_text(encoding="utf-8")
