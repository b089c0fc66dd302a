"""Recurrence rules come when they say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from devin_tools.simulator.recurrence import next_time, rule_of

START = datetime(2026, 1, 1, 8, 30, tzinfo=UTC)  # a Thursday


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MINUTELY;INTERVAL=15", ["2026-01-01T08:45", "2026-01-01T09:00"]),
        ("FREQ=HOURLY", ["2026-01-01T09:30", "2026-01-01T10:30"]),
        ("FREQ=HOURLY;INTERVAL=2;BYMINUTE=0", ["2026-01-01T10:00", "2026-01-01T12:00"]),
        ("RRULE:FREQ=DAILY;BYHOUR=6,18;BYMINUTE=0", ["2026-01-01T18:00", "2026-01-02T06:00"]),
        ("FREQ=DAILY;INTERVAL=3", ["2026-01-04T08:30", "2026-01-07T08:30"]),
        ("FREQ=WEEKLY", ["2026-01-08T08:30", "2026-01-15T08:30"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", ["2026-01-02T08:30", "2026-01-12T08:30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-01-31T08:30", "2026-02-28T08:30"]),
        ("FREQ=MONTHLY;BYDAY=1MO", ["2026-01-05T08:30", "2026-02-02T08:30"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["2026-01-30T08:30", "2026-02-27T08:30"]),
        ("FREQ=YEARLY;BYMONTH=3", ["2026-03-01T08:30", "2027-03-01T08:30"]),
        ("FREQ=YEARLY", ["2027-01-01T08:30", "2028-01-01T08:30"]),
        ("FREQ=DAILY;COUNT=2", ["2026-01-02T08:30", None]),
        ("FREQ=DAILY;UNTIL=20260102T120000Z", ["2026-01-02T08:30", None]),
        ("DTSTART:20260110T070000Z\nRRULE:FREQ=DAILY", ["2026-01-10T07:00", "2026-01-11T07:00"]),
    ],
)
def test_the_next_times(rule: str, expected: list[str | None]) -> None:
    moment: float | None = START.timestamp()
    for text in expected:
        assert moment is not None
        moment = next_time(rule, START.timestamp(), moment)
        assert moment == (None if text is None else at(text))


@pytest.mark.parametrize(
    "text", ["", "FREQ=SOMETIMES", "FREQ=DAILY;BYHOUR=six", "BYDAY=MO", "FREQ=WEEKLY;BYDAY=XX", "every day"]
)
def test_what_is_not_a_rule_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        rule_of(text)
