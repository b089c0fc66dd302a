"""Azure Monitor's common alert schema: metric, log (both generations), activity log, service health.

https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...hookspecs import Reader
from ..alert import Alert, digest
from ..payload import Body, as_text
from ..severities import severity_or_unstated
from .alert_builder import build_alert

FORM = "an Azure Monitor alert"

SCHEMA = "azureMonitorCommonAlertSchema"

MAX_ROWS = 50

MAX_PROPERTY = 200

WORDY = ("title", "communication", "details", "description")
"""The properties that tell what happened."""


def reads(headers: Mapping[str, str], body: Any) -> bool:
    """Know it by its schemaId."""
    return isinstance(body, dict) and body.get("schemaId") == SCHEMA


def read(headers: Mapping[str, str], body: Any) -> list[Alert]:
    """Read the one alert."""
    data = Body(body, form=FORM).object("data", required=True)
    essentials = data.object("essentials", required=True)
    context = data.object("alertContext")
    name = _rule(essentials) or _budget(context) or essentials.text("monitoringService")
    targets = [as_text(target) for target in essentials.list("alertTargetIDs")]
    items = [as_text(item) for item in essentials.list("configurationItems")]
    told = _told_apart(context)
    more = _more(essentials, context, data, items)
    return [
        build_alert(
            FORM,
            name=name,
            severity=severity_or_unstated(essentials.value.get("severity"), context.value.get("level")),
            description="\n".join(_described(essentials, context)),
            resource=next(iter([*targets, *items]), ""),
            signal=essentials.text("signalType", "monitoringService", default=""),
            fired_time=essentials.time("firedDateTime"),
            source="azure-monitor",
            logs="\n".join(_rows(context)),
            link=_link(context),
            dimensions=told | {key: value for key, value in more.items() if value},
            # alertId is another one each time a rule without state fires: it tells no two of them are one
            fingerprint=digest(name, targets, essentials.text("monitoringService", default=""), told),
            is_resolved=essentials.text("monitorCondition", default="Fired").lower() == "resolved",
        )
    ]


def _more(essentials: Body, context: Body, data: Body, items: list[str]) -> dict[str, str]:
    """What is worth knowing and need not be the same the next time."""
    return {
        "monitoringService": essentials.text("monitoringService", default=""),
        "configurationItems": ", ".join(items),
        "alertId": essentials.text("alertId", default=""),
        **_properties(context),
        **data.texts("customProperties"),
    }


def _properties(context: Body) -> dict[str, str]:
    """The short ones: what is long is in the description, or is the same once more as HTML."""
    plain = context.object("properties").texts_if_plain()
    return {name: text for name, text in plain.items() if name not in WORDY and len(text) <= MAX_PROPERTY}


def _rule(essentials: Body) -> str:
    return essentials.text("alertRule", default="")


def _budget(context: Body) -> str:
    return context.object("AlertData").text("BudgetName", default="")


def _conditions(context: Body) -> Iterator[Body]:
    yield from context.object("condition").objects("allOf")


def _told_apart(context: Body) -> dict[str, str]:
    """The dimensions by which one alert of a rule differs from its others."""
    pairs = [*context.objects("Dimensions")]
    for condition in _conditions(context):
        pairs += condition.objects("dimensions")
    told = {pair.text("name", default=""): as_text(pair.value.get("value")) for pair in pairs}
    told |= context.texts("labels")
    operation = context.text("operationName", default="")
    return {key: value for key, value in ({"operationName": operation} | told).items() if key and value}


def _described(essentials: Body, context: Body) -> Iterator[str]:
    properties = context.object("properties")
    texts = [essentials.text("description", default="")]
    texts += [properties.text(name, default="") for name in WORDY]
    texts += [context.text(name, default="") for name in ("SearchQuery", "expression", "status")]
    texts += context.texts("annotations").values()
    yield from dict.fromkeys(text for text in texts if text)
    for condition in _conditions(context):
        measure = condition.text("metricName", "searchQuery", default="")
        limit = f"{condition.text('operator', default='')} {condition.text('threshold', default='')}".strip()
        value = condition.text("metricValue", default="")
        yield f"{measure} {limit}".strip() + (f" (it was {value})" if value else "")


def _rows(context: Body) -> Iterator[str]:
    """The search results that came along, a line for each row."""
    for table in context.object("SearchResults").objects("tables"):
        names = [column.text("name", default="") for column in table.objects("columns")]
        for row in table.list("rows")[:MAX_ROWS]:
            values = row if isinstance(row, list) else [row]
            named = zip(names, values, strict=False)
            yield " ".join(f"{name}={as_text(value)}" for name, value in named)


def _link(context: Body) -> str:
    names = "LinkToFilteredSearchResultsUI", "LinkToSearchResults"
    link = context.text(*names, default="")
    for condition in _conditions(context):
        link = link or condition.text("linkToFilteredSearchResultsUI", "linkToSearchResultsUI", default="")
    return link


READER = Reader(
    "azure-monitor", f"Azure Monitor's common alert schema, known by `schemaId`: `{SCHEMA}`.", reads, read
)
