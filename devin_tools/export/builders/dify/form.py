"""The parameters of a Dify tool, and the variables it gives a workflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....settings import VARIABLES
from ....spec import Spec
from ...providers import variants as flavours
from ..fields import Field, fields_of

CONFIRM = "devin_confirm"
"""The parameter by which a person agrees to spend ACUs or destroy, where the settings ask for that."""

TAKEN = frozenset({"files", "json", "text"})
"""Variables that every tool node of Dify has by itself."""

KINDS = {"texts": "array", "choices": "array", "integer": "number", "number": "number"}


def as_text(words: str) -> dict[str, str]:
    """Return words as Dify keeps them: by language."""
    return {"en_US": words}


def parameters_of(spec: Spec) -> list[dict[str, Any]]:
    """List a parameter for every field, and one for consent where a call can need it."""
    parameters = [_parameter(field) for field in fields_of(spec)]
    if spec.effect.needs_consent:
        parameters.append(_confirm())
    return parameters


def _parameter(field: Field) -> dict[str, Any]:
    kind = _kind(field)
    told = {
        "name": field.name,
        "type": kind,
        "required": field.is_required,
        "form": "form" if field.is_user_only else "llm",
        "label": as_text(field.label),
        "human_description": as_text(field.description),
    }
    if not field.is_user_only:
        told["llm_description"] = field.description
    if kind == "select":
        options = ["true", "false"] if field.kind == "flag" else [str(one) for one in field.options]
        told["options"] = [{"value": one, "label": as_text(one)} for one in options]
    if kind in ("array", "object", "any"):
        told["input_schema"] = dict(field.schema)
    if kind == "number":
        bounds = {"min": field.minimum, "max": field.maximum}
        told |= {name: bound for name, bound in bounds.items() if bound is not None}
        told |= {"precision": 0} if field.kind == "integer" else {}
    return told


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


def _confirm() -> dict[str, Any]:
    about = f"Agree to spend ACUs or to destroy, where {VARIABLES['confirm']} asks for consent."
    return {
        "name": CONFIRM,
        "type": "boolean",
        "required": False,
        "default": False,
        "form": "form",
        "label": as_text("Confirmed"),
        "human_description": as_text(about),
    }


def variables_of(spec: Spec) -> dict[str, Any]:
    """Describe the output as an object whose every property is of one type: Dify shows no others."""
    properties = flavours.output(spec).get("properties", {})
    return {
        "type": "object",
        "properties": {name: _typed(part) for name, part in properties.items() if name not in TAKEN},
    }


def _typed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema with one type: null goes, and what has several types or none is an object."""
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    parts = [part for part in schema.get("anyOf", ()) if part.get("type") != "null"]
    if len(parts) == 1:
        return _typed(parts[0] | rest)
    kinds = {part.get("type") for part in parts} if parts else {schema.get("type")}
    kind = kinds.pop() if len(kinds) == 1 else None
    told: dict[str, Any] = {"type": kind if isinstance(kind, str) else "object"}
    if description := schema.get("description"):
        told["description"] = description
    if told["type"] == "array":
        told["items"] = _typed(schema.get("items", {}))
    if told["type"] == "object" and "properties" in schema:
        told["properties"] = {name: _typed(part) for name, part in schema["properties"].items()}
    return told
