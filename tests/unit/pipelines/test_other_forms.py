"""A form that is not read is named, with the one switch to set at its sender."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.payload_files import readers

from devin_tools.errors import UnreadableEvent
from devin_tools.pipelines.events import read_event

INCIDENT = {"id": "P1", "title": "Checkout is down"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"schemaId": "AzureMonitorMetricAlert", "data": {}}, "Enable the common alert schema"),
        ({"schemaId": "Microsoft.Insights/activityLogs", "data": {}}, "Enable the common alert schema"),
        ({"status": "Activated", "context": {"resourceType": "x"}}, "Enable the common alert schema"),
        ({"messages": [{"event": "incident.trigger", "incident": INCIDENT}]}, r"Generic Webhooks \(v3\)"),
        ({"messages": [{"type": "incident.trigger", "data": {}}]}, r"Generic Webhooks \(v3\)"),
        ({"event_action": "trigger", "payload": {"summary": "x"}}, "Events API"),
        ({"object_kind": "pipeline", "project": {}}, "GitLab"),
        ({"schemaId": "AIP Budget Notification", "data": {}}, "Enable the common alert schema"),
        ({"alert_group": {}, "alert_payload": {}, "event": {}}, "Grafana OnCall"),
        ({"detail-type": "GuardDuty Finding", "detail": {}}, "input transformer"),
        ({"message": {"data": "e30="}, "subscription": "x"}, "Pub/Sub"),
        ({"webhookEvent": "jira:issue_created", "issue": {}}, "Send web request"),
        ({"text": "TestAlert", "username": "Grafana"}, "contact point `Webhook`"),
        ({"@type": "MessageCard", "text": "x"}, "message for a chat"),
        ({"title": "$EVENT_TITLE", "body": "x"}, "variables of Datadog"),
        ([{"eventType": "x", "subject": "y", "data": {}}], "Azure Event Grid"),
        ([{"labels": {"alertname": "A"}, "annotations": {}}], "webhook_configs"),
    ],
)
def test_a_known_form_that_is_not_read_names_its_switch(body: Any, says: str) -> None:
    with pytest.raises(UnreadableEvent, match=says) as caught:
        read_event({}, json.dumps(body).encode(), readers())
    assert "Checkout" not in str(caught.value)


def test_a_webhook_of_gitlab_is_known_by_its_header() -> None:
    with pytest.raises(UnreadableEvent, match="GitLab"):
        read_event({"X-Gitlab-Event": "System Hook"}, b'{"event_name": "project_create"}', readers())


def test_a_scaling_of_azure_is_not_told_to_switch_a_schema_that_it_does_not_have() -> None:
    body = {"status": "Activated", "operation": "Scale Out", "context": {"resourceType": "x"}}
    with pytest.raises(UnreadableEvent, match="no known form"):
        read_event({}, json.dumps(body).encode(), readers())
