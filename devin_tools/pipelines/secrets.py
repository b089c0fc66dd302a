"""Keep secrets that stand in alerts, above all in what was logged, out of what is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from ..errors import Refused
from ..security.scanning import Line, secrets_in
from .alert import Alert

WhenFound = Literal["redact", "refuse"]

TEXTS = ("name", "description", "resource", "repository", "signal", "source", "logs", "file", "link")

MAX_NOTES = 20

KEY_BEGINS, KEY_ENDS = "-----BEGIN", "-----END"

DIGESTS = "Hex High Entropy String"

NAMED_DIGEST = re.compile(
    r"[\w.-]*(?:commit|sha|sha1|sha256|revision|digest|hash|id|uuid|trace|release|version): ", re.IGNORECASE
)
"""A dimension whose name says that it holds a digest or an id, which to a scanner look like keys."""


def without_secrets(alert: Alert, when_found: WhenFound = "redact") -> tuple[Alert, list[str]]:
    """Return the alert without the lines that look like secrets, and notes of which were taken out.

    Raises `Refused` instead when asked to, and `UsageError` when the scanner is not installed.
    """
    kinds: dict[Line, str] = {}
    for line, kind in secrets_in(_lines(alert), trusts_marks=False):
        if not (kind == DIGESTS and line.name == "dimensions" and NAMED_DIGEST.match(line.text)):
            kinds.setdefault(line, kind)
    if not kinds:
        return alert, []
    notes = [f"{line.name}, line {line.number}: looks like a secret ({kind})" for line, kind in kinds.items()]
    if when_found == "refuse":
        raise Refused(
            f"Nothing was sent. {notes[0]}.",
            hint="Keep secrets out of what is logged, or let the rule say `secrets: redact`.",
            details=[{"path": line.name, "reason": kind} for line, kind in kinds.items()][:MAX_NOTES],
        )
    return _redacted(alert, kinds), notes[:MAX_NOTES]


def _lines(alert: Alert) -> Iterator[Line]:
    for name in TEXTS:
        for number, text in enumerate(getattr(alert, name).split("\n"), 1):
            yield Line(name, number, text)
    for number, (name, value) in enumerate(alert.dimensions.items(), 1):
        yield Line("dimensions", number, f"{name}: {value}".replace("\n", " "))


def _redacted(alert: Alert, kinds: dict[Line, str]) -> Alert:
    """Return the alert with a word in the place of each line that looks like a secret."""
    texts: dict[str, list[str]] = {}
    inside = ""  # the text in which a key goes on: the scanner knows a key by its first line alone
    for line in _lines(alert):
        if line in kinds and KEY_BEGINS in line.text:
            inside = "" if KEY_ENDS in line.text else line.name
        elif inside == line.name:
            inside = "" if KEY_ENDS in line.text else inside
            continue
        else:
            inside = ""
        text = f"(taken out: {kinds[line]})" if line in kinds else line.text
        texts.setdefault(line.name, []).append(text)
    hidden = {line.number for line in kinds if line.name == "dimensions"}
    dimensions = {
        (f"dimension {number}" if number in hidden else name): ("(taken out)" if number in hidden else value)
        for number, (name, value) in enumerate(alert.dimensions.items(), 1)
    }
    changed: dict[str, object] = {name: "\n".join(texts[name]) for name in TEXTS}
    if any(line.name == "link" for line in kinds):
        changed["link"] = ""
    return alert.model_copy(update=changed | {"dimensions": dimensions})
