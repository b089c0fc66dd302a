"""How often to look: under a limit that is known, or found out, and never much later than that allows."""

from __future__ import annotations

from itertools import pairwise

import pytest
from airflow.providers.devin.tools.pace import LOWEST_RATE, Pace, Tally, paced
from hypothesis import given
from hypothesis import strategies as st
from support.paced_looks import looked
from support.simulated_api import simulated

from devin_tools.errors import ConnectionLost
from devin_tools.flow import Flow, Pause
from devin_tools.wire import Request, Response

RATES = st.floats(LOWEST_RATE, 1e5)
PAGES = st.integers(1, 10_000)


def test_few_requests_wait_for_the_shortest_interval_and_many_for_the_rate():
    pace = Pace.under(600, 0.5)
    assert (pace.rate, pace.gap) == (300, 0.2)
    assert [pace.interval(requests) for requests in (1, 25, 26, 5000)] == [5, 5, pytest.approx(5.2), 1000]


@given(RATES, PAGES)
def test_looks_never_ask_for_more_than_the_rate(rate, pages):
    pace = Pace(rate)
    assert pages * 60 / pace.interval(pages) <= rate * 1.001
    assert pace.interval(pages) <= max(pace.shortest, pages * pace.gap)


@given(RATES, PAGES, st.integers(0, 3))
def test_a_rate_halves_grows_a_little_or_stays(rate, pages, refused):
    pace = Pace(rate)
    after = pace.after(pages, refused)
    if refused:
        assert after.rate == max(LOWEST_RATE, rate / 2)
    elif pages * pace.gap <= pace.shortest:
        assert after == pace
    else:
        assert after.rate - rate == pytest.approx(pace.growth * pace.interval(pages) / 60, rel=1e-3)


def test_a_known_limit_is_never_outgrown():
    pace = Pace.under(100, 0.5)
    for refused in (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0):
        pace = pace.after(100, refused)
    assert pace.rate == 50


def test_two_who_know_nothing_of_each_other_come_to_share_a_limit():
    first, second, pages = Pace(400.0), Pace(20.0), 10_000
    shares = []
    for _ in range(300):
        refused = int(first.rate + second.rate > 600)
        first, second = first.after(pages, refused), second.after(pages, refused)
        shares.append(first.rate / (first.rate + second.rate))
    assert shares[-1] == pytest.approx(0.5, abs=0.02)


def test_a_flow_pauses_between_its_requests_and_counts_what_they_took():
    def flow() -> Flow[str]:
        for number in range(3):
            yield Request("GET", f"/{number}")
        return "done"

    tally = Tally()
    run = paced(flow(), Pace(60.0), tally)
    steps, reply = [], None
    answers = iter([Response(200), Response(200, tries=3), Response(429, tries=2, gave_up="time")])
    with pytest.raises(StopIteration) as ended:
        while True:
            step = run.send(reply)
            steps.append(type(step))
            reply = next(answers) if isinstance(step, Request) else None
    assert ended.value.value == "done"
    assert steps == [Request, Pause, Request, Pause, Request]
    assert (tally.requests, tally.refused) == (3, 2 + 2)


def test_a_request_that_was_lost_counts_its_tries_and_is_told_to_the_flow():
    def flow() -> Flow[str]:
        try:
            yield Request("GET", "/")
        except ConnectionLost:
            return "lost"
        return "answered"

    lost, tally = ConnectionLost("No answer came."), Tally()
    lost.tries = 3
    run = paced(flow(), Pace(60.0), tally)
    assert isinstance(next(run), Request)
    with pytest.raises(StopIteration) as ended:
        run.throw(lost)
    assert (ended.value.value, tally.requests, tally.refused) == ("lost", 0, 3)


def test_under_a_known_limit_many_sessions_are_looked_at_in_time_and_nothing_is_refused():
    simulator = simulated(seed=1, limit=24)
    _, times, refused = looked(simulator, 201, Pace.under(24, 0.5), looks=12)
    between = [later - earlier for earlier, later in pairwise(times)]
    assert refused == 0
    assert max(between) == pytest.approx(10, abs=0.1)  # 2 pages at 12 a minute
