"""A schema that takes much work before it is given up."""

from __future__ import annotations

from typing import Any

from devin_tools.simulator.schema_sample import sample_value


def obj(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def test_unions_that_multiply_are_given_up() -> None:
    union = {"anyOf": [obj(**{name: {"$ref": "#/definitions/u"}}) for name in "abcdefghij"]}
    assert sample_value({"definitions": {"u": union}, **obj(u={"$ref": "#/definitions/u"})}) is None
