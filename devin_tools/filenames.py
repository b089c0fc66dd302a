"""Names for files that somebody else named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

__all__ = ["another_name", "safe_name"]

MAX_NAME = 200
"""The longest name to save under, in bytes: most file systems take 255, and room is left for a number."""

DEVICES = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)")
"""Names that stand for devices on Windows, whatever their ending."""


def safe_name(name: str) -> str:
    """Turn whatever a server calls a file into one plain name that every system can hold."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join("_" if char in '<>:"|?*' or not char.isprintable() else char for char in last)
    plain = plain.strip(" .").lstrip("-~") or "attachment"
    if DEVICES.match(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending.encode()) > 20:
        stem, ending = plain, ""
    room = MAX_NAME - len(f"{dot}{ending}".encode() if ending else b"")
    short = stem.encode()[:room].decode(errors="ignore").rstrip(" .") or "attachment"
    return f"{short}.{ending}" if ending else short


def another_name(name: str, taken: Collection[str]) -> str:
    """Give the name, or the next numbered one that is not taken, whatever the case of its letters."""
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    number, found = 2, name
    while found.casefold() in taken:
        found = f"{stem}-{number}{dot}{ending}"
        number += 1
    return found
