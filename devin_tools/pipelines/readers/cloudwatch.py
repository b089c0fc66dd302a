"""Amazon CloudWatch: alarms, as they come through SNS or EventBridge.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..alert import Alert, digest
from ..payload import Body, as_text, build_alert, has, joined, reader

CHANGE = "CloudWatch Alarm State Change"

OVER = "ok"
"""The state that an alarm is over in. One whose data is missing is not: nobody knows how it stands."""


CREATED = "Unchecked: "
"""How the reason of the state begins in which every alarm is made; EventBridge sends that too."""


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    return has(body, "AlarmName", "NewStateValue") or _is_change(body)


def _is_change(body: Any) -> bool:
    return has(body, "detail-type", "detail") and bool(body["detail-type"] == CHANGE)


def _read(given: Body, headers: Mapping[str, str]) -> list[Alert]:
    is_change = _is_change(given.value)
    state = given.object("detail").object("state") if is_change else given
    if state.get("reason" if is_change else "NewStateReason").startswith(CREATED):
        given.findings.notes.append("An alarm that was only just made is nothing to act on.")
        return []
    return [_change(given) if is_change else _alarm(given)]


def _alarm(given: Body) -> Alert:
    trigger = given.object("Trigger")
    parts = [one.object("MetricStat").object("Metric") for one in trigger.objects("Metrics")]
    if (first := next((one for one in parts if one.value), None)) is not None:  # of an expression
        trigger = first
    metric = ".".join(filter(None, (trigger.get("Namespace"), trigger.get("MetricName"))))
    pairs = [
        (one.first_text("name", "Name"), one.first_text("value", "Value"))
        for part in parts or [trigger]
        for one in part.objects("Dimensions")
    ]
    distinct = {name: value for name, value in pairs if name}
    for one in given.object("Trigger").objects("Metrics"):
        one.known("Id", "ReturnData")
    account, region = given.get("AWSAccountId"), given.get("Region")
    name = given.text("AlarmName")
    given.known(
        "OldStateValue",
        "AlarmConfigurationUpdatedTimestamp",
        "OKActions",
        "AlarmActions",
        "InsufficientDataActions",
    )
    return build_alert(
        given,
        name=name,
        severity=[],
        description=joined(given.get("AlarmDescription"), given.get("NewStateReason")),
        resource=next(iter(distinct.values()), "") or metric,
        signal="metric",
        fired_time=given.time("StateChangeTime"),
        source="cloudwatch",
        dimensions=distinct | {
            "metric": metric,
            "state": given.get("NewStateValue"),
            "account": account,
            "region": region,
            "alarm_arn": given.get("AlarmArn"),
        },
        fingerprint=given.get("AlarmArn") or digest("cloudwatch", account, region, name),
        is_resolved=given.get("NewStateValue").lower() == OVER,
    )  # fmt: skip


def _change(given: Body) -> Alert:
    detail = given.object("detail")
    state = detail.object("state")
    detail.known("previousState")
    given.known("version", "id", "source", "detail-type")
    resources = [as_text(each) for each in given.list("resources")]
    name = detail.text("alarmName")
    return build_alert(
        given,
        name=name,
        severity=[],
        description=joined(detail.object("configuration").get("description"), state.get("reason")),
        resource=resources[0] if resources else "",
        signal="metric",
        fired_time=state.time("timestamp") or given.time("time"),
        source="cloudwatch",
        dimensions={
            "state": state.get("value"),
            "account": given.get("account"),
            "region": given.get("region"),
        },
        fingerprint=resources[0]
        if resources
        else digest("cloudwatch", given.get("account"), given.get("region"), name),
        is_resolved=state.get("value").lower() == OVER,
    )


READER = reader(
    "cloudwatch",
    "an alarm of CloudWatch",
    "CloudWatch's alarms, known by `AlarmName` and `NewStateValue`, or by EventBridge's `detail-type`.",
    _reads,
    _read,
)
