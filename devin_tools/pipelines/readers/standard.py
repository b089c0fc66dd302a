"""The standard body: for whatever can send JSON of its own making."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...hookspecs import Reader
from ..alert import UNSTATED, Alert
from ..payload import Body, wrong
from ..severities import severity_of
from .alert_builder import build_alert

FORM = "the standard body"


def reads(headers: Mapping[str, str], body: Any) -> bool:
    """Know it by its alertName."""
    return isinstance(body, dict) and "alertName" in body


def read(headers: Mapping[str, str], body: Any) -> list[Alert]:
    """Read the one alert."""
    given = Body(body, form=FORM)
    return [
        build_alert(
            FORM,
            name=given.text("alertName"),
            severity=_severity(given),
            description=given.long_text("description"),
            resource=given.text("affectedResource", default=""),
            signal=given.text("signalType", default=""),
            fired_time=given.time("firedTime"),
            source=given.text("source", default="standard"),
            logs=given.long_text("logs"),
            file=given.text("file", default=""),
            line=given.number("line"),
            link=given.text("link", default=""),
            dimensions=given.texts("dimensions"),
            fingerprint=given.text("fingerprint", default=""),
            is_resolved=_is_resolved(given),
        )
    ]


def _severity(given: Body) -> int:
    if "severity" not in given:
        return UNSTATED
    severity = severity_of(given.value["severity"])
    if severity is None:
        raise wrong(FORM, "severity", "must be a number from 0 (critical) to 4 (verbose), or a word for one")
    return severity


def _is_resolved(given: Body) -> bool:
    value = given.value.get("isResolved")
    if value is not None and not isinstance(value, bool):
        raise wrong(FORM, "isResolved", "must be true or false")
    return bool(value)


READER = Reader("standard", "JSON of your own making, known by its `alertName`.", reads, read)
