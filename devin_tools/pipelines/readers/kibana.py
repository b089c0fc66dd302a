"""Kibana's webhook connector. Its body is written by whoever makes the rule; two forms of it are read.

One has the variables that every rule has, under their own names; the other has alert documents as
`{{{alerts.new.data}}}` gives them.
https://www.elastic.co/docs/explore-analyze/alerts-cases/alerts/rule-action-variables
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert
from ..payload import Body, as_text
from ..severities import severity_or_unstated
from .alert_builder import build_alert

FORM = "a Kibana webhook"

DOCUMENT = "kibana.alert."

GROUPS = ("new", "ongoing", "recovered")
"""The groups of a summary. Those that go on fired before: they are read, and adopt their sessions."""


def reads(headers: Mapping[str, str], body: Any) -> bool:
    """Know it by rule.id and alert, by a summary of alerts, or by an alert document."""
    if not isinstance(body, dict):
        return False
    return _is_action(body) or _is_summary(body) or _is_document(body)


def _is_action(body: dict[str, Any]) -> bool:
    rule = body.get("rule")
    return isinstance(rule, dict) and "id" in rule and ("alert" in body or "context" in body)


def _is_summary(body: dict[str, Any]) -> bool:
    alerts = body.get("alerts")
    return isinstance(alerts, dict) and any(group in alerts for group in GROUPS)


def _is_document(body: dict[str, Any]) -> bool:
    return any(isinstance(name, str) and name.startswith(DOCUMENT) for name in body)


def read(headers: Mapping[str, str], body: Any) -> list[Alert]:
    """Read one alert, or all of a summary."""
    given = Body(body, form=FORM)
    if _is_summary(body):
        alerts = given.object("alerts")
        return [
            _document(document, given)
            for group in GROUPS
            for document in alerts.object(group).objects("data")
        ]
    return [_document(given, given) if _is_document(body) else _action(given)]


def _action(given: Body) -> Alert:
    rule, alert, context = given.object("rule"), given.object("alert"), given.object("context")
    group = alert.text("actionGroup", default="")
    known = {
        "alert_id": alert.text("id", default=""),
        "action_group": group,
        "rule_type": rule.text("type", default=""),
        "space": rule.text("spaceId", default=""),
        "tags": rule.long_text("tags").replace("\n", ", "),
        **context.object("tags").texts_if_plain(),
    }
    return build_alert(
        FORM,
        name=rule.text("name"),
        severity=severity_or_unstated(given.value.get("severity"), context.value.get("severity"), group),
        description=_first(context, "message", "reason", "title") or given.text("message", default=""),
        resource=alert.text("id", default=""),
        signal=rule.text("type", default=""),
        fired_time=given.time("date") or context.time("timestamp"),
        source="kibana",
        logs=context.long_text("hits"),
        link=_first(context, "alertDetailsUrl", "link", "viewInAppUrl") or rule.text("url", default=""),
        dimensions={name: text for name, text in known.items() if text},
        fingerprint=f"{rule.text('id')}/{alert.text('id', default='')}",
        is_resolved=group == "recovered",
    )


def _document(document: Body, given: Body) -> Alert:
    def field(name: str) -> str:
        return document.text(DOCUMENT + name, default="")

    instance, status = field("instance.id"), field("status") or field("action_group")
    known = {
        "alert_id": instance,
        "rule_category": field("rule.category"),
        "space": as_text(document.value.get("kibana.space_ids")),
        "tags": document.long_text(DOCUMENT + "rule.tags").replace("\n", ", "),
    }
    return build_alert(
        FORM,
        name=document.text(DOCUMENT + "rule.name"),
        severity=severity_or_unstated(field("severity"), field("action_group")),
        description=field("reason"),
        resource=document.text("host.name", "service.name", default="") or instance,
        signal=field("rule.rule_type_id"),
        fired_time=document.time(DOCUMENT + "start", "@timestamp"),
        source="kibana",
        logs=document.long_text("message"),
        link=field("url") or given.object("rule").text("url", default=""),
        dimensions={name: text for name, text in known.items() if text},
        fingerprint=f"{field('rule.uuid')}/{instance}" if instance else "",
        is_resolved=status == "recovered",
    )


def _first(given: Body, *names: str) -> str:
    return next((text for name in names if (text := given.text(name, default=""))), "")


READER = Reader(
    "kibana",
    "Kibana's webhook connector, known by `rule.id` and `alert`, `alerts.new`, or `kibana.alert.*`.",
    reads,
    read,
)
