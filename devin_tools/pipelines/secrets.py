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

MAX_TOLD = 20

KEY_BEGINS, KEY_ENDS = "-----BEGIN", "-----END"

DIGESTS = "Hex High Entropy String"

NAMED_DIGEST = re.compile(
    r"[\w.-]*(?:commit|sha|sha1|sha256|revision|digest|hash|id|uuid|trace|release|version): ", re.IGNORECASE
)
"""A dimension whose name says that it holds a digest or an id, which to a scanner look like keys."""


def without_secrets(alert: Alert, when_found: WhenFound = "redact") -> tuple[Alert, list[str]]:
    """Return the alert without the lines that look like secrets, and say which were taken out.

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
            details=[{"path": line.name, "reason": kind} for line, kind in kinds.items()][:MAX_TOLD],
        )
    return _redacted(alert, kinds), notes[:MAX_TOLD]


def _lines(alert: Alert) -> Iterator[Line]:
    for name in TEXTS:
        for number, text in enumerate(getattr(alert, name).split("\n"), 1):
            yield Line(name, number, text)
    for number, (name, value) in enumerate(alert.dimensions.items(), 1):
        yield Line("dimensions", number, f"{name}: {value}".replace("\n", " "))


def _key_bodies(alert: Alert, kinds: dict[Line, str]) -> set[Line]:
    """Return the lines that follow the first one of a key: the scanner knows a key by that one alone."""
    found: set[Line] = set()
    inside = ""
    for line in _lines(alert):
        if line in kinds and KEY_BEGINS in line.text:
            inside = "" if KEY_ENDS in line.text else line.name
        elif inside and line.name == inside:
            found.add(line)
            inside = "" if KEY_ENDS in line.text else inside
        else:
            inside = ""
    return found


def _redacted(alert: Alert, kinds: dict[Line, str]) -> Alert:
    """Rebuild each text, with a word in the place of each line that looks like a secret."""
    texts: dict[str, list[str]] = {}
    bodies = _key_bodies(alert, kinds)
    for line in (one for one in _lines(alert) if one not in bodies):
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
