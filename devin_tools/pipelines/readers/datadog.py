"""Datadog's webhooks: the payload they send by default, and one with more of the documented variables.

https://docs.datadoghq.com/integrations/webhooks/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..alert import Alert, digest
from ..payload import Body, build_alert, filled, has, joined, reader
from ..severities import priority_of

STATES = "Triggered|Re-Triggered|Warn|Re-Warn|No Data|Re-No Data|Recovered|Renotify"

HEADING = re.compile(
    r"\s*(?:\[TEST\]\s*)?(?:\[P[1-5]\]\s*)?"
    rf"\[(?:({STATES})|[^\]{{}}]*(?= on \{{))(?: on \{{([^}}\]]*)\}})?[^\]]*\]\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
"""A state that is not known is one all the same where it says on what: `[Muted on {host:web-1}] Disk`."""


class Title(NamedTuple):
    """A title such as `[Warn on {host:web-1}] Disk is full`, in its parts."""

    name: str
    state: str = ""
    group: str = ""


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    if has(body, "event_type", "title", "last_updated") or has(body, "alert_transition"):
        return True
    is_monitor = has(body, "alert_id") or has(body, "monitor_id", "scopes")
    return is_monitor and "alertName" not in body and (has(body, "alert_title") or has(body, "title"))


def _read(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    title = _title(given.text("alert_title", "title"))
    monitor, scope = filled(given.first_text("alert_id", "monitor_id")), _scope(given) or title.group
    group = _pairs(scope.split(","))
    host = filled(given.get("hostname")) or group.get("host", "") or scope
    listed = given.list("tags") if isinstance(given.value.get("tags"), list) else given.get("tags").split(",")
    given.known("id", "org", "org_id", "org_name", "priority", "alert_title", "title", "last_updated", "date")
    return [
        build_alert(
            given,
            name=title.name,
            severity=_severity(given, title),
            description=_described(given),
            resource=host,
            signal=given.get("event_type"),
            fired_time=given.time("date", "last_updated"),
            source="datadog",
            logs=given.long_text("logs_sample"),
            link=given.get("link", "event_url", "url"),
            dimensions=group | _pairs(listed) | ({"monitor": monitor} if monitor else {}),
            # the host of a monitor over several is that of the moment: its group stays
            fingerprint=filled(given.get("aggreg_key")) or digest(monitor or title.name, scope or host),
            is_resolved=_is_resolved(given, title),
        )
    ]


def _scope(given: Body) -> str:
    """Return the group of a monitor, which some payloads give as a list."""
    return filled(given.get("alert_scope")) or given.long_text("scopes", "scope").replace("\n", ",")


def _title(text: str) -> Title:
    match = HEADING.fullmatch(text)
    return Title(match[3] or text, (match[1] or "").lower(), match[2] or "") if match else Title(text)


def _severity(given: Body, title: Title) -> list[object]:
    """Take the monitor's priority; a state says less, for one monitor has several."""
    kind = given.raw("alert_type")
    by_state = {"": None, "warn": "warning", "re-warn": "warning"}.get(title.state, "error")
    priority = priority_of(given.raw("alert_priority"))
    return [priority, given.raw("severity"), None if kind in ("success", "info") else kind, by_state]


def _is_resolved(given: Body, title: Title) -> bool:
    transition = given.get("alert_transition") or title.state
    return transition.lower().startswith("recovered") or given.get("alert_type") == "success"


def _described(given: Body) -> str:
    texts = (given.get(name) for name in ("alert_status", "body", "message", "text_only_msg"))
    return joined(*texts, given.get("alert_query", "alert_metric"))


def _pairs(tags: list[Any]) -> dict[str, str]:
    """Take tags, which are `name:value`; a bare one has no value."""
    pairs = (str(tag).strip().partition(":") for tag in tags if isinstance(tag, str | int | float))
    return {name: text or "true" for name, _, text in pairs if name not in ("", "null")}


READER = reader(
    "datadog",
    "a Datadog webhook",
    "Datadog's webhooks, known by `event_type`, `title` and `last_updated`, or by `alert_transition`.",
    _reads,
    _read,
)
