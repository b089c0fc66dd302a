"""What differs between the document and this package, held against the table of what may."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

__all__ = ["Differences"]

TABLE = Path(__file__).with_name("differences.toml")


class Differences:
    """The differences of one kind. Each must be in the table, with its reason, and no row for nothing."""

    def __init__(self, kind: str):
        self.rows: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8")).get(kind, [])
        assert all(row.get("reason") for row in self.rows)
        self.kind = kind
        self.met: set[int] = set()
        self.new: dict[str, None] = {}

    def note(self, where: object, what: str) -> None:
        """Note a difference: in which operation, and what it is."""
        for number, row in enumerate(self.rows):
            if fnmatchcase(str(where), row["where"]) and fnmatchcase(what, row["what"]):
                self.met.add(number)
                return
        self.new[f"{where}: {what}"] = None

    def note_all(self, where: object, whats: Iterable[str]) -> None:
        """Note several."""
        for what in whats:
            self.note(where, what)

    def check(self) -> None:
        """Fail when a difference is in no row, or a row is of a difference that is gone."""
        stale = [
            f"{row['where']}: {row['what']}"
            for number, row in enumerate(self.rows)
            if number not in self.met and not row.get("sometimes")
        ]
        told = [f"new: {text}" for text in self.new] + [
            f"gone, take it out of the table: {text}" for text in stale
        ]
        if told:
            pytest.fail(f"{len(told)} in [[{self.kind}]] of {TABLE.name}\n" + "\n".join(told), pytrace=False)
