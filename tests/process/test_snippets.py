"""A call that is written out for a shell is one command, as bash reads it."""

from __future__ import annotations

import json
import subprocess

from support.hostile_words import WORDS
from support.tools import built_in

from devin_tools.export.snippets import snippets_of

TRICKS = (
    "$(echo PWNED >&2)",
    "`echo PWNED >&2`",
    "'; echo PWNED >&2 #",
    '"; echo PWNED >&2; "',
    "\\",
    "!!",
    *WORDS,
)
SERVER = "http://127.0.0.1:8765"
STAND_INS = 'devin-tools() { printf "%s\\0" "$@"; }; curl() { printf "%s\\0" "$@"; }\n'


def test_bash_gives_the_words_on_as_they_were_written() -> None:
    spec = built_in().spec("devin_create_session")
    for form in ("cli", "curl"):
        given = [{"prompt": words, "title": words} for words in TRICKS]
        script = STAND_INS + "\n".join(snippets_of(spec, one, SERVER, asks=True)[form] for one in given)
        ran = subprocess.run(["bash", "-c", script], capture_output=True, encoding="utf-8", check=True)
        assert ran.stderr == ""
        passed = [json.loads(word) for word in ran.stdout.split("\0") if word.startswith("{")]
        assert passed == given
