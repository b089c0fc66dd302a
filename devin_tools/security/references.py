"""Secrets by reference: `env:NAME` and `file:PATH` stand for a value until the moment it is sent."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import MissingSetting
from ..text.encoding import decoded

MAX_SECRET = 65_536
"""The longest value the API takes (docs.devin.ai/v3-openapi.yaml)."""


def is_reference(text: str) -> bool:
    """Return whether the client takes this for a reference: it sends anything else as it is."""
    kind, _, name = text.partition(":")
    return name.isidentifier() if kind == "env" else kind == "file" and bool(name)


def resolved(value: str) -> str:
    """Return the value that a reference stands for, or the value itself when it is none.

    Raises `MissingSetting` that names the reference, never what it holds.
    """
    if not is_reference(value):
        return value
    kind, _, name = value.partition(":")
    if kind == "env":
        text, place = os.environ.get(name), f"environment variable {name}"
        if text is None:
            raise MissingSetting(f"The secret refers to the {place}, which is not set.")
    else:
        path = Path(name)
        place = f"file {path}"
        try:
            text = decoded(path.read_bytes()).rstrip("\r\n")
        except (OSError, UnicodeDecodeError, ValueError):
            raise MissingSetting(f"The secret refers to the {place}, which cannot be read as text.") from None
    if not text or len(text) > MAX_SECRET:
        raise MissingSetting(f"The {place} is empty or holds more than {MAX_SECRET} characters.")
    return text
