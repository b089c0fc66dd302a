"""Secrets by reference: `env:NAME` and `file:PATH` stand for a value until the moment it is sent."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import MissingSetting

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
    kind, _, name = value.partition(":")
    if kind == "env" and name.isidentifier():
        found = os.environ.get(name)
        if found is None:
            raise MissingSetting(f"The secret refers to the environment variable {name}, which is not set.")
        if not found or len(found) > MAX_SECRET:
            raise MissingSetting(
                f"The environment variable {name} is empty or holds more than {MAX_SECRET} characters."
            )
        return found
    if kind == "file" and name:
        return _read(Path(name))
    return value


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError, ValueError):
        raise MissingSetting(f"The secret refers to the file {path}, which cannot be read as text.") from None
    if not text or len(text) > MAX_SECRET:
        raise MissingSetting(f"The file {path} is empty or holds more than {MAX_SECRET} characters.")
    return text
