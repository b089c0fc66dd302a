"""Specs that no declaration makes: with a schema of the test's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from devin_tools import Output, Spec, Tool
from devin_tools.locations import Place
from devin_tools.spec import Source

__all__ = ["with_input"]


def with_input(spec: Spec, schema: Mapping[str, Any], **more: Any) -> Spec:
    """Return a spec with another input schema."""
    return replace(spec, source=_Changed(spec, schema), **more)


class _Changed(Source):
    def __init__(self, spec: Spec, schema: Mapping[str, Any]):
        self._spec, self._schema = spec, schema

    @property
    def input_schema(self) -> Mapping[str, Any]:
        return self._schema

    @property
    def output_schema(self) -> Mapping[str, Any]:
        return self._spec.output_schema

    @property
    def places(self) -> tuple[Place, ...]:
        return self._spec.places

    @property
    def tool(self) -> type[Tool[Any]]:
        return self._spec.tool

    @property
    def output(self) -> type[Output]:
        return self._spec.output
