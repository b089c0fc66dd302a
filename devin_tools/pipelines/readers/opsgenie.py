"""Opsgenie's outgoing webhooks: alerts that are created and closed.

https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert
from ..payload import Body, as_text
from ..severities import severity_or_unstated
from .alert_builder import build_alert

FORM = "an Opsgenie webhook"

FIRES, RESOLVES = {"create"}, {"close"}


def reads(headers: Mapping[str, str], body: Any) -> bool:
    """Know it by its action and alert.alertId."""
    alert = body.get("alert") if isinstance(body, dict) else None
    return isinstance(alert, dict) and "alertId" in alert and "action" in body


def read(headers: Mapping[str, str], body: Any) -> list[Alert]:
    """Read the alert; what people do with it meanwhile is nothing to act on."""
    given = Body(body, form=FORM)
    action = given.text("action").lower()
    if action not in FIRES | RESOLVES:
        return []
    alert = given.object("alert", required=True)
    tags = [as_text(tag) for tag in alert.list("tags")]
    known = {"tags": ", ".join(tags), "integration": given.text("integrationName", default="")}
    return [
        build_alert(
            FORM,
            name=alert.text("message"),
            severity=severity_or_unstated(alert.value.get("priority")),
            description=alert.text("description", default=""),
            resource=alert.text("entity", default="") or alert.text("source", default=""),
            signal="alert",
            fired_time=alert.time("createdAt"),
            source="opsgenie",
            dimensions={name: text for name, text in known.items() if text} | alert.texts("details"),
            fingerprint=alert.text("alias", default="") or alert.text("alertId"),
            is_resolved=action in RESOLVES,
        )
    ]


READER = Reader("opsgenie", "Opsgenie's webhooks, known by `action` and `alert.alertId`.", reads, read)
