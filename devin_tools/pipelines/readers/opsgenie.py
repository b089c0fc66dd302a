"""Opsgenie's outgoing webhooks: alerts that are created and closed.

https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..alert import Alert
from ..payload import Body, as_text, build_alert, has, reader
from ..severities import priority_of

FIRES, RESOLVES = {"create"}, {"close", "delete"}

ALERT_KNOWN = ("tinyId", "alertId", "updatedAt", "insertedAt", "recipients", "username", "userId")


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    return has(body, "action", "alert") and has(body["alert"], "alertId")


def _read(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    """Read the alert; what people do with it meanwhile is nothing to act on."""
    action = given.text("action").lower()
    if action not in FIRES | RESOLVES:
        return []
    alert = given.object("alert", required=True)
    tags = ", ".join(as_text(tag) for tag in alert.list("tags"))
    integration = given.get("integrationName")
    given.known("source", "integrationId", "integrationType", "escalationId", "alertFlowContext")
    alert.known(*ALERT_KNOWN, "source")
    return [
        build_alert(
            given,
            name=alert.name("message", is_over=action in RESOLVES),
            severity=[priority_of(alert.raw("priority"))],
            description=alert.get("description"),
            resource=alert.get("entity") or alert.get("source"),
            signal="alert",
            fired_time=alert.time("createdAt"),
            source="opsgenie",
            dimensions={"tags": tags, "integration": integration} | alert.texts("details"),
            fingerprint=alert.get("alias") or alert.text("alertId"),
            is_resolved=action in RESOLVES,
        )
    ]


READER = reader(
    "opsgenie",
    "an Opsgenie webhook",
    "Opsgenie's webhooks, and those of Jira Service Management, known by `action` and `alert.alertId`.",
    _reads,
    _read,
)
