"""The parameters of a Dify tool, and its output variables."""

from __future__ import annotations

from typing import Any

from ....schemas.traversal import Schema, without_null
from ....spec import Spec
from ...providers.variants import output
from ..fields import CONFIRM, CONFIRM_HELP, Field, fields_of

TAKEN = frozenset({"files", "json", "text"})
"""Variables that every tool node of Dify has by itself."""

KINDS = {"texts": "array", "choices": "array", "integer": "number", "number": "number"}


def localized(text: str) -> dict[str, str]:
    """Return a text as Dify keeps it: by language."""
    return {"en_US": text}


def parameters_of(spec: Spec) -> list[dict[str, Any]]:
    """List a parameter for every field, and one for consent where a call can need it."""
    parameters = [_parameter(field) for field in fields_of(spec)]
    if spec.effect.needs_consent:
        confirm = {"name": CONFIRM, "type": "boolean", "required": False, "default": False, "form": "form"}
        words = {"label": localized("Confirmed"), "human_description": localized(CONFIRM_HELP)}
        parameters.append(confirm | words)
    return parameters


def _parameter(field: Field) -> dict[str, Any]:
    kind = _kind(field)
    parameter = {
        "name": field.name,
        "type": kind,
        "required": field.is_required,
        "form": "form" if field.is_user_only else "llm",
        "label": localized(field.label),
        "human_description": localized(field.description),
    }
    if not field.is_user_only:
        parameter["llm_description"] = field.description
    if kind == "select":
        options = ["true", "false"] if field.kind == "flag" else [str(one) for one in field.options]
        parameter["options"] = [{"value": one, "label": localized(one)} for one in options]
    if kind in ("array", "object", "any"):
        parameter["input_schema"] = dict(field.schema)
    if kind == "number":
        bounds = {"min": field.minimum, "max": field.maximum}
        parameter |= {name: bound for name, bound in bounds.items() if bound is not None}
        parameter |= {"precision": 0} if field.kind == "integer" else {}
    return parameter


def _kind(field: Field) -> str:
    """Choose Dify's type. Of a flag that was left out Dify makes false, of a choice nothing."""
    if field.is_secret:
        return "secret-input"
    if field.kind == "flag":
        return "boolean" if field.is_required else "select"
    if field.kind == "choice":
        return "select"
    if field.kind == "json":
        kind = field.schema.get("type")
        return kind if kind in ("array", "object") else "any"
    return KINDS.get(field.kind, "string")


def variables_of(spec: Spec) -> dict[str, Any]:
    """Describe the output as an object whose every property is of one type: Dify shows no others."""
    properties = output(spec).get("properties", {})
    return {
        "type": "object",
        "properties": {name: _typed(part) for name, part in properties.items() if name not in TAKEN},
    }


def _typed(schema: Schema) -> dict[str, Any]:
    """Return a schema with one type: null goes, and what has several types or none is an object."""
    schema = without_null(schema)
    kinds = {part.get("type") for part in schema.get("anyOf", [schema])}
    kind = kinds.pop() if len(kinds) == 1 else None
    typed: dict[str, Any] = {"type": kind if isinstance(kind, str) else "object"}
    if description := schema.get("description"):
        typed["description"] = description
    if typed["type"] == "array":
        typed["items"] = _typed(schema.get("items", {}))
    if typed["type"] == "object" and "properties" in schema:
        typed["properties"] = {name: _typed(part) for name, part in schema["properties"].items()}
    return typed
