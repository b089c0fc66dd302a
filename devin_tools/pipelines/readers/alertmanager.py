"""Prometheus Alertmanager's webhook, and Grafana's, which has the same alerts in it.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert
from ..payload import Body
from ..severities import severity_or_unstated
from .alert_builder import build_alert

RESOURCES = ("instance", "pod", "service", "job", "host", "node", "namespace", "cluster")
"""The labels that say what an alert is about, the most exact first."""


def _is_group(body: Any) -> bool:
    return isinstance(body, dict) and "alerts" in body and "groupLabels" in body


def _is_grafanas(body: Any) -> bool:
    return "orgId" in body or body.get("version") == "1"


def reads_alertmanager(headers: Mapping[str, str], body: Any) -> bool:
    """Know it by its alerts and groupLabels."""
    return _is_group(body) and not _is_grafanas(body)


def reads_grafana(headers: Mapping[str, str], body: Any) -> bool:
    """Know it by its alerts, groupLabels and orgId."""
    return _is_group(body) and _is_grafanas(body)


def read_alertmanager(headers: Mapping[str, str], body: Any) -> list[Alert]:
    """Read the alerts of a group."""
    return _read(Body(body, form="an Alertmanager group"), "alertmanager")


def read_grafana(headers: Mapping[str, str], body: Any) -> list[Alert]:
    """Read the alerts of a group."""
    return _read(Body(body, form="a Grafana group"), "grafana")


def _read(group: Body, source: str) -> list[Alert]:
    # what all alerts have in common stands in each of them too
    return [_alert(alert, source) for alert in group.objects("alerts", required=True)]


def _alert(alert: Body, source: str) -> Alert:
    given = alert.object("labels", required=True)
    labels, notes = alert.texts("labels"), alert.texts("annotations")
    values = alert.texts("values")
    return build_alert(
        alert.form,
        name=given.text("alertname"),
        severity=severity_or_unstated(labels.get("severity"), labels.get("priority"), labels.get("level")),
        description=_described(notes, values),
        resource=next((labels[name] for name in RESOURCES if name in labels), ""),
        signal=labels.get("signal", "metric"),
        fired_time=alert.time("startsAt"),
        source=source,
        link=alert.text("panelURL", "generatorURL", default=""),
        dimensions={name: value for name, value in labels.items() if name != "alertname"},
        fingerprint=alert.text("fingerprint", default=""),
        is_resolved=alert.text("status", default="firing").lower() == "resolved",
    )


def _described(notes: dict[str, str], values: dict[str, str]) -> str:
    first = [notes.get(name, "") for name in ("summary", "description", "message")]
    rest = [f"{name}: {text}" for name, text in notes.items() if text not in first]
    shown = ", ".join(f"{name} = {value}" for name, value in values.items())
    return "\n".join(text for text in (*first, *rest, f"Values: {shown}" if shown else "") if text)


ALERTMANAGER = Reader(
    "alertmanager",
    "Prometheus Alertmanager, known by `alerts` and `groupLabels`.",
    reads_alertmanager,
    read_alertmanager,
)

GRAFANA = Reader(
    "grafana", "Grafana alerting, known by `alerts`, `groupLabels` and `orgId`.", reads_grafana, read_grafana
)
