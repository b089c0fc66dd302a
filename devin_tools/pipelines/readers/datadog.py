"""Datadog's webhooks: the payload they send by default, and one with more of the documented variables.

https://docs.datadoghq.com/integrations/webhooks/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert, digest
from ..body import Body
from ..severities import severity_of, severity_or_unstated
from .making import made

__all__ = ["READER"]

FORM = "a Datadog webhook"

STATE = re.compile(
    r"^\s*(?:\[P[1-5]\]\s*)?\[(Triggered|Re-Triggered|Warn|Re-Warn|No Data|Recovered|Renotify)[^\]]*\]\s*",
    re.I,
)
"""What stands before the title of a monitor: its state, and the group it is in."""


def reads(headers: Mapping[str, str], body: Any) -> bool:
    """Know it by its event_type, title and last_updated, or by its alert_transition."""
    if not isinstance(body, dict):
        return False
    return {"event_type", "title", "last_updated"} <= body.keys() or "alert_transition" in body


def read(headers: Mapping[str, str], body: Any) -> list[Alert]:
    """Read the one alert."""
    given = Body(body, form=FORM)
    title = given.text("alert_title", "title")
    name = STATE.sub("", title) or title
    scope, tags = given.text("alert_scope", "scope", default=""), _tags(given)
    monitor, host = given.text("alert_id", default=""), given.text("hostname", default="")
    lasting = given.text("aggreg_key", default="") or digest(monitor or name, scope, host)
    return [
        made(
            FORM,
            name=name,
            severity=_severity(given, title),
            description=_described(given),
            resource=host or scope,
            signal=given.text("event_type", default=""),
            fired_time=given.time("date", "last_updated"),
            source="datadog",
            logs=given.long_text("logs_sample"),
            link=given.text("link", "event_url", "url", default=""),
            dimensions=tags | ({"monitor": monitor} if monitor else {}),
            fingerprint=lasting,
            is_resolved=_is_resolved(given, title),
        )
    ]


def _severity(given: Body, title: str) -> int:
    """Take the monitor's priority; a state says less, for one monitor has several."""
    priority = severity_of(given.value.get("alert_priority"))
    if priority is not None:
        return priority
    state = STATE.match(title)
    word = {"warn": "warning", "re-warn": "warning"}.get(state[1].lower(), "error") if state else None
    alert_type = given.value.get("alert_type")
    return severity_or_unstated(None if alert_type in ("success", "info") else alert_type, word)


def _is_resolved(given: Body, title: str) -> bool:
    transition = given.text("alert_transition", default="")
    if not transition and (state := STATE.match(title)):
        transition = state[1]
    return transition.lower() == "recovered" or given.text("alert_type", default="") == "success"


def _described(given: Body) -> str:
    texts = [given.text(name, default="") for name in ("alert_status", "body", "message", "text_only_msg")]
    texts.append(given.text("alert_query", "alert_metric", default=""))
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _tags(given: Body) -> dict[str, str]:
    """Tags are `name:value` with commas between them, or a list; a bare one has no value."""
    value = given.value.get("tags")
    listed = value if isinstance(value, list) else given.text("tags", default="").split(",")
    pairs = (str(tag).strip().partition(":") for tag in listed if isinstance(tag, str | int | float))
    return {name: text or "true" for name, _, text in pairs if name}


READER = Reader(
    "datadog",
    "Datadog's webhooks, known by `event_type`, `title` and `last_updated`, or by `alert_transition`.",
    reads,
    read,
)
