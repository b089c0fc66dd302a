"""The standard body: for whatever can send JSON of its own making."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..alert import Alert
from ..payload import Body, build_alert, has, reader
from ..severities import priority_of, severity_of


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    return has(body, "alertName")


def _read(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    return [
        build_alert(
            given,
            name=given.text("alertName"),
            severity=[_severity(given), priority_of(given.raw("priority"))],
            description=given.long_text("description"),
            resource=given.get("affectedResource"),
            signal=given.get("signalType"),
            fired_time=given.time("firedTime"),
            source=given.get("source") or "standard",
            logs=given.long_text("logs"),
            file=given.get("file"),
            line=given.number("line"),
            link=given.get("link"),
            dimensions=given.texts("dimensions"),
            fingerprint=given.get("fingerprint"),
            is_resolved=_is_resolved(given),
        )
    ]


def _severity(given: Body) -> Any:
    """Return the severity. A word that none is known for is the sender's own: no reason to lose an alert."""
    severity = given.raw("severity")
    if severity is None or severity_of(severity) is not None:
        return severity
    if not isinstance(severity, str) or severity.strip().lstrip("-").isdigit():
        raise given.error("severity", "must be a number from 0 (critical) to 4 (verbose), or a word for one")
    if severity.strip():
        given.unknown("severity")
        given.findings.notes.append("No severity is known by the word that the sender has for it.")
    return None


def _is_resolved(given: Body) -> bool:
    value = given.raw("isResolved")
    if isinstance(value, str):  # templates put it between quotes
        value = {"true": True, "false": False, "": None}.get(value.strip().lower(), value)
    if value is not None and not isinstance(value, bool):
        raise given.error("isResolved", "must be true or false")
    return bool(value)


READER = reader(
    "standard",
    "the standard body",
    "JSON of your own making, known by its `alertName`.",
    _reads,
    _read,
    is_strict=True,
)
