"""Any call of each tool survives the strict form: a law of tests/unit, with calls of every tool."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from support.calls import calls
from support.laws import for_every
from support.strict_form import strict_routed, survives
from support.tools import built_in

EXAMPLES = 1000
"""Calls in all, shared out among the tools: their number does not grow with that of the tools."""


@for_every("name", strict_routed)
def test_any_call_survives_the_strict_form(name: str) -> None:
    spec = built_in().spec(name)

    @settings(max_examples=max(3, EXAMPLES // len(strict_routed())))
    @given(calls(spec.tool))
    def hold(call: Any) -> None:
        survives(spec, call)

    hold()
