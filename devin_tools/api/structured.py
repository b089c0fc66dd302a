"""Structured output: whether it fits what was asked for. Not tools: what tools that wait for it use."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from ..codec import reasons
from ..tool import Output

__all__ = ["checked", "typed_fields"]


def checked(value: Any, schema: dict[str, Any] | None) -> tuple[str, list[str]]:
    """Say whether a structured output fits a schema, and where it does not."""
    if schema is None:
        return "not_requested", []
    if value is None:
        return "missing", []
    from jsonschema import Draft7Validator

    try:
        errors = list(Draft7Validator(schema).iter_errors(value))
    except Exception:  # a schema may be legal and still refer to nothing, or to itself for ever
        return "invalid", ["the schema cannot be applied: a $ref in it leads nowhere, or back to itself"]
    faults = [f"{error.json_path}: {error.message[:200]}" for error in errors]
    return ("invalid", faults[:20]) if faults else ("valid", [])


def typed_fields(output: Output, model: type[BaseModel], name: str) -> dict[str, Any]:
    """Give the fields of an output with its structured output as an instance of a model, under a name."""
    values: dict[str, Any] = {name: getattr(output, name) for name in type(output).model_fields}
    if values["structured_output_status"] == "valid":
        try:
            values[name] = model.model_validate(values["structured_output"])
        except ValidationError as error:
            faults = [f"{item['path']}: {item['reason']}" for item in reasons(error)]
            values |= {"structured_output_status": "invalid", "structured_output_faults": faults}
    return values
