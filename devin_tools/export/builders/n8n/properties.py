"""Fields as n8n's node properties. What becomes of their values is for `calls.py` and `fields.js`.

n8n's words: https://docs.n8n.io/integrations/creating-nodes/build/reference/node-base-files/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....spec import Spec
from ..fields import Field
from .texts import about_field

Property = dict[str, Any]

TAKEN = frozenset({"resource", "operation", "returnAll", "limit", "additionalFields", "requestOptions"})
"""Names of properties that mean something else in every node."""

ROWS = 4


def name_of(field: Field) -> str:
    """Name a field's property."""
    return f"{field.name}Field" if field.name in TAKEN else field.name


def is_shown(spec: Spec, field: Field) -> bool:
    """Whether a form has the field.

    What is not sent is left out, but for the key of a call; so is what the tools server refuses, as no model
    may fill it.
    """
    spending = spec.effect.spending
    if not spec.is_one_request:
        return not field.is_user_only
    return field.where != "nowhere" or (spending is not None and field.name == spending.key)


def property_of(spec: Spec, field: Field) -> Property:
    """Make the property of a field; what only a person may fill takes no expression, so no model's either."""
    made: Property = {
        "displayName": field.label,
        "name": name_of(field),
        "description": about_field(spec, field),
        **_typed(field),
    }
    if field.is_required:
        made["required"] = True
    if field.is_user_only:
        made["noDataExpression"] = True
    return made


def constants_of(field: Field) -> Iterable[Any]:
    """List the values of a field that a property holds."""
    return (*field.options, field.default)


def _typed(field: Field) -> Property:
    if field.is_secret:
        return {"type": "string", "typeOptions": {"password": True}, "default": ""}
    if field.kind in ("integer", "number"):
        return _number(field)
    if field.kind == "flag":
        return {"type": "boolean", "default": bool(field.default)}
    if field.options:
        return _chosen(field)
    if field.kind == "json":
        return {"type": "json", "default": "[]" if field.schema.get("type") == "array" else "{}"}
    rows = {"typeOptions": {"rows": ROWS}} if field.is_long else {}
    return {"type": "string", "default": field.default or "", **rows}


def _chosen(field: Field) -> Property:
    """Offer the values there are, or those that are known; beside these an expression may give others."""
    options = [{"name": str(option), "value": option} for option in field.options]
    if field.kind == "choices":
        return {"type": "multiOptions", "options": options, "default": []}
    made: Property = {"type": "options", "options": options}
    if field.kind == "choice":
        return made | {"default": field.default or field.options[0]}
    first = "" if field.is_required else field.options[0]
    return made | {"default": field.default or first, "allowArbitraryValues": True}


def _number(field: Field) -> Property:
    bounds = {"minValue": field.minimum, "maxValue": field.maximum}
    options: Property = {name: value for name, value in bounds.items() if value is not None}
    if field.kind == "integer":
        options["numberPrecision"] = 0
    default = field.default if field.default is not None else (field.minimum or 0)
    return {"type": "number", "typeOptions": options, "default": default}
