"""Text of others on its way into a finding: short, on one line, and without anything like a key."""

from __future__ import annotations

import json
import re

from ..security.redaction import redacted

MAX_SHOWN, MAX_READ, MAX_SEARCHED = 80, 400, 20_000
PLAIN = re.compile(r"[A-Za-z0-9_$@./:+*-]+")

_KEY = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?:cog|apk|apk_user)_(?=[-_.A-Za-z0-9]{0,200}\d)[-_.A-Za-z0-9]{12,}"
    r"|[spr]k[-_](?:(?:live|test|proj|ant|or)[-_][-_A-Za-z0-9]{12,}|[A-Za-z0-9]{20,})"
    r"|(?:gh[a-z]|hf|npm|pypi|glpat|github_pat|xox[a-z])[-_](?=[-_A-Za-z0-9]{0,200}\d)[-_A-Za-z0-9]{16,}"
    r"|(?:AKIA|ASIA|AIza)[-_A-Za-z0-9]{16,}"
    r"|eyJ[-_A-Za-z0-9]{8,200}\.[-_A-Za-z0-9]{8,}(?:\.[-_A-Za-z0-9]*)?"
    r"|-----BEGIN [A-Z ]{0,40}PRIVATE KEY"
    r")|(?<=[Bb]earer )(?=[-_.~+/A-Za-z]{0,200}\d)[-_.~+/A-Za-z0-9]{12,}"
)
"""The keys of common services, by their first letters; JSON web tokens; private keys."""

_PERHAPS_A_KEY = re.compile(
    r"\b(?=[a-fA-F]*\d)(?=\d*[a-fA-F])[0-9a-fA-F]{32,}\b"
    r"|(?=(?:[A-Za-z+/]*\d){4})(?=[a-z0-9+/]*[A-Z])[A-Za-z0-9+/]{32,}={0,2}"
)
"""Long runs without meaning: identifiers or keys. Not shown, and no fault either."""


def looks_secret(text: str) -> bool:
    """Return whether a text holds something made like a key, a token or a private key."""
    return _KEY.search(text, 0, MAX_SEARCHED) is not None


def shown(text: str) -> str:
    """Return a text as a finding may repeat it: no key, no control character, no more than a line."""
    safe = _PERHAPS_A_KEY.sub("(redacted)", _KEY.sub("(redacted)", redacted(text[:MAX_READ])))
    short = safe if len(safe) <= MAX_SHOWN else f"{safe[: MAX_SHOWN - 3]}..."
    return short if PLAIN.fullmatch(short) else json.dumps(short)
