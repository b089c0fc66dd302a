"""Fields as n8n's node properties, each with where its value goes.

n8n's words: https://docs.n8n.io/integrations/creating-nodes/build/reference/node-base-files/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...quoting import html_text
from ..fields import Field

Property = dict[str, Any]

TAKEN = frozenset({"resource", "operation", "returnAll", "limit", "additionalFields", "requestOptions"})
"""Names of properties that mean something else in every node."""

ROWS = 4

SPLIT = "(Array.isArray($value) ? $value : String($value).split(',').map(s => s.trim()).filter(s => s))"
PARSED = "={{ typeof $value === 'string' ? JSON.parse($value) : $value }}"
LIST_HINT = "Comma-separated, or an expression that gives a list."
LAST = ".trim().split('?')[0].replace(/\\/+$/, '').split('/').pop()"
"""An id as people paste it: bare, with its prefix, or as the URL of its page."""


def name_of(field: Field) -> str:
    """Name a field's property."""
    return f"{field.name}Field" if field.name in TAKEN else field.name


def property_of(field: Field) -> Property:
    """Make the property of a field; what only a person may fill takes no expression, so no model's either."""
    made: Property = {
        "displayName": field.label,
        "name": name_of(field),
        "description": _description(field),
        **_typed(field),
    }
    if field.is_required:
        made["required"] = True
    if field.is_user_only:
        made["noDataExpression"] = True
    if field.where in ("body", "query", "nowhere", None):
        made["routing"] = {"send": _send(field)}
    return made


def _description(field: Field) -> str:
    hints = [field.description]
    if field.kind == "texts":
        hints.append(LIST_HINT)
    if field.kind == "text" and field.options:
        hints.append(f"Known: {', '.join(map(str, field.options))}.")
    return html_text(" ".join(hint for hint in hints if hint), quote=False)  # the editor shows it as HTML


def constants_of(field: Field) -> Iterable[Any]:
    """List the values of a field that a property holds."""
    return (*(field.options if field.kind in ("choice", "choices") else ()), field.default)


def _typed(field: Field) -> Property:
    if field.is_secret:
        return {"type": "string", "typeOptions": {"password": True}, "default": ""}
    if field.kind in ("integer", "number"):
        return _number(field)
    if field.kind == "flag":
        return {"type": "boolean", "default": bool(field.default)}
    if field.kind in ("choice", "choices"):
        options = [{"name": str(option), "value": option} for option in field.options]
        if field.kind == "choices":
            return {"type": "multiOptions", "options": options, "default": []}
        return {"type": "options", "options": options, "default": field.default or field.options[0]}
    if field.kind == "json":
        return {"type": "json", "default": "[]" if field.schema.get("type") == "array" else "{}"}
    rows = {"typeOptions": {"rows": ROWS}} if field.is_long else {}
    return {"type": "string", "default": field.default or "", **rows}


def _number(field: Field) -> Property:
    bounds = {"minValue": field.minimum, "maxValue": field.maximum}
    options: Property = {name: value for name, value in bounds.items() if value is not None}
    if field.kind == "integer":
        options["numberPrecision"] = 0
    default = field.default if field.default is not None else (field.minimum or 0)
    return {"type": "number", "typeOptions": options, "default": default}


def _send(field: Field) -> Mapping[str, Any]:
    sent: Property = {
        "type": "query" if field.where == "query" else "body",
        "property": field.wire if field.where else field.name,
        "propertyInDotNotation": False,
    }
    if value := _value(field):
        sent["value"] = value
    return sent


def _value(field: Field) -> str | None:
    """Return how what was filled in becomes what is sent, where that is not the same."""
    if field.kind == "texts":
        each = f".map(id => {_prefixed(field, 'id')})" if field.prefix else ""
        return f"={{{{ {SPLIT}{each} }}}}"
    if field.kind == "json" or (field.is_secret and field.kind != "text"):
        return PARSED
    return f"={{{{ {_prefixed(field, '$value')} }}}}" if field.prefix else None


def _prefixed(field: Field, value: str) -> str:
    return f"'{field.prefix}' + String({value}){LAST}.replace(/^{field.prefix}/, '')"


def path_expression(field: Field) -> str:
    """Write a path parameter as an expression."""
    given = f'$parameter["{name_of(field)}"]'
    value = f"({_prefixed(field, given)})" if field.prefix else f"String({given})"
    if field.keeps_slashes:
        return f"{{{{ {value}.split('/').map(part => encodeURIComponent(part)).join('/') }}}}"
    return f"{{{{ encodeURIComponent({value}) }}}}"
