"""A finding: which rule is broken, where, why that matters, and how to mend it."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ..schemas.traversal import JsonPath
from .shown import shown

Severity = Literal["error", "warning", "note"]
"""Refused by the provider; taken but ignored or misread; only worth knowing."""

SIMPLE_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MAX_PARTS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where one rule is broken. Nothing in it repeats a value that looks like a secret."""

    severity: Severity
    rule: str
    tool: str
    file: str
    path: str
    providers: tuple[str, ...]
    """The dialects it was judged by."""
    detail: str
    why: str
    mend: str
    sources: tuple[str, ...]

    def __str__(self) -> str:
        where = f"{self.file}:{self.path}" if self.file else self.path
        whom = ", ".join(part for part in (self.tool, *self.providers) if part)
        return f"{self.severity} {self.rule} {where} ({whom}): {self.detail}. {self.why} Mend: {self.mend}"

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        return {**asdict(self), "providers": list(self.providers), "sources": list(self.sources)}


def json_path(place: JsonPath) -> str:
    """Write a place as a JSON path, such as `$.tools[0].name`."""
    parts = place if len(place) <= MAX_PARTS else (*place[: MAX_PARTS - 1], "...")
    return "$" + "".join(_step(part) for part in parts)


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    text = shown(part)
    if SIMPLE_KEY.fullmatch(text):
        return f".{text}"
    return f"[{text}]" if text.startswith('"') else f'["{text}"]'
