"""The access token of a server: what callers must send, which is never a Devin key."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ..errors import MissingSetting
from ..text.encoding import decoded
from .keys import is_devin_key

FORM = re.compile(r"[!-~]{16,512}")


def load_token(variable: str, file: Path | None) -> str | None:
    """Read a token from a file, or else from an environment variable; `None` when there is none.

    Raises `MissingSetting`, which never repeats it, when it is unreadable, easily guessed, or a Devin key.
    """
    try:
        text = os.environ.get(variable, "") if file is None else decoded(file.read_bytes())
    except (OSError, UnicodeDecodeError):
        raise MissingSetting(f"The token file {file} cannot be read as text.") from None
    token = text.strip()
    if not token and file is None:
        return None
    where = variable if file is None else f"the file {file}"
    why = "is a Devin key" if is_devin_key(token) else "is not 16 to 512 visible ASCII characters"
    if not FORM.fullmatch(token) or is_devin_key(token):
        raise MissingSetting(
            f"The access token of {where} {why}.",
            hint="Make one with `python3 -c 'import secrets; print(secrets.token_urlsafe(32))'`.",
        )
    return token
