"""A tool as somebody listed it, whatever the provider's envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..export.providers.limits import DIALECTS, Dialect
from ..schemas.traversal import JsonPath, Walk, walk

FORMS = {
    "mcp": "mcp",
    "manifest": "mcp",
    "openai-chat": "openai",
    "openai-responses": "openai",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "gemini-json": "gemini-json",
    "bedrock": "bedrock",
}
"""The forms of a list that are recognised, and the dialect each is judged by."""


@dataclass(frozen=True)
class Listed:
    """One tool of a list, and where its parts stand in the file."""

    form: str
    body: Mapping[str, Any]
    """What holds the name and the description."""
    place: JsonPath
    schema: Any
    """The input schema; `None` when there is none."""
    schema_place: JsonPath
    file: str = ""
    is_strict: bool = False

    @property
    def name(self) -> str:
        """Its name, or an empty text."""
        name = self.body.get(self.name_key)
        return name if isinstance(name, str) else ""

    @property
    def name_key(self) -> str:
        """The key that holds the name."""
        return "id" if self.form == "manifest" else "name"

    @property
    def description(self) -> str:
        """Its description, or an empty text."""
        text = self.body.get("description")
        return text if isinstance(text, str) else ""

    @cached_property
    def walk(self) -> Walk:
        """Every schema object of the input schema."""
        return walk(self.schema, self.schema_place)

    def dialect(self, provider: str | None = None) -> Dialect:
        """Return which dialect it is judged by: that of its own form, or of the provider named."""
        own = FORMS[self.form]
        base = provider or own
        if base == "gemini" and own == "gemini-json":
            return DIALECTS[own]
        strict = f"{base}-strict"
        return DIALECTS[strict if self.is_strict and own == base and strict in DIALECTS else base]
