"""The two nodes: one asks the API, the other asks the tools server."""

from __future__ import annotations

from collections.abc import Sequence

from ....spec import Spec
from ..fields import Field, fields_of, label_of, operation_of
from .properties import Property, is_shown, property_of
from .texts import about_operation

SOME = 50
"""How many items are listed by default when not all are, as by n8n's own nodes."""

CONFIRMED: Property = {
    "displayName": "Confirmed",
    "name": "confirmed",
    "type": "boolean",
    "default": False,
    "noDataExpression": True,
    "description": "Whether a person consents to this call, where the server asks for it",
}

ONLY_ADDED = (
    "Only what is added here is sent. An empty text leaves its field out. What a field cannot hold, such as "
    "an expression without a value, stops the call."
)

UNLIMITED = (
    "This spends ACUs. Without {limit} (under Additional Fields) the call sets no limit to what a session "
    "spends."
)

REQUEST_OPTIONS: Property = {
    "displayName": "Request Options",
    "name": "requestOptions",
    "type": "collection",
    "placeholder": "Add option",
    "default": {},
    "options": [
        {
            "displayName": "Batching",
            "name": "batching",
            "type": "fixedCollection",
            "default": {"batch": {}},
            "options": [
                {
                    "displayName": "Batching",
                    "name": "batch",
                    "values": [
                        {
                            "displayName": "Items per Batch",
                            "name": "batchSize",
                            "type": "number",
                            "typeOptions": {"minValue": 1},
                            "default": 50,
                            "description": "How many items are sent at a time",
                        },
                        {
                            "displayName": "Batch Interval (ms)",
                            "name": "batchInterval",
                            "type": "number",
                            "typeOptions": {"minValue": 0},
                            "default": 1000,
                            "description": "Milliseconds between batches; 0 for none",
                        },
                    ],
                }
            ],
        },
        {
            "displayName": "Ignore SSL Issues (Insecure)",
            "name": "allowUnauthorizedCerts",
            "type": "boolean",
            "noDataExpression": True,
            "default": False,
            "description": "Whether to connect even where the certificate cannot be checked",
        },
        {
            "displayName": "Proxy",
            "name": "proxy",
            "type": "string",
            "default": "",
            "placeholder": "e.g. http://myproxy:3128",
            "description": "The proxy to use; left out, the one of n8n's environment",
        },
        {
            "displayName": "Timeout",
            "name": "timeout",
            "type": "number",
            "typeOptions": {"minValue": 1},
            "default": 300000,
            "description": "How many milliseconds an answer may take; left out, five minutes",
        },
    ],
}
"""What n8n gives nodes that have no code of their own, by the same names."""


def tools_node(specs: Sequence[Spec]) -> Property:
    """Describe the node of the tools that one request does."""
    about = "Use the Devin API: sessions, messages, knowledge, playbooks, schedules"
    return _node("Devin", "devin", about, specs, "devinApi")


def server_node(specs: Sequence[Spec]) -> Property:
    """Describe the node of the tools that take more: it asks `devin-tools serve`."""
    about = "Run Devin tools that take many requests: waits, whole tasks, fan-outs, files"
    return _node("Devin Tools Server", "devinToolsServer", about, specs, "devinToolsServerApi")


def _node(title: str, name: str, about: str, specs: Sequence[Spec], credentials: str) -> Property:
    properties = [_resources(specs), *_operations(specs)]
    for spec in specs:
        when = {"show": {"resource": [spec.resource], "operation": [operation_of(spec)]}}
        properties += _filled(spec, when)
    return {
        "displayName": title,
        "name": name,
        "description": about,
        "icon": "file:devin.svg",
        "group": ["transform"],
        "version": 1,
        "subtitle": '={{ $parameter["operation"].replaceAll("_", " ") }}',
        "defaults": {"name": "Devin"},
        "inputs": ["main"],
        "outputs": ["main"],
        "usableAsTool": True,
        "credentials": [{"name": credentials, "required": True}],
        "properties": [*properties, REQUEST_OPTIONS],
    }


