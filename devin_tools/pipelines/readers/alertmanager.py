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

RESOURCES = ("instance", "pod", "service", "job", "host", "node", "namespace", "cluster")
"""The labels that say what an alert is about, the most exact first."""


def _reader(name: str, form: str, summary: str, *, is_grafana: bool) -> Reader:
    """Return a reader of one of the two: what Grafana sends names its organisation, or is of version 1."""

    def reads(headers: Mapping[str, str], body: Any) -> bool:
        is_group = has(body, "alerts", "groupLabels")
        return is_group and ("orgId" in body or body.get("version") == "1") is is_grafana

    def read(headers: Mapping[str, str], body: Any) -> list[Alert]:
        # what all alerts have in common stands in each of them too
        return [_alert(alert, name) for alert in Body(body, form=form).objects("alerts", required=True)]

    return Reader(name, summary, reads, read)


def _alert(alert: Body, source: str) -> Alert:
    given = alert.object("labels", required=True)
    labels = alert.texts("labels")
    return build_alert(
        alert,
        name=given.text("alertname"),
        severity=[labels.get("severity"), labels.get("priority"), labels.get("level")],
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


ALERTMANAGER = _reader(
    "alertmanager",
    "an Alertmanager group",
    "Prometheus Alertmanager, known by `alerts` and `groupLabels`.",
    is_grafana=False,
)

GRAFANA = _reader(
    "grafana",
    "a Grafana group",
    "Grafana alerting, known by `alerts`, `groupLabels` and `orgId`.",
    is_grafana=True,
)
