"""Sentry's integration webhooks: issue alerts, metric alerts, issues and errors.

https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert
from ..payload import Body, as_text
from ..severities import severity_or_unstated
from .alert_builder import build_alert
from .sentry_events import described, place, tags, trace

FORM = "a Sentry webhook"

BY_KEY = {"metric_alert": "metric_alert", "event": "event_alert", "error": "error", "issue": "issue"}
"""Which resource the data of a body is of, where no header says it."""

FIRES = {"created", "unresolved", "triggered"}


def reads(headers: Mapping[str, str], body: Any) -> bool:
    """Know it by the header Sentry-Hook-Resource, or by its data, action and installation."""
    if "sentry-hook-resource" in headers:
        return True
    return isinstance(body, dict) and {"action", "data", "installation", "actor"} <= body.keys()


def read(headers: Mapping[str, str], body: Any) -> list[Alert]:
    """Read the alert; comments, installations and what people do with an issue are none."""
    given = Body(body, form=FORM)
    data, action = given.object("data", required=True), given.text("action")
    by_key = next((resource for key, resource in BY_KEY.items() if key in data), "")
    resource = headers.get("sentry-hook-resource", by_key)
    if resource == "metric_alert":
        return [_metric(data, action)]
    if resource == "event_alert":
        return [_event(data.object("event", required=True), data)]
    if resource == "error":
        return [_event(data.object("error", required=True), data)]
    if resource == "issue" and action in {*FIRES, "resolved"}:
        return [_issue(data.object("issue", required=True), action)]
    return []


def _event(event: Body, data: Body) -> Alert:
    rule = data.text("triggered_rule", default="")
    frame = place(event)
    return build_alert(
        FORM,
        name=event.text("title"),
        severity=severity_or_unstated(event.value.get("level")),
        description="\n".join(text for text in (described(event), f"Rule: {rule}" if rule else "") if text),
        resource=_project(event) or event.text("culprit", default=""),
        signal="error",
        fired_time=event.time("datetime", "timestamp"),
        source="sentry",
        logs=trace(event),
        file=frame[0],
        line=frame[1],
        link=event.text("web_url", default=""),
        dimensions=tags(event),
        fingerprint=event.text("issue_id", default="") or as_text(event.list("hashes")),
    )


def _issue(issue: Body, action: str) -> Alert:
    about = issue.object("metadata")
    return build_alert(
        FORM,
        name=issue.text("title"),
        severity=severity_or_unstated(issue.value.get("level")),
        description=about.text("value", default=""),
        resource=_project(issue),
        signal="error",
        fired_time=issue.time("firstSeen"),
        source="sentry",
        file=about.text("filename", default=""),
        link=issue.text("web_url", "permalink", default=""),
        dimensions=_known(issue, "shortId", "culprit", "platform", "substatus", "count", "userCount"),
        fingerprint=issue.text("id"),
        is_resolved=action == "resolved",
    )


def _metric(data: Body, action: str) -> Alert:
    alert = data.object("metric_alert", required=True)
    rule = alert.object("alert_rule")
    title = data.text("description_title", default="")
    projects = alert.list("projects")
    known = _known(rule, "aggregate", "query", "environment", "time_window")
    return build_alert(
        FORM,
        name=rule.text("name", default="") or title or alert.text("title"),
        severity=severity_or_unstated(action),
        description="\n".join(text for text in (title, data.text("description_text", default="")) if text),
        resource=", ".join(as_text(project) for project in projects),
        signal="metric",
        fired_time=alert.time("date_started", "date_created"),
        source="sentry",
        link=data.text("web_url", default=""),
        dimensions=known,
        fingerprint=f"metric-alert-{alert.text('id')}",
        is_resolved=action == "resolved",
    )


def _project(given: Body) -> str:
    value = given.value.get("project")
    if isinstance(value, dict):
        return given.object("project").text("slug", "name", default="")
    if isinstance(value, str):
        return value
    in_url = re.search(r"/projects/[^/]+/([^/]+)/", given.text("url", default=""))
    return in_url[1] if in_url else ""


def _known(given: Body, *names: str) -> dict[str, str]:
    return {name: text for name in names if (text := given.long_text(name))}


READER = Reader(
    "sentry",
    "Sentry's webhooks, known by `Sentry-Hook-Resource`, or by `data` and `installation`.",
    reads,
    read,
)
