"""Where things are in this checkout."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DATA", "DOCS", "PACKAGE", "ROOT", "TESTS"]

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
DATA = TESTS / "data"
DOCS = ROOT / "docs"
PACKAGE = ROOT / "devin_tools"
