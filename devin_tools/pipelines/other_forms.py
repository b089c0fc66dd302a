"""Forms of events that are not read: what each is known by, and the one switch to set at its sender."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .payload import has

STANDARD = 'write the standard body into its template: {"alertName": "...", "severity": 1}'

Known = Callable[[Mapping[str, Any]], bool]


def _of(*names: str) -> Known:
    return lambda body: has(body, *names)


AZURE = ("azure", "microsoft", "budget notification")
"""What is in the names of its schemas."""


def _azure(body: Mapping[str, Any]) -> bool:
    schema = body.get("schemaId")
    if has(body, "operation"):  # a scaling, which has this schema alone
        return False
    is_named = isinstance(schema, str) and any(word in schema.lower() for word in AZURE)
    return is_named or (has(body, "status", "context") and has(body.get("context"), "resourceType"))


def _pagerduty(body: Mapping[str, Any]) -> bool:
    messages = body.get("messages")
    return isinstance(messages, list) and bool(messages) and any(
        has(messages[0], name, other) for name in ("event", "type") for other in ("incident", "data")
    )  # fmt: skip


def _chat(body: Mapping[str, Any]) -> bool:
    is_card = body.get("@type") == "MessageCard" or has(body, "embeds") or has(body, "blocks")
    return is_card or (has(body, "text") and body.keys() <= CHAT)


CHAT = {
    "text",
    "channel",
    "username",
    "icon_url",
    "icon_emoji",
    "attachments",
    "mrkdwn",
    "link_names",
    "parse",
}

GITLAB = f"it is a webhook of GitLab. Send the standard body from a job: {STANDARD}."

FORMS: Iterable[tuple[Known, str]] = (
    (
        _azure,
        "it is Azure Monitor's older schema. In the action group, open its webhook and set "
        "`Enable the common alert schema` to Yes.",
    ),
    (
        _pagerduty,
        "it is PagerDuty's webhook of version 1 or 2. Add one under Integrations, Generic Webhooks (v3).",
    ),
    (
        _of("event_action", "payload"),
        "it is an event for PagerDuty's Events API. Choose the sender's own webhook with JSON, or "
        + STANDARD
        + ".",
    ),
    (
        _of("object_kind", "project"),
        GITLAB,
    ),
    (
        _of("alert_group", "alert_payload"),
        "it is an outgoing webhook of Grafana OnCall. Set its data to `{{ alert_payload | tojson }}`, or "
        + STANDARD
        + ".",
    ),
    (
        _of("detail-type", "detail"),
        "it is an event of EventBridge, but not an alarm. Give the target an input transformer, and "
        + STANDARD
        + ".",
    ),
    (
        lambda body: has(body, "message", "subscription") and has(body["message"], "data"),
        "it is a message of Google Pub/Sub. Let the policy notify a channel of the type Webhooks, or "
        + STANDARD
        + ".",
    ),
    (
        _of("webhookEvent"),
        "it is a webhook of Jira. Use an automation rule with `Send web request`, and " + STANDARD + ".",
    ),
    (
        _chat,
        "it is a message for a chat. Choose the sender's webhook with JSON (in Grafana, the contact point "
        "`Webhook`), or " + STANDARD + ".",
    ),
    (
        lambda body: any(
            isinstance(value, str) and value.startswith(("$ALERT_", "$EVENT_")) for value in body.values()
        ),
        "its variables of Datadog were not filled in. Give the webhook the payload of docs/senders.md.",
    ),
)
"""How a form is known, and what to say."""


def switch_for(headers: Mapping[str, str], body: Any) -> str:
    """Return what a body is and what to set at its sender; nothing for one that nothing is known of."""
    if isinstance(body, list) and body and has(body[0], "labels", "annotations"):
        return (
            "it is a list of alerts as Prometheus sends it to an Alertmanager. "
            "Let Prometheus send to Alertmanager, and Alertmanager here (`webhook_configs`)."
        )
    if isinstance(body, list) and body and has(body[0], "eventType", "subject"):
        return "it is of Azure Event Grid. Send alerts by a webhook of their action group."
    if not isinstance(body, dict):
        return ""
    if "x-gitlab-event" in headers:
        return GITLAB
    return next((text for is_it, text in FORMS if is_it(body)), "")
