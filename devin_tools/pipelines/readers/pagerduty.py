"""PagerDuty's v3 webhooks: incidents that are triggered, reopened and resolved.

https://developer.pagerduty.com/docs/webhooks-overview
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..alert import Alert
from ..payload import Body, as_text, build_alert, has, reader
from ..severities import priority_of

FIRES = {"incident.triggered", "incident.reopened"}
RESOLVES = {"incident.resolved"}

URGENCIES = {"high": "error", "low": "warning"}
"""An urgency says who is woken, not how bad it is; without a priority it is all there is."""


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    return has(body, "event") and has(body["event"], "event_type")


def _read(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    """Read the incident; what people do with it meanwhile is nothing to act on."""
    event = given.object("event", required=True)
    kind = event.text("event_type")
    if kind not in FIRES | RESOLVES:
        return []
    incident = event.object("data", required=True)
    service = incident.object("service")
    priority, urgency = incident.object("priority").get("summary"), incident.get("urgency")
    teams = [team.get("summary") for team in incident.objects("teams")]
    event.known("id", "event_type", "resource_type", "occurred_at", "agent", "client")
    incident.known(
        "id",
        "type",
        "status",
        "assignees",
        "self",
        "last_status_change_by",
        "escalation_policy",
        "conference_bridge",
    )
    for part in (
        service,
        incident.object("priority"),
        incident.object("incident_type"),
        *incident.objects("teams"),
    ):
        part.known("id", "type", "self", "html_url")
    return [
        build_alert(
            event,
            name=incident.name("title", "summary", is_over=kind in RESOLVES),
            severity=[priority_of(priority), URGENCIES.get(urgency)],
            description=incident.object("body").get("details"),
            resource=service.get("summary"),
            signal="incident",
            fired_time=incident.time("created_at"),
            source="pagerduty",
            link=incident.get("html_url"),
            dimensions={
                "priority": priority,
                "urgency": urgency,
                "teams": ", ".join(filter(None, teams)),
                "incident_key": incident.get("incident_key"),
                "number": as_text(incident.raw("number")),
                "incident_type": incident.object("incident_type").get("name"),
                "service_id": service.get("id"),
            },
            fingerprint=incident.text("id"),
            is_resolved=kind in RESOLVES,
        )
    ]


READER = reader(
    "pagerduty",
    "a PagerDuty webhook",
    "PagerDuty's v3 webhooks, known by `event.event_type`.",
    _reads,
    _read,
)