def _resources(specs: Sequence[Spec]) -> Property:
    names = list(dict.fromkeys(spec.resource for spec in specs))
    options = sorted(({"name": label_of(name), "value": name} for name in names), key=lambda one: one["name"])
    default = "sessions" if "sessions" in names else next(iter(names), "")
    menu = {"displayName": "Resource", "name": "resource", "type": "options", "noDataExpression": True}
    return menu | {"options": options, "default": default}


def _operations(specs: Sequence[Spec]) -> list[Property]:
    groups: dict[str, list[Spec]] = {}
    for spec in specs:
        groups.setdefault(spec.resource, []).append(spec)
    return [
        {
            "displayName": "Operation",
            "name": "operation",
            "type": "options",
            "noDataExpression": True,
            "displayOptions": {"show": {"resource": [resource]}},
            "options": [_operation(spec) for spec in sorted(group, key=lambda spec: spec.title)],
            "default": _harmless(group),
        }
        for resource, group in groups.items()
    ]


def _harmless(group: Sequence[Spec]) -> str:
    """Choose what a node does before anybody chose: a read, a list before others, or nothing at all."""
    reads = [spec for spec in group if spec.effect.only_reads]
    if not reads:
        return ""
    return operation_of(min(reads, key=lambda spec: (spec.paging is None, spec.title)))


def _operation(spec: Spec) -> Property:
    return {
        "name": spec.title,
        "value": operation_of(spec),
        "action": spec.title,
        "description": about_operation(spec),
    }


def _filled(spec: Spec, when: Property) -> list[Property]:
    """Return the properties of an operation."""
    fields = [field for field in fields_of(spec) if is_shown(spec, field)]
    own: list[Property] = []
    if spec.is_one_request and spec.paging:
        ours = (spec.paging.size_field, spec.paging.cursor_field)
        own = _pages(next(field for field in fields if field.name == spec.paging.size_field), when)
        fields = [field for field in fields if field.name not in ours]
    elif not spec.is_one_request and spec.effect.needs_consent:
        own = [CONFIRMED | {"displayOptions": when}]
    required = [property_of(spec, field) | {"displayOptions": when} for field in fields if field.is_required]
    rest = [property_of(spec, field) for field in fields if not field.is_required]
    return [*_notices(spec, when), *required, *own, *([_collection(rest, when)] if rest else [])]


def _notices(spec: Spec, when: Property) -> list[Property]:
    """Return a notice for a call that spends without a limit unless a person sets one."""
    spending = spec.effect.spending
    if spending is None or spending.limit is None or spending.total is not None:
        return []
    text = UNLIMITED.format(limit=label_of(spending.limit))
    notice = {"displayName": text, "name": "spendingNotice", "type": "notice", "default": ""}
    return [notice | {"displayOptions": when}]


def _collection(properties: list[Property], when: Property) -> Property:
    """Gather what may be left out: only what is added to it is sent."""
    return {
        "displayName": "Additional Fields",
        "name": "additionalFields",
        "type": "collection",
        "placeholder": "Add Field",
        "description": ONLY_ADDED,
        "default": {},
        "displayOptions": when,
        "options": sorted(properties, key=lambda one: str(one["displayName"])),
    }


def _pages(size: Field, when: Property) -> list[Property]:
    """Choose between all items and some, as n8n's own nodes do."""
    number = {
        "type": "number",
        "typeOptions": {"minValue": 1, "maxValue": size.maximum, "numberPrecision": 0},
    }
    some, every = ({"show": when["show"] | {"returnAll": [choice]}} for choice in (False, True))
    switch = {"name": "returnAll", "type": "boolean", "default": False, "displayOptions": when}
    limit = {"name": "limit", "default": SOME, "displayOptions": some, **number}
    page = {"name": "pageSize", "default": size.default, "displayOptions": every, **number}
    every_or_some = "Whether to return all results or only up to a given limit"
    return [
        {"displayName": "Return All", "description": every_or_some, **switch},
        {"displayName": "Limit", "description": "Max number of results to return", **limit},
        {"displayName": "Page Size", "description": "How many results one request asks for", **page},
    ]
