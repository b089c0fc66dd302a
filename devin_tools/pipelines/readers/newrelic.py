"""New Relic: issues that workflows send, and incidents that the older notification channels sent.

https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/#webhook
https://docs.newrelic.com/docs/alerts-applied-intelligence/new-relic-alerts/alert-notifications/notification-channels-control-where-send-alerts/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..alert import Alert, digest
from ..payload import Body, as_text, build_alert, has, joined, reader

FIRES = {"created", "activated", "open", "opened"}
RESOLVES = {"closed", "resolved", "deactivated"}


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    return _is_issue(body) or _is_incident(body)


def _is_issue(body: Any) -> bool:
    is_linked = any(has(body, name) for name in ("issueUrl", "issuePageUrl", "issueId"))
    return is_linked and (has(body, "state") or has(body, "alertConditionNames") or has(body, "priority"))


def _is_incident(body: Any) -> bool:
    return has(body, "condition_name") and any(
        has(body, name) for name in ("incident_id", "incident_url", "policy_name", "current_state")
    )


def _read(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    """Read an issue or an incident; one that somebody acknowledged is nothing to act on."""
    is_issue = _is_issue(given.value)
    state = given.get("state" if is_issue else "current_state").lower()
    if state and state not in FIRES | RESOLVES:
        given.findings.notes.append("A state of New Relic that neither fires nor ends is nothing to act on.")
        return []
    return [_issue(given, state) if is_issue else _incident(given, state)]


def _names(given: Body, *names: str) -> str:
    """Return names that come as a list, or as text."""
    return given.long_text(*names).replace("\n", ", ")


def _issue(given: Body, state: str) -> Alert:
    entities, conditions = (
        _names(given, "impactedEntities"),
        _names(given, "alertConditionNames", "condition_name"),
    )
    given.known(
        "trigger", "isCorrelated", "updatedAt", "activatedAt", "sources", "totalIncidents", "nrAccountId"
    )
    title = _names(given, "title", "issueTitle") or conditions
    return build_alert(
        given,
        name=title or given.name("title", is_over=state in RESOLVES),
        severity=[given.raw("priority"), given.raw("severity")],
        description=given.long_text("description"),
        resource=entities.partition(", ")[0],
        signal="issue" if given.get("signal") else "metric",
        fired_time=given.time("createdAt", "activatedAt"),
        source="newrelic",
        link=given.get("issuePageUrl", "issueUrl"),
        dimensions={
            "entities": entities,
            "conditions": conditions,
            "policies": _names(given, "alertPolicyNames"),
            "workflow": given.get("workflowName"),
        },
        fingerprint=given.first_text("issueId", "id") or digest("newrelic", conditions, entities, title),
        is_resolved=state in RESOLVES,
    )  # fmt: skip


def _incident(given: Body, state: str) -> Alert:
    targets = list(given.objects("targets"))
    target = next((name for one in targets if (name := one.get("name"))), "")
    labels = {name: text for one in targets for name, text in one.texts("labels").items()}
    account, incident = given.get("account_id"), as_text(given.raw("incident_id"))
    condition, policy = given.text("condition_name"), given.get("policy_name")
    for one in targets:
        one.known("id", "link")
    given.known(
        "incident_acknowledge_url",
        "version",
        "event_type",
        "duration",
        "owner",
        "condition_family_id",
        "condition_id",
    )
    given.known("open_violations_count", "closed_violations_count")
    return build_alert(
        given,
        name=condition,
        severity=[given.raw("severity"), given.raw("priority")],
        description=joined(given.get("details"), given.get("condition_metric_name")),
        resource=target,
        signal="metric",
        fired_time=given.time("timestamp"),
        source="newrelic",
        link=given.get("incident_url"),
        dimensions=labels
        | {
            "policy": policy,
            "account": given.get("account_name") or account,
            "runbook": given.get("runbook_url"),
        },
        fingerprint=digest("newrelic", account, incident or [policy, condition, target]),
        is_resolved=state in RESOLVES,
    )


READER = reader(
    "newrelic",
    "a New Relic webhook",
    "New Relic's workflows, known by `issueUrl` and `state`, and its older channels, by `condition_name`.",
    _reads,
    _read,
)
