"""Any call of each tool is sent by Sim as it is meant: a law of tests/unit, with calls of every tool."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from support.calls import calls
from support.laws import for_every
from support.sim_laws import SIM_LAWS, direct, sayable

from devin_tools import Spec

EXAMPLES = 600
"""Calls of each law, shared out among the tools: their number does not grow with that of the tools."""


@pytest.mark.parametrize("name", SIM_LAWS)
def test_a_call_is_sent_as_it_is_meant(name: str) -> None:
    @for_every("spec", direct)
    def each(spec: Spec) -> None:
        @settings(max_examples=max(3, EXAMPLES // len(direct())), suppress_health_check=list(HealthCheck))
        @given(calls(spec.tool))
        def hold(call: Any) -> None:
            SIM_LAWS[name](spec, sayable(spec, call))

        hold()

    each()
