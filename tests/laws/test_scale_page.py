"""The simulation behind the page about scale does what the client does, and keeps what the page promises.

That the page says what the simulation says, see `tests/process/test_scale_page.py`.
"""

from __future__ import annotations

import importlib.util
import sys

import pytest
from support.paths import ROOT


@pytest.fixture(scope="module")
def scale():
    spec = importlib.util.spec_from_file_location("scale", ROOT / "benchmarks" / "scale.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["scale"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_requests_of_a_session_are_those_that_the_client_sends(scale):
    measured = scale.measured()
    assert (measured["create"], measured["collect"]) == (scale.CREATE, scale.COLLECT)


@pytest.mark.parametrize("sessions", [1_000, 5_000, 7_000])
def test_the_simulation_keeps_the_bound_that_the_page_states(scale, sessions):
    one = scale.Organisation(sessions)
    seen = scale.watch(one)
    interval = one.pace.interval(one.pages)
    assert seen.refused == 0
    assert interval < seen.middle < seen.late <= seen.latest <= 2 * interval + 0.01


def test_an_organisation_is_saturated_by_what_looking_does_not_change(scale):
    assert not scale.Organisation(7_200).is_saturated
    assert scale.Organisation(7_201).is_saturated


def test_looking_in_bursts_would_be_refused(scale, monkeypatch):
    """The simulation can tell a bad policy from a good one."""
    big = scale.Organisation(150_000, limit=6_000, minutes=600)
    assert scale.watch(big, looks=8).refused == 0
    monkeypatch.setattr(scale.Pace, "gap", 0.0)
    assert scale.watch(scale.Organisation(150_000, limit=600, minutes=6000), looks=8).refused > 0


def test_a_poller_that_must_find_the_limit_uses_most_of_it_with_few_refusals(scale):
    unknown, known = (seen for _, seen in scale.learning())
    assert known.refused == 0
    assert 0 < unknown.refused < unknown.requests / 1000
    settled = [rate for time, rate in unknown.rates if time > 3600]
    assert 250 < sum(settled) / len(settled) < 450
