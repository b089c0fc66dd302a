"""Structured output: whether it fits what was asked for. Not tools: what tools that wait for it use."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ValidationError

from ...api.shared.fields import known
from ...codec import reasons
from ...schemas.checks import faults
from ...tool import Output

OutputStatus = Annotated[str, known("valid", "missing", "invalid", "not_requested")]
"""Whether a structured output fits the schema that was given."""


def is_owed(schema: dict[str, Any] | None, required: bool | None) -> bool:
    """Return whether a session must deliver structured output: left out, the API reads `required` as true."""
    return schema is not None and required is not False


def checked(value: Any, schema: dict[str, Any] | None) -> tuple[str, list[str]]:
    """Return whether a structured output fits a schema, and where it does not."""
    if schema is None:
        return "not_requested", []
    if value is None:
        return "missing", []
    found = faults(value, schema)
    return ("invalid", found) if found else ("valid", [])


def typed_fields(output: Output, model: type[BaseModel], name: str) -> dict[str, Any]:
    """Return the fields of an output with its structured output as an instance of a model, under a name."""
    values: dict[str, Any] = {name: getattr(output, name) for name in type(output).model_fields}
    if values["structured_output_status"] == "valid":
        try:
            values[name] = model.model_validate(values["structured_output"])
        except ValidationError as error:
            found = [f"{item['path']}: {item['reason']}" for item in reasons(error)]
            values |= {"structured_output_status": "invalid", "structured_output_faults": found}
    return values
