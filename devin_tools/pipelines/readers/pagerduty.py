"""PagerDuty's v3 webhooks: incidents that are triggered, reopened and resolved.

https://developer.pagerduty.com/docs/webhooks-overview
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert
from ..payload import Body, as_text
from ..severities import severity_or_unstated
from .alert_builder import build_alert

FORM = "a PagerDuty webhook"

FIRES = {"incident.triggered", "incident.reopened"}
RESOLVES = {"incident.resolved"}

URGENCIES = {"high": "error", "low": "warning"}
"""An urgency says who is woken, not how bad it is; without a priority it is all there is."""


def reads(headers: Mapping[str, str], body: Any) -> bool:
    """Know it by event.event_type."""
    event = body.get("event") if isinstance(body, dict) else None
    return isinstance(event, dict) and "event_type" in event


def read(headers: Mapping[str, str], body: Any) -> list[Alert]:
    """Read the incident; what people do with it meanwhile is nothing to act on."""
    event = Body(body, form=FORM).object("event", required=True)
    kind = event.text("event_type")
    if kind not in FIRES | RESOLVES:
        return []
    incident = event.object("data", required=True)
    service = incident.object("service")
    priority = incident.object("priority").text("summary", default="")
    urgency = incident.text("urgency", default="")
    return [
        build_alert(
            FORM,
            name=incident.text("title", "summary"),
            severity=severity_or_unstated(priority, URGENCIES.get(urgency)),
            description=incident.object("body").text("details", default=""),
            resource=service.text("summary", default=""),
            signal="incident",
            fired_time=incident.time("created_at"),
            source="pagerduty",
            link=incident.text("html_url", default=""),
            dimensions=_dimensions(incident, priority, urgency),
            fingerprint=incident.text("id"),
            is_resolved=kind in RESOLVES,
        )
    ]


def _dimensions(incident: Body, priority: str, urgency: str) -> dict[str, str]:
    teams = [team.text("summary", default="") for team in incident.objects("teams")]
    found = {
        "priority": priority,
        "urgency": urgency,
        "teams": ", ".join(team for team in teams if team),
        "incident_key": incident.text("incident_key", default=""),
        "number": as_text(incident.value.get("number")),
        "incident_type": incident.object("incident_type").text("name", default=""),
        "service_id": incident.object("service").text("id", default=""),
    }
    return {name: text for name, text in found.items() if text}


READER = Reader("pagerduty", "PagerDuty's v3 webhooks, known by `event.event_type`.", reads, read)
