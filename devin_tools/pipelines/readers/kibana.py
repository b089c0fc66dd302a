"""Kibana's webhook connector. Its body is written by whoever makes the rule; two forms of it are read.

One has the variables that every rule has, under their own names; the other has alert documents as
`{{{alerts.new.data}}}` gives them.
https://www.elastic.co/docs/explore-analyze/alerts-cases/alerts/rule-action-variables
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ...errors import UnreadableEvent
from ..alert import Alert, digest
from ..payload import Body, as_text, build_alert, has, plain, reader

DOCUMENT = "kibana.alert."

GROUPS = ("new", "ongoing", "recovered")
"""The groups of a summary. Those that go on fired before: they are read, and adopt their sessions."""


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    if not isinstance(body, dict):
        return False
    is_action = has(body.get("rule"), "id") and ("alert" in body or "context" in body)
    return is_action or _is_summary(body) or _is_document(body) or _is_flat(body)


def _is_summary(body: dict[str, Any]) -> bool:
    return any(has(body.get("alerts"), group) for group in GROUPS)


def _is_flat(body: dict[str, Any]) -> bool:
    """Return whether somebody wrote the variables under their names with dots: `rule.id`."""
    return has(body, "rule.id", "rule.name")


def _is_document(body: dict[str, Any]) -> bool:
    if has(_within(body, ["kibana", "alert"]), "rule"):
        return True
    return any(isinstance(name, str) and name.startswith(DOCUMENT) for name in body)


def _read(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    """Read one alert, or all of a summary."""
    if _is_flat(dict(given.value)):
        return [_action(given.nested())]
    if not _is_summary(dict(given.value)):
        return [_document(given, given) if _is_document(dict(given.value)) else _action(given)]
    alerts: list[Alert] = []
    refused: UnreadableEvent | None = None
    for name in GROUPS:
        group = given.object("alerts").object(name)
        try:
            alerts += group.read_each("data", partial(_document, given))
        except UnreadableEvent as error:
            refused = refused or error
    if refused is not None and not alerts:
        raise refused
    return alerts


def _action(given: Body) -> Alert:
    rule, alert, context = given.object("rule"), given.object("alert"), given.object("context")
    instance = alert.get("id", "ID")
    alert.known("uuid")  # another one each time
    group = alert.get("actionGroup", "actionGroupName")
    return build_alert(
        given,
        name=rule.text("name"),
        severity=[given.raw("severity"), context.raw("severity"), rule.raw("severity"), group],
        description=context.first_text("message", "reason", "title")
        or given.first_text("message", "description"),
        resource=instance,
        signal=rule.get("type"),
        fired_time=given.time("date") or context.time("timestamp"),
        source="kibana",
        logs=context.long_text("hits"),
        link=context.first_text("alertDetailsUrl", "link", "viewInAppUrl") or rule.get("url"),
        dimensions={
            "alert_id": instance,
            "action_group": group,
            "rule_type": rule.get("type"),
            "space": rule.get("spaceId"),
            "tags": rule.long_text("tags").replace("\n", ", "),
            **context.texts("tags", only_plain=True),
        },
        fingerprint=f"{rule.text('id')}/{instance}",
        is_resolved=group.lower() == "recovered",
    )


def _document(given: Body, document: Body) -> Alert:
    def field(name: str) -> str:
        return document.get(DOCUMENT + name) or plain(_within(document.value, (DOCUMENT + name).split(".")))

    if not any(name.startswith(DOCUMENT) for name in document.value):
        document.known("kibana")

    instance, status = field("instance.id"), field("status") or field("action_group")
    resource = document.get("host.name", "service.name") or instance
    given.known("rule", "alerts")
    document.known(DOCUMENT + "uuid")
    return build_alert(
        document,
        *([] if given is document else [given]),
        name=field("rule.name") or document.text(DOCUMENT + "rule.name"),
        severity=[field("severity"), field("action_group")],
        description=field("reason"),
        resource=resource,
        signal=field("rule.rule_type_id"),
        fired_time=document.time(DOCUMENT + "start", "@timestamp"),
        source="kibana",
        logs=document.long_text("message"),
        link=field("url") or given.object("rule").get("url"),
        dimensions={
            "alert_id": instance,
            "rule_category": field("rule.category"),
            "space": as_text(document.raw("kibana.space_ids")),
            "tags": document.long_text(DOCUMENT + "rule.tags").replace("\n", ", "),
        },
        fingerprint=f"{field('rule.uuid')}/{instance}" if instance else digest(field("rule.uuid"), resource),
        is_resolved=status.lower() == "recovered",
    )


def _within(value: Any, names: list[str]) -> Any:
    """Return a value of an object whose names with dots are objects within each other."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


READER = reader(
    "kibana",
    "a Kibana webhook",
    "Kibana's webhook connector, known by `rule.id` and `alert`, `alerts.new`, or `kibana.alert.*`.",
    _reads,
    _read,
)
