"""Prometheus Alertmanager's webhook, and Grafana's, which has the same alerts in it.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/

Grafana before version 9, and later with its old alerting, sends one rule at a time:
https://grafana.com/docs/grafana/v8.5/alerting/old-alerting/notifications/#webhook
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert, digest
from ..payload import NAMELESS, Body, as_text, build_alert, has, joined, reader
from ..severities import priority_of

RESOURCES = ("instance", "pod", "service", "job", "host", "node", "namespace", "cluster")
"""The labels that say what an alert is about, the most exact first."""

HEADING = re.compile(r"\s*\[[^\]]*\]\s*")
"""What a title says of the state: `[FIRING:2]`, `[Alerting]`."""

STATES = {"status", "state", "alertstate"}
"""Labels that some rules write how it stands into: they differ when the alert is over."""

GRAFANA_STATES = {"alerting": False, "no_data": False, "ok": True}
"""The states of an old rule to act on, and whether each says that it is over."""


def _group_reader(name: str, form: str, summary: str, *, is_grafana: bool) -> Reader:
    """Return a reader of one of the two: what Grafana sends names its organisation, or is of version 1."""

    def reads(headers: Mapping[str, str], body: Any) -> bool:
        is_group = has(body, "alerts", "groupLabels") or (
            has(body, "alerts")
            and isinstance(body["alerts"], list)
            and (has(body, "commonLabels") or has(body, "groupKey") or _is_plain(body["alerts"]))
        )
        is_its_group = is_group and ("orgId" in body or body.get("version") == "1") is is_grafana
        return is_its_group or (is_grafana and _is_old(body))

    def read(given: Body, headers: Mapping[str, str]) -> list[Alert]:
        return _old(given) if _is_old(given.value) else _group(given, name)

    return reader(name, form, summary, reads, read)


def _is_plain(alerts: list[Any]) -> bool:
    """Return whether these are alerts of a template that leaves out what groups them."""
    return bool(alerts) and has(alerts[0], "labels") and isinstance(alerts[0]["labels"], dict)


def _group(group: Body, source: str) -> list[Alert]:
    group.list("alerts", required=True)
    group.known("receiver", "version", "groupKey", "externalURL", "state", "message", "orgId")
    group.known("commonAnnotations", "commonLabels", "groupLabels", "status", "title")
    if cut := group.number("truncatedAlerts"):
        group.findings.notes.append(f"The sender left out {cut} more alerts of the group.")
    return group.read_each("alerts", partial(_alert, group, source))


def _alert(group: Body, source: str, alert: Body) -> Alert:
    labels, notes = alert.texts("labels"), alert.texts("annotations")
    lasting = {name: text for name, text in labels.items() if name not in STATES}
    rule = "" if labels.get("alertname") else alert.get("generatorURL")
    alert.known("endsAt", "silenceURL", "dashboardURL", "imageURL", "ruleUID", "orgId")
    return build_alert(
        alert,
        group,
        name=labels.get("alertname") or _name(group, alert, notes),
        severity=[labels.get("severity"), priority_of(labels.get("priority")), labels.get("level")],
        description=_described(notes, alert.texts("values"), alert.get("valueString")),
        resource=next((labels[name] for name in RESOURCES if name in labels), ""),
        signal=labels.get("signal", "metric"),
        fired_time=alert.time("startsAt"),
        source=source,
        link=alert.first_text("panelURL", "generatorURL"),
        dimensions={name: value for name, value in labels.items() if name != "alertname"},
        fingerprint=alert.get("fingerprint") or digest(source, lasting, rule),
        is_resolved=(alert.get("status") or group.get("status")).lower() == "resolved",
    )


def _name(group: Body, alert: Body, notes: dict[str, str]) -> str:
    """Return a name for an alert whose labels say none: what its group says, or how it is described."""
    for labels in ("groupLabels", "commonLabels"):
        if name := group.texts(labels).get("alertname"):
            return name
    said = [notes.get(name, "") for name in ("summary", "title", "description", "message")]
    title = HEADING.sub("", group.get("title"))
    if name := next(filter(None, [*said, title]), ""):
        return name.strip().partition("\n")[0]
    alert.object("labels", required=True)
    if alert.first("fingerprint") or alert.get("generatorURL"):
        return NAMELESS
    raise alert.object("labels").error("alertname", "is missing")


def _described(notes: dict[str, str], values: dict[str, str], values_text: str) -> str:
    first = [notes.get(name, "") for name in ("summary", "description", "message")]
    rest = [f"{name}: {text}" for name, text in notes.items() if text not in first]
    shown = ", ".join(f"{name} = {value}" for name, value in values.items()) or values_text
    return joined(*first, *rest, f"Values: {shown}" if shown else "")


def _is_old(body: Any) -> bool:
    is_rule = has(body, "state") and (has(body, "ruleId") or has(body, "ruleName"))
    return is_rule and any(name in body for name in ("evalMatches", "ruleUrl", "dashboardId"))


def _old(given: Body) -> list[Alert]:
    """Read a rule of the old alerting; one that is pending or paused is nothing to act on."""
    state = given.text("state").lower()
    if state not in GRAFANA_STATES:
        given.findings.notes.append("A rule of Grafana that neither fires nor is over is nothing to act on.")
        return []
    given.known("imageUrl", "title", "orgId", "dashboardId", "panelId")
    tags, matches = given.texts("tags"), list(given.objects("evalMatches"))
    values = {one.get("metric") or "value": as_text(one.raw("value")) for one in matches}
    found = {name: text for one in matches for name, text in one.texts("tags").items()}
    name = given.get("ruleName") or HEADING.sub("", given.text("title"))
    return [
        build_alert(
            given,
            name=name,
            severity=[tags.get("severity"), priority_of(tags.get("priority"))],
            description=_described({"message": given.get("message")}, values, ""),
            resource=next((text for key in RESOURCES if (text := tags.get(key) or found.get(key))), ""),
            signal="metric",
            source="grafana",
            link=given.get("ruleUrl"),
            dimensions=found | tags | ({"state": state} if state == "no_data" else {}),
            # not what was measured: a rule that is over has measured nothing
            fingerprint=digest("grafana", given.get("ruleId") or name, given.get("ruleUrl")),
            is_resolved=GRAFANA_STATES[state],
        )
    ]


ALERTMANAGER = _group_reader(
    "alertmanager",
    "an Alertmanager group",
    "Prometheus Alertmanager, known by `alerts` and `groupLabels`.",
    is_grafana=False,
)

GRAFANA = _group_reader(
    "grafana",
    "a Grafana group",
    "Grafana alerting, known by `alerts`, `groupLabels` and `orgId`; the old one by `ruleId` and `state`.",
    is_grafana=True,
)
