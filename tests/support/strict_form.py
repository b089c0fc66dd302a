"""Calls as a model must write them that may leave nothing out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from support.tools import built_in, routed

from devin_tools import Spec, Tool
from devin_tools.export.providers.variants import strict
from devin_tools.model_input import call_from_model, for_models

__all__ = ["as_strict", "sets", "strict_routed", "survives"]


def sets(call: Tool[Any]) -> dict[str, Any]:
    """Return what a call sets, and so sends: what is left out is not there."""
    return call.model_dump(exclude_unset=True)


def as_strict(value: Any, schema: Mapping[str, Any]) -> Any:
    """Write arguments as a strict model must: every field there, null for those left out."""
    if isinstance(value, list) and "items" in schema:
        return [as_strict(item, schema["items"]) for item in value]
    if not isinstance(value, dict):
        return value
    for kind in schema.get("anyOf", [schema]):
        if kind.get("type") == "string":
            return json.dumps(value)
        named = kind.get("properties", {}).get("kind", {}).get("enum", [value.get("kind")])
        if kind.get("type") == "object" and value.get("kind") in named:
            return {name: as_strict(value.get(name), part) for name, part in kind["properties"].items()}
    return value


@cache
def strict_routed() -> dict[str, Draft202012Validator]:
    """Return the strict schemas of the tools that have a route, by the tools' names."""
    return {spec.name: Draft202012Validator(strict(spec, "openai").schema) for spec in for_models(routed())}


def survives(spec: Spec, call: Tool[Any]) -> None:
    """Hold a call against what is read of it when a strict model makes it."""
    dumped = call.model_dump(mode="json", exclude_unset=True, exclude=spec.user_only)
    arguments = {name: value for name, value in dumped.items() if value is not None}
    validator = strict_routed()[spec.name]
    sent = as_strict(arguments, validator.schema)
    assert validator.is_valid(sent)
    received = call_from_model(built_in(), spec.name, json.dumps(sent))
    assert sets(received) == sets(built_in().call(spec.name, arguments))
