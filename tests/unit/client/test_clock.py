"""Waits go by a clock that nobody sets."""

from __future__ import annotations

import time
from typing import Any

import pytest
from support.driving import EPOCH, Driver, ok
from support.laws import for_every

from devin_tools.api import GetSelf
from devin_tools.client.clock import WallClock
from devin_tools.client.retry import Cooldown, Retry, retrying
from devin_tools.tasks import WaitSession, WaitSessions
from devin_tools.wire import Request, Response

HOUR = 3600.0
ROW = {"session_id": "abc", "status": "running", "status_detail": "working"}


def set_after(driver: Driver, looks: int, by: float, answer: Response) -> Any:
    """Answer every request, and set the clock on the wall after some."""

    def answered(request: Request) -> Response:
        if len(driver.requests) > looks:
            driver.set_by = by
        return answer

    return answered


@for_every("by", lambda: [-HOUR, 0.0, HOUR])
def test_a_wait_takes_as_long_as_it_should_whatever_the_clock_is_set_to(by: float) -> None:
    page = {"items": [ROW], "has_next_page": False}
    for call, body in (
        (WaitSession(session_id="abc", timeout_seconds=60), ROW),
        (WaitSessions(session_ids=["abc"], timeout_seconds=60), page),
    ):
        driver = Driver()
        driver.answer_with(set_after(driver, 1, by, ok(body)))
        output: Any = driver.run(call.flow())
        assert driver.now - EPOCH == pytest.approx(60, abs=0.1)
        assert output.waited_seconds == pytest.approx(60, abs=0.1)


@for_every("by", lambda: [-HOUR, 0.0, HOUR])
def test_retries_end_in_their_time_whatever_the_clock_is_set_to(by: float) -> None:
    driver = Driver(org_id="org-1")
    driver.answer_with(set_after(driver, 1, by, Response(429, b"{}", {"retry-after": "10"})))
    with pytest.raises(Exception, match="429"):
        driver.run(retrying(GetSelf().flow(), Retry(max_seconds=100), Cooldown()))
    assert 85 <= driver.now - EPOCH <= 100


def test_the_clock_of_a_client_tells_the_two_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1.0)
    monkeypatch.setattr(time, "monotonic", lambda: 2.0)
    assert (WallClock().now(), WallClock().monotonic()) == (1.0, 2.0)
