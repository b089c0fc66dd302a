"""Azure Monitor's common alert schema: metric, log (both generations), activity log, service health.

https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert, digest
from ..payload import Body, as_text, build_alert, has, joined

SCHEMA = "azureMonitorCommonAlertSchema"

MAX_ROWS = 50

MAX_PROPERTY = 200

DESCRIPTIVE = ("title", "communication", "details", "description")
"""The properties that say what happened."""


def _reads(headers: Mapping[str, str], body: Any) -> bool:
    return has(body, "schemaId") and bool(body["schemaId"] == SCHEMA)


def _read(headers: Mapping[str, str], body: Any) -> list[Alert]:
    data = Body(body, form="an Azure Monitor alert").object("data", required=True)
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
    return [
        build_alert(
            data,
            name=name,
            severity=[essentials.value.get("severity"), context.value.get("level")],
            description=joined(*_described(essentials, context)),
            resource=next(iter([*targets, *items]), ""),
            signal=essentials.get("signalType", "monitoringService"),
            fired_time=essentials.time("firedDateTime"),
            source="azure-monitor",
            logs="\n".join(_rows(context)),
            link=_link(context),
            dimensions=distinct | {key: value for key, value in further.items() if value},
            # not alertId: of a rule without state it is another one each time that the same alert fires
            fingerprint=digest(name, targets, service, distinct),
            is_resolved=essentials.get("monitorCondition").lower() == "resolved",
        )
    ]


def _properties(context: Body) -> dict[str, str]:
    """The short ones: what is long is in the description, or is the same once more as HTML."""
    plain = context.texts("properties", only_plain=True)
    return {
        name: text for name, text in plain.items() if name not in DESCRIPTIVE and len(text) <= MAX_PROPERTY
    }


def _conditions(context: Body) -> Iterator[Body]:
    yield from context.object("condition").objects("allOf")


def _distinct(context: Body) -> dict[str, str]:
    """The dimensions by which one alert of a rule differs from its others."""
    pairs = [*context.objects("Dimensions")]
    for condition in _conditions(context):
        pairs += condition.objects("dimensions")
    found = {"operationName": context.get("operationName")}
    found |= {pair.get("name"): as_text(pair.value.get("value")) for pair in pairs}
    found |= context.texts("labels")
    return {key: value for key, value in found.items() if key and value}


def _described(essentials: Body, context: Body) -> Iterator[str]:
    properties = context.object("properties")
    yield essentials.get("description")
    yield from (properties.get(name) for name in DESCRIPTIVE)
    yield from (context.get(name) for name in ("SearchQuery", "expression", "status"))
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


READER = Reader(
    "azure-monitor", f"Azure Monitor's common alert schema, known by `schemaId`: `{SCHEMA}`.", _reads, _read
)
