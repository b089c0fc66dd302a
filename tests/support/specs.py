"""Specs that no declaration makes: with a schema of the test's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from devin_tools import Spec
from devin_tools.spec import Source

__all__ = ["with_input"]


def with_input(spec: Spec, schema: Mapping[str, Any], **more: Any) -> Spec:
    """Return a spec with another input schema."""
    source = SimpleNamespace(input_schema=schema, output_schema=spec.output_schema, tool=spec.tool)
    return replace(spec, source=cast(Source, source), **more)
