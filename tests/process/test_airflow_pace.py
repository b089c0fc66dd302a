"""How often to look at a thousand sessions."""

from __future__ import annotations

from itertools import pairwise

import pytest
from airflow.providers.devin.tools.pace import FIRST_RATE, Pace
from support.paced_looks import looked
from support.simulated_api import simulated


def test_under_a_known_limit_a_thousand_sessions_are_looked_at_in_time_and_nothing_is_refused() -> None:
    simulator = simulated(seed=1, limit=60)
    _, times, refused = looked(simulator, 1000, Pace.under(60, 0.5), looks=12)
    between = [later - earlier for earlier, later in pairwise(times)]
    assert refused == 0
    assert max(between) == pytest.approx(10, abs=0.1)  # 5 pages at 30 a minute


def test_an_unknown_limit_is_found_and_kept_near() -> None:
    simulator = simulated(seed=1, limit=40)
    pace, times, refused = looked(simulator, 1000, Pace(FIRST_RATE, growth=30.0), looks=60)
    minutes = (times[-1] - times[0]) / 60
    assert refused > 0
    assert 15 <= pace.rate <= 80
    assert refused < minutes  # less than one a minute
    assert 20 <= 5 * 59 / minutes <= 40
