"""A check that schemas are valid, fast enough to be made of every schema of every tool."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema_specifications import REGISTRY

__all__ = ["check_schema"]

DRAFT = "https://json-schema.org/draft/2020-12/"


def check_schema(schema: Mapping[str, Any]) -> None:
    """Raise as `Draft202012Validator.check_schema` does. A property that many tools have is read once."""
    whole = dict(schema)
    for key in ("properties", "$defs"):
        if isinstance(schema.get(key), Mapping):
            whole[key] = dict.fromkeys(schema[key], True)
            for part in schema[key].values():
                _check(json.dumps(part))
    _check(json.dumps(whole))


@cache
def _check(text: str) -> None:
    _validator().validate(json.loads(text))


@cache
def _validator() -> Draft202012Validator:
    """Return a validator of the meta-schema's vocabularies as one schema, without dynamic references."""
    properties: dict[str, Any] = {}
    definitions: dict[str, Any] = {}
    for part in Draft202012Validator.META_SCHEMA["allOf"]:
        vocabulary = REGISTRY.contents(DRAFT + part["$ref"])
        properties |= _local(vocabulary.get("properties", {}))
        definitions |= _local(vocabulary.get("$defs", {}))
    return Draft202012Validator(
        {"type": ["object", "boolean"], "properties": properties, "$defs": definitions}
    )


def _local(node: Any) -> Any:
    if isinstance(node, list):
        return [_local(part) for part in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$dynamicRef"), str):
        return {"$ref": "#"}
    return {key: _local(part) for key, part in node.items()}
