"""The two nodes: one asks the API, the other asks the tools server."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ....spec import Spec
from ...openapi import CONFIRM_HEADER, path_of
from ...quoting import html_text
from ..fields import Field, fields_of, label_of, operation_of
from ..responses import response_list
from .properties import Property, path_expression, property_of

SOME = 50
"""How many items are listed by default when not all are, as by n8n's own nodes."""

Operation = Callable[[Spec, Property], list[Property]]
"""Makes the properties of an operation, which are shown under a condition."""


CONFIRMED: Property = {
    "displayName": "Confirmed",
    "name": "confirmed",
    "type": "boolean",
    "default": False,
    "noDataExpression": True,
    "description": "Whether a person consents to what this spends or destroys; some servers ask for it",
}


def tools_node(specs: Sequence[Spec]) -> Property:
    """Describe the node of the tools that one request does."""
    about = "Use the Devin API: sessions, messages, knowledge, playbooks, schedules"
    base = {"displayName": "Devin", "name": "devin", "description": about}
    return base | _node(specs, "devinApi", "={{ $credentials.baseUrl }}", _request)


def server_node(specs: Sequence[Spec]) -> Property:
    """Describe the node of the tools that take more: it asks `devin-tools serve`."""
    about = "Run Devin tools that take many requests: waits, whole tasks, fan-outs, files"
    base = {"displayName": "Devin Tools Server", "name": "devinToolsServer", "description": about}
    return base | _node(specs, "devinToolsServerApi", "={{ $credentials.serverUrl }}", _call)


def _node(specs: Sequence[Spec], credentials: str, url: str, operation: Operation) -> Property:
    properties = [_resources(specs), *_operations(specs)]
    for spec in specs:
        properties += operation(
            spec, {"show": {"resource": [spec.resource], "operation": [operation_of(spec)]}}
        )
    return {
        "icon": "file:devin.svg",
        "group": ["transform"],
        "version": 1,
        "subtitle": '={{ $parameter["operation"].replaceAll("_", " ") }}',
        "defaults": {"name": "Devin"},
        "inputs": ["main"],
        "outputs": ["main"],
        "usableAsTool": True,
        "credentials": [{"name": credentials, "required": True}],
        "requestDefaults": {
            "baseURL": url,
            "headers": {"Accept": "application/json"},
            "arrayFormat": "repeat",
            "json": True,
            "ignoreHttpStatusErrors": True,
        },
        "properties": properties,
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
            "default": operation_of(min(group, key=lambda spec: spec.title)),
        }
        for resource, group in groups.items()
    ]


def _operation(spec: Spec) -> Property:
    marks = [mark for mark in (spec.effect.spends, "beta" if spec.beta else "") if mark]
    marks += ["cannot be undone"] if spec.effect.kind == "destroy" else []
    about = f"{spec.summary} ({', '.join(marks)})" if marks else spec.summary
    return {
        "name": spec.title,
        "value": operation_of(spec),
        "action": spec.title,
        "description": html_text(about, quote=False),  # the editor shows it as HTML
    }


def _request(spec: Spec, when: Property) -> list[Property]:
    """Return the properties of an operation of one request."""
    assert spec.route is not None
    fields = [field for field in fields_of(spec) if field.where != "nowhere"]
    path = spec.route.template.replace("{org_id}", "{{ encodeURIComponent($credentials.orgId) }}")
    for field in fields:
        if field.where == "path":
            path = path.replace("{" + field.name + "}", path_expression(field))
    rows = response_list(spec)
    request = {"method": spec.route.method, "url": f"={path}"}
    routing: Property = {"request": request, "rows": rows.wire if rows else None}
    own: list[Property] = []
    if spec.paging:
        size = next(field for field in fields if field.name == spec.paging.size_field)
        cursor = next(field for field in fields if field.name == spec.paging.cursor_field)
        fields = [field for field in fields if field not in (size, cursor)]
        names = ("item_id", "wire_items", "cursor", "more", "style")
        routing["paging"] = {name: getattr(spec.paging, name) for name in names} | {
            "cursor_wire": cursor.wire,
            "size_wire": size.wire,
        }
        own = _pages(size, when)
    return [_hidden(spec, routing, when), *_filled(fields, when, own)]


def _call(spec: Spec, when: Property) -> list[Property]:
    """Return the properties of an operation of the tools server."""
    request: Property = {"method": "POST", "url": path_of(spec)}
    own: list[Property] = []
    if spec.effect.needs_consent:
        request["headers"] = {CONFIRM_HEADER: '={{ $parameter["confirmed"] ? "true" : "false" }}'}
        own = [CONFIRMED | {"displayOptions": when}]
    return [_hidden(spec, {"request": request, "waits": True}, when), *_filled(fields_of(spec), when, own)]


def _hidden(spec: Spec, routing: Property, when: Property) -> Property:
    """Carry the request in a hidden property: n8n has no credentials in the routing of an option."""
    return {
        "displayName": "Call",
        "name": f"call_{operation_of(spec)}",
        "type": "hidden",
        "default": spec.name,
        "displayOptions": when,
        "routing": routing,
    }


def _filled(fields: Sequence[Field], when: Property, own: list[Property]) -> list[Property]:
    required = [property_of(field) | {"displayOptions": when} for field in fields if field.is_required]
    rest = [property_of(field) for field in fields if not field.is_required]
    return [*required, *own, *([_collection(rest, when)] if rest else [])]


def _collection(properties: list[Property], when: Property) -> Property:
    """Gather what may be left out: only what is added to it is sent."""
    return {
        "displayName": "Additional Fields",
        "name": "additionalFields",
        "type": "collection",
        "placeholder": "Add Field",
        "default": {},
        "displayOptions": when,
        "options": sorted(properties, key=lambda one: str(one["displayName"])),
    }


def _pages(size: Field, when: Property) -> list[Property]:
    """Choose between all items and some, as n8n's own nodes do."""
    send = {"type": "query", "property": size.wire}
    number = {
        "type": "number",
        "typeOptions": {"minValue": 1, "maxValue": size.maximum, "numberPrecision": 0},
    }
    some, every = ({"show": when["show"] | {"returnAll": [choice]}} for choice in (False, True))
    switch = {"name": "returnAll", "type": "boolean", "default": False, "displayOptions": when}
    limit = {"name": "limit", "default": SOME, "displayOptions": some, **number}
    page = {"name": "pageSize", "default": size.default, "displayOptions": every, **number}
    return [
        {
            "displayName": "Return All",
            "description": "Whether to return all results or only up to a given limit",
            "routing": {"send": {"paginate": "={{ $value }}"}},
            **switch,
        },
        {
            "displayName": "Limit",
            "description": "Max number of results to return",
            "routing": {"send": send, "output": {"maxResults": "={{ $value }}"}},
            **limit,
        },
        {
            "displayName": "Page Size",
            "description": "How many results one request asks for",
            "routing": {"send": send},
            **page,
        },
    ]
