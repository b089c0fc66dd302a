"""Datadog's webhooks: the payload they send by default, and one with more of the documented variables.

https://docs.datadoghq.com/integrations/webhooks/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert, digest
from ..payload import Body
from ..severities import severity_of, severity_or_unstated
from .alert_builder import build_alert

FORM = "a Datadog webhook"

STATES = "Triggered|Re-Triggered|Warn|Re-Warn|No Data|Re-No Data|Recovered|Renotify"

HEADING = re.compile(
    rf"\s*(?:\[P[1-5]\]\s*)?\[({STATES})(?: on \{{([^}}\]]*)\}})?[^\]]*\]\s*(.*)", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title such as `[Warn on {host:web-1}] Disk is full`, in its parts."""

    name: str
    state: str = ""
    group: str = ""


def reads(headers: Mapping[str, str], body: Any) -> bool:
    """Know it by its event_type, title and last_updated, or by its alert_transition."""
    if not isinstance(body, dict):
        return False
    return {"event_type", "title", "last_updated"} <= body.keys() or "alert_transition" in body


def read(headers: Mapping[str, str], body: Any) -> list[Alert]:
    """Read the one alert."""
    given = Body(body, form=FORM)
    title = _title(given.text("alert_title", "title"))
    monitor, scope = given.text("alert_id", default=""), given.text("alert_scope", default=title.group)
    group = _pairs(scope.split(","))
    host = given.text("hostname", default="") or group.get("host", "") or scope
    tags = given.value.get("tags")
    listed = tags if isinstance(tags, list) else given.text("tags", default="").split(",")
    lasting = given.text("aggreg_key", default="") or digest(monitor or title.name, scope, host)
    return [
        build_alert(
            FORM,
            name=title.name,
            severity=_severity(given, title),
            description=_described(given),
            resource=host,
            signal=given.text("event_type", default=""),
            fired_time=given.time("date", "last_updated"),
            source="datadog",
            logs=given.long_text("logs_sample"),
            link=given.text("link", "event_url", "url", default=""),
            dimensions=group | _pairs(listed) | ({"monitor": monitor} if monitor else {}),
            fingerprint=lasting,
            is_resolved=_is_resolved(given, title),
        )
    ]


def _title(text: str) -> Title:
    match = HEADING.fullmatch(text)
    return Title(match[3] or text, match[1].lower(), match[2] or "") if match else Title(text)


def _severity(given: Body, title: Title) -> int:
    """Take the monitor's priority; a state says less, for one monitor has several."""
    priority = severity_of(given.value.get("alert_priority"))
    if priority is not None:
        return priority
    kind = given.value.get("alert_type")
    by_state = {"": None, "warn": "warning", "re-warn": "warning"}.get(title.state, "error")
    return severity_or_unstated(None if kind in ("success", "info") else kind, by_state)


def _is_resolved(given: Body, title: Title) -> bool:
    transition = given.text("alert_transition", default=title.state)
    return transition.lower() == "recovered" or given.text("alert_type", default="") == "success"


def _described(given: Body) -> str:
    texts = [given.text(name, default="") for name in ("alert_status", "body", "message", "text_only_msg")]
    texts.append(given.text("alert_query", "alert_metric", default=""))
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _pairs(tags: list[Any]) -> dict[str, str]:
    """Take tags, which are `name:value`; a bare one has no value."""
    pairs = (str(tag).strip().partition(":") for tag in tags if isinstance(tag, str | int | float))
    return {name: text or "true" for name, _, text in pairs if name}


READER = Reader(
    "datadog",
    "Datadog's webhooks, known by `event_type`, `title` and `last_updated`, or by `alert_transition`.",
    reads,
    read,
)
