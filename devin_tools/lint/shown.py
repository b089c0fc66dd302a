"""Text of others on its way into a finding: short, on one line, and without anything like a key."""

from __future__ import annotations

import json
import re

from ..security import keys
from ..security.redaction import redacted

MAX_SHOWN, MAX_READ, MAX_SEARCHED = 80, 400, 20_000
WRITTEN, PERHAPS = re.compile(keys.WRITTEN), re.compile(keys.PERHAPS)
PLAIN = re.compile(r"[A-Za-z0-9_$@./:+*-]+")


def looks_secret(text: str) -> bool:
    """Return whether a text holds something made like a key, a token or a private key."""
    return WRITTEN.search(text, 0, MAX_SEARCHED) is not None


def shown(text: str) -> str:
    """Return a text as a finding may repeat it: no key, no control character, no more than a line."""
    safe = PERHAPS.sub("(redacted)", WRITTEN.sub("(redacted)", redacted(text[:MAX_READ])))
    short = safe if len(safe) <= MAX_SHOWN else f"{safe[: MAX_SHOWN - 3]}..."
    return short if PLAIN.fullmatch(short) else json.dumps(short)
