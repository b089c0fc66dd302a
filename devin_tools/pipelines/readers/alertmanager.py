"""Prometheus Alertmanager's webhook, and Grafana's, which has the same alerts in it.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert
from ..payload import Body, build_alert, has, joined
from ..severities import severity_or_unstated

RESOURCES = ("instance", "pod", "service", "job", "host", "node", "namespace", "cluster")
"""The labels that say what an alert is about, the most exact first."""


def _is_of_grafana(body: Any) -> bool:
    return "orgId" in body or body.get("version") == "1"


def _reads_alertmanager(headers: Mapping[str, str], body: Any) -> bool:
    return has(body, "alerts", "groupLabels") and not _is_of_grafana(body)


def _reads_grafana(headers: Mapping[str, str], body: Any) -> bool:
    return has(body, "alerts", "groupLabels") and _is_of_grafana(body)


def _read_alertmanager(headers: Mapping[str, str], body: Any) -> list[Alert]:
    return _read(Body(body, form="an Alertmanager group"), "alertmanager")


def _read_grafana(headers: Mapping[str, str], body: Any) -> list[Alert]:
    return _read(Body(body, form="a Grafana group"), "grafana")


def _read(group: Body, source: str) -> list[Alert]:
    # what all alerts have in common stands in each of them too
    return [_alert(alert, source) for alert in group.objects("alerts", required=True)]


def _alert(alert: Body, source: str) -> Alert:
    given = alert.object("labels", required=True)
    labels = alert.texts("labels")
    return build_alert(
        alert,
        name=given.text("alertname"),
        severity=severity_or_unstated(labels.get("severity"), labels.get("priority"), labels.get("level")),
        description=_described(alert.texts("annotations"), alert.texts("values")),
        resource=next((labels[name] for name in RESOURCES if name in labels), ""),
        signal=labels.get("signal", "metric"),
        fired_time=alert.time("startsAt"),
        source=source,
        link=alert.get("panelURL", "generatorURL"),
        dimensions={name: value for name, value in labels.items() if name != "alertname"},
        fingerprint=alert.get("fingerprint"),
        is_resolved=alert.get("status").lower() == "resolved",
    )


def _described(notes: dict[str, str], values: dict[str, str]) -> str:
    first = [notes.get(name, "") for name in ("summary", "description", "message")]
    rest = [f"{name}: {text}" for name, text in notes.items() if text not in first]
    shown = ", ".join(f"{name} = {value}" for name, value in values.items())
    return joined(*first, *rest, f"Values: {shown}" if shown else "")


ALERTMANAGER = Reader(
    "alertmanager",
    "Prometheus Alertmanager, known by `alerts` and `groupLabels`.",
    _reads_alertmanager,
    _read_alertmanager,
)

GRAFANA = Reader(
    "grafana",
    "Grafana alerting, known by `alerts`, `groupLabels` and `orgId`.",
    _reads_grafana,
    _read_grafana,
)
