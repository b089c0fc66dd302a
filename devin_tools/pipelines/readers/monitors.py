"""Monitors that send one problem at a time, in a form of their own: what is taken of each is in one function.

https://cloud.google.com/monitoring/support/notification-options#webhooks
https://help.splunk.com/splunk-enterprise/alert-and-respond/alerting-manual/configure-alert-actions/use-a-webhook-alert-action
https://docs.dynatrace.com/docs/analyze-explore-automate/notifications-and-alerting/problem-notifications/webhook-integration
Uptime Kuma documents none: its form is in `server/notification-providers/webhook.js`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..alert import Alert, digest
from ..payload import Body, as_text, build_alert, filled, has, joined, reader
from ..severities import severity_of

DYNATRACE = {"AVAILABILITY": 0, "ERROR": 1, "PERFORMANCE": 2, "RESOURCE_CONTENTION": 2}
"""What kind of problem it is, which is all that Dynatrace says of how bad it is."""


def _google(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    incident = given.object("incident", required=True)
    condition, resource = incident.object("condition"), incident.object("resource")
    documentation, policy = incident.object("documentation"), incident.get("policy_name")
    labels, series = resource.texts("labels"), incident.object("metric").texts("labels")
    what = incident.first_text("resource_display_name", "resource_name", "resource_id")
    name = incident.first_text("condition_name") or policy or incident.text("summary")
    given.known("version")
    incident.known("incident_id", "scoping_project_number", "ended_at", "state")
    condition.known("name", "displayName")
    return [
        build_alert(
            given,
            name=name,
            severity=[incident.raw("severity"), *_google_labels(incident)],
            description=joined(
                incident.get("summary"), documentation.get("subject"), documentation.long_text("content")
            ),
            resource=what,
            signal="metric",
            fired_time=incident.time("started_at"),
            source="gcp-monitoring",
            link=incident.get("url"),
            dimensions={
                "policy": policy,
                **incident.object("metadata").texts("user_labels"),
                **incident.texts("policy_user_labels"),
                **series,
                **labels,
            },
            # not the incident: there is another one each time
            fingerprint=digest("gcp", condition.get("name") or policy, name, what, labels, series),
            is_resolved=incident.get("state").lower() == "closed",
        )
    ]


def _google_labels(incident: Body) -> Iterator[str]:
    """Yield the severities that people write into labels, of the policy and of what it watches."""
    metadata = incident.object("metadata")
    for labels in (
        incident.texts("policy_user_labels"),
        metadata.texts("user_labels"),
        metadata.texts("system_labels"),
    ):
        yield labels.get("severity", "")


def _kuma(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    beat, monitor = given.object("heartbeat"), given.object("monitor")
    is_notice = "heartbeat" not in given and "monitor" in given  # that a certificate runs out, say
    status = 0 if is_notice else beat.number("status")
    if status not in (0, 1):
        given.findings.notes.append("Uptime Kuma says neither that a monitor is down nor that it is up.")
        return []
    tags = {one.get("name"): as_text(one.raw("value")) or "true" for one in monitor.objects("tags")}
    shown = {"type": monitor.get("type"), "description": monitor.get("description"), **tags}
    monitor.known(*monitor.value)  # the rest is how it looks, with its passwords
    beat.known(*beat.value)
    return [
        build_alert(
            given,
            name=monitor.first_text("path_name", "name") or given.name("msg", is_over=status == 1),
            severity=["warning" if is_notice else "error"],
            description=joined(given.get("msg"), beat.get("msg")),
            resource=next(filter(_is_address, map(monitor.get, ("url", "hostname"))), ""),
            signal="notice" if is_notice else "uptime",
            fired_time=beat.time("time"),
            source="uptime-kuma",
            dimensions={name: text for name, text in shown.items() if name},
            fingerprint=digest(
                "uptime-kuma", monitor.get("id") or beat.get("monitorID"), monitor.get("name"), is_notice
            ),
            is_resolved=status == 1,
        )
    ]


def _is_address(text: str) -> bool:
    return text not in ("", "https://", "http://")


def _splunk(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    row, app = given.texts("result"), given.get("app")
    name, host = given.get("search_name") or "A search without a name", row.get("host", "")
    given.known("owner", "sid")
    return [
        build_alert(
            given,
            name=name,
            severity=[text for name in ("severity", "urgency") if not (text := row.get(name, "")).isdigit()],
            description=row.get("message", ""),
            resource=host or row.get("source", ""),
            signal="search",
            source="splunk",
            logs=row.get("_raw", ""),
            link=given.get("results_link"),
            dimensions={"app": app, **{key: text for key, text in row.items() if not key.startswith("_")}},
            # a row holds what was counted: it differs each time
            fingerprint=digest("splunk", app, name, host),
        )
    ]


def _dynatrace(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    state = given.first_text("State", "ProblemStatus").upper()
    if state == "MERGED":
        given.findings.notes.append("A problem of Dynatrace that became part of another starts nothing.")
        return []
    kind = given.first_text("ProblemSeverity", "SeverityLevel")
    given.known("ProblemDetailsHTML", "ProblemDetailsJSON", "ProblemDetailsJSONv2", "ProblemDetailsMarkdown")
    return [
        build_alert(
            given,
            name=given.text("ProblemTitle", "ProblemID"),
            severity=[DYNATRACE.get(kind.upper(), severity_of(kind))],
            description=given.first_text("ProblemDetails", "ProblemDetailsText"),
            resource=given.first_text("ImpactedEntity", "ImpactedEntityNames")
            or ", ".join(
                filter(None, (one.get("name", "Name") for one in given.objects("ImpactedEntities")))
            ),
            signal=kind.lower() or "problem",
            source="dynatrace",
            link=given.get("ProblemURL"),
            dimensions={"tags": given.long_text("Tags").replace("\n", ", ")},
            fingerprint=filled(given.get("PID")) or given.get("ProblemID"),
            is_resolved=state in ("RESOLVED", "CLOSED"),
        )
    ]


READERS = [
    reader(
        "gcp-monitoring",
        "an incident of Google Cloud Monitoring",
        "Google Cloud Monitoring's webhooks, known by `incident` with `policy_name` or `condition_name`.",
        lambda headers, body: (
            has(body, "incident")
            and any(has(body["incident"], "state", name) for name in ("policy_name", "condition_name"))
        ),
        _google,
    ),
    reader(
        "uptime-kuma",
        "a webhook of Uptime Kuma",
        "Uptime Kuma's webhooks, known by `heartbeat`, `monitor` and `msg`.",
        lambda headers, body: has(body, "heartbeat", "monitor", "msg"),
        _kuma,
    ),
    reader(
        "splunk",
        "a webhook of Splunk",
        "Splunk's alert action, known by `search_name` and `results_link`.",
        lambda headers, body: has(body, "search_name", "results_link"),
        _splunk,
    ),
    reader(
        "dynatrace",
        "a problem of Dynatrace",
        "Dynatrace's problem notifications, known by `ProblemID` and `ProblemTitle`.",
        lambda headers, body: has(body, "ProblemID", "ProblemTitle"),
        _dynatrace,
    ),
]
