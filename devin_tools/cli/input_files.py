"""What a command reads from a file, or from standard input where `-` is given: no more than fits."""

from __future__ import annotations

import sys
from pathlib import Path

from ..errors import UsageError
from ..text.encoding import decoded

MEGABYTE = 1024 * 1024

ENCODING_HINT = "Save it as UTF-8; in PowerShell, by `Out-File -Encoding utf8`."


def read_bytes(file: str, megabytes: int) -> bytes:
    """Return the content of a file; raise `UsageError` for one that is unreadable or larger than that."""
    most = megabytes * MEGABYTE
    try:
        if file == "-":
            content = sys.stdin.buffer.read(most + 1)
        else:
            with Path(file).open("rb") as stream:
                content = stream.read(most + 1)
    except (OSError, ValueError) as error:  # a path with a null character is a ValueError
        reason = error.strerror if isinstance(error, OSError) else "it is not a path"
        raise UsageError(f"{file} cannot be read: {reason}.") from None
    if len(content) > most:
        raise UsageError(f"{_name(file)} is larger than {megabytes} MB.")
    return content


def read_text(file: str, megabytes: int) -> str:
    """Return the content of a file as text; raise `UsageError` for what is not text too."""
    try:
        return decoded(read_bytes(file, megabytes))
    except UnicodeDecodeError:
        raise UsageError(f"{_name(file)} is not UTF-8 (or UTF-16) text.", hint=ENCODING_HINT) from None


def _name(file: str) -> str:
    return "The input" if file == "-" else file
