"""Azure Monitor's common alert schema: metric, log (both generations), activity log, service health.

https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..alert import Alert, digest
from ..payload import Body, as_text, build_alert, has, joined, reader
from ..severities import priority_of

SCHEMA = "azureMonitorCommonAlertSchema"

MAX_ROWS = 50

DESCRIPTIVE = ("title", "communication", "details", "description")
"""The properties that say what happened."""

SAID_TWICE = ("defaultLanguageTitle", "defaultLanguageContent", "impactedServicesTableRows")
"""Properties that are others once more, in the language of the portal or as HTML."""

RESOLVED = {"": {"resolved"}, "servicehealth": {"resolved", "complete", "completed", "rca", "canceled"}}
"""What `status`, or the `stage` of a notice, says when it is over, where a service has words of its own.

Services that report events, as service health and resource health do, send the end of a problem as an event
too: it is fired, whatever `monitorCondition` means elsewhere.
"""

BY_NOTICE = {"servicehealth": "trackingId", "resourcehealth": ""}
"""The services whose notices of one problem differ in their operation, and the property that is the same."""


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    return has(body, "schemaId") and bool(body["schemaId"] == SCHEMA)


def _read(body: Body, headers: Mapping[str, str]) -> list[Alert]:
    body.known("schemaId")
    data = body.object("data", required=True)
    essentials = data.object("essentials", required=True)
    context = data.object("alertContext")
    service = essentials.get("monitoringService")
    name = essentials.get("alertRule") or context.object("AlertData").get("BudgetName")
    name = name or essentials.text("monitoringService")
    targets = [as_text(target) for target in essentials.list("alertTargetIDs")]
    items = [as_text(item) for item in essentials.list("configurationItems")]
    distinct = _distinct(context)
    further = {
        "monitoringService": service,
        "configurationItems": ", ".join(items),
        "alertId": essentials.get("alertId"),
        **_properties(context),
        **data.texts("customProperties"),
    }
    essentials.known("originAlertId", "essentialsVersion", "alertContextVersion")
    for part in (context, *_conditions(context)):
        part.known(*(name for name in part.value if name.lower().startswith("linkto")))
    context.known("authorization", "claims", "httpRequest", "channels", "correlationId", "eventDataId")
    context.known("operationId", "eventSource", "eventTimestamp", "submissionTimestamp", "SearchResults")
    return [
        build_alert(
            data,
            name=name,
            # a level of the activity log counts from 1 where it is a number
            severity=[essentials.raw("severity"), priority_of(context.raw("level"))],
            description=joined(*_described(essentials, context)),
            resource=next(iter([*targets, *items]), ""),
            signal=essentials.get("signalType", "monitoringService"),
            fired_time=essentials.time("firedDateTime"),
            source="azure-monitor",
            logs="\n".join(_rows(context)),
            link=_link(context),
            dimensions=distinct | {key: value for key, value in further.items() if value},
            fingerprint=_fingerprint(name, targets, service, context, distinct),
            is_resolved=_is_over(essentials, context, service),
        )
    ]


def _fingerprint(name: str, targets: list[str], service: str, context: Body, distinct: dict[str, str]) -> str:
    """Return what stays the same from the first notice of a problem to the last.

    That is not alertId: of a rule without state it is another one each time that the same alert fires.
    """
    kind = _plain(service)
    if kind not in BY_NOTICE:
        return digest(name, targets, service, distinct)
    same = BY_NOTICE[kind]
    notice = context.object("properties").get(same) if same else ""
    # ids of Azure are the same in upper and lower case, and the notices of one problem mix them
    return digest(name, sorted(target.casefold() for target in targets), kind, notice)


def _is_over(essentials: Body, context: Body, service: str) -> bool:
    """Return whether a problem is over, by the words of the service that reports it."""
    kind, properties = _plain(service), context.object("properties")
    said = {context.get("status").lower(), properties.get("stage").lower()}
    return (
        essentials.get("monitorCondition").lower() == "resolved"
        or bool(essentials.get("resolvedDateTime"))
        or not said.isdisjoint(RESOLVED.get(kind, RESOLVED[""]))
        or (kind == "resourcehealth" and properties.get("currentHealthStatus").lower() == "available")
    )


def _plain(service: str) -> str:
    return service.replace(" ", "").lower()


def _properties(context: Body) -> dict[str, str]:
    """The plain ones but those that the description has, or that say it once more."""
    found = context.texts("properties", only_plain=True)
    left_out = {*DESCRIPTIVE, *SAID_TWICE}
    return {name: text for name, text in found.items() if name not in left_out}


def _conditions(context: Body) -> Iterator[Body]:
    yield from context.object("condition").objects("allOf")


def _distinct(context: Body) -> dict[str, str]:
    """The dimensions by which one alert of a rule differs from its others."""
    pairs = [*context.objects("Dimensions")]
    for condition in _conditions(context):
        pairs += condition.objects("dimensions")
    found = {"operationName": context.get("operationName")}
    found |= {pair.get("name"): as_text(pair.raw("value")) for pair in pairs}
    found |= context.texts("labels")
    return {key: value for key, value in found.items() if key and value}


def _described(essentials: Body, context: Body) -> Iterator[str]:
    properties = context.object("properties")
    yield essentials.get("description")
    yield from (properties.get(name) for name in DESCRIPTIVE)
    yield from (context.get(name) for name in ("DetectionSummary", "SearchQuery", "expression", "status"))
    yield from context.texts("annotations").values()
    for condition in _conditions(context):
        measure = condition.get("metricName", "searchQuery")
        limit = f"{condition.get('operator')} {condition.get('threshold')}".strip()
        value = condition.get("metricValue")
        yield f"{measure} {limit}".strip() + (f" (it was {value})" if value else "")


def _rows(context: Body) -> Iterator[str]:
    """The search results that came along, a line for each row."""
    for table in context.object("SearchResults").objects("tables"):
        names = [column.get("name") for column in table.objects("columns")]
        for row in table.list("rows")[:MAX_ROWS]:
            named = zip(names, row if isinstance(row, list) else [row], strict=False)
            yield " ".join(f"{name}={as_text(value)}" for name, value in named)


def _link(context: Body) -> str:
    link = context.get("LinkToFilteredSearchResultsUI", "LinkToSearchResults")
    for condition in _conditions(context):
        link = link or condition.get("linkToFilteredSearchResultsUI", "linkToSearchResultsUI")
    return link


READER = reader(
    "azure-monitor",
    "an Azure Monitor alert",
    f"Azure Monitor's common alert schema, known by `schemaId`: `{SCHEMA}`.",
    _reads,
    _read,
)
