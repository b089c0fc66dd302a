"""When a recurrence rule (RFC 5545) comes next, in UTC, for the parts that people use. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = frozenset(
    {
        *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "DTSTART"),
        *("BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "BYMONTHDAY", "BYMONTH"),
    }
)
LONGEST = 366 * 5
"""How many days are looked through for the next time."""


def rule_of(text: str) -> dict[str, str]:
    """Read a rule, as RRULE text with or without its name and a DTSTART before it; raise `ValueError`."""
    parts: dict[str, str] = {}
    for line in text.strip().upper().split("\n"):
        start = re.fullmatch(r"DTSTART[^:]*:(\d{8}(?:T\d{6}Z?)?)", line.strip())
        if start:
            parts["DTSTART"] = start[1]
            continue
        for part in line.strip().removeprefix("RRULE:").split(";"):
            name, is_there, value = part.partition("=")
            if not is_there or name not in PARTS:
                raise ValueError(f"not a part of a recurrence rule: {name}")
            parts[name] = value
    if parts.get("FREQ") not in FREQUENCIES:
        raise ValueError(f"FREQ is one of {', '.join(FREQUENCIES)}")
    next(_times(parts, datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)), None)  # its numbers are read
    return parts


def next_time(text: str, anchor: float, after: float) -> float | None:
    """Return when a rule that begins at `anchor` comes next after a time; `None` when it is past its end."""
    parts = rule_of(text)
    start = _moment(parts["DTSTART"]) if "DTSTART" in parts else datetime.fromtimestamp(anchor, UTC)
    start = start.replace(second=0, microsecond=0)
    from_day = start if "COUNT" in parts else max(start, datetime.fromtimestamp(after, UTC))
    times = _times(parts, start, from_day.date())
    if "COUNT" in parts:
        times = islice(times, int(parts["COUNT"]))
    until = _moment(parts["UNTIL"]).timestamp() if "UNTIL" in parts else None
    for moment in times:
        if until is not None and moment > until:
            return None
        if moment > after:
            return moment
    return None


def _moment(text: str) -> datetime:
    form = "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d"
    return datetime.strptime(text.rstrip("Z"), form).replace(tzinfo=UTC)


def _numbers(parts: Mapping[str, str], name: str) -> list[int]:
    return [int(number) for number in parts[name].split(",")] if name in parts else []


def _times(parts: Mapping[str, str], start: datetime, from_day: date) -> Iterator[float]:
    """Yield the times of a rule from a day on, none before its start."""
    every, frequency = max(1, int(parts.get("INTERVAL", "1"))), parts["FREQ"]
    is_fine = frequency in ("MINUTELY", "HOURLY")
    hours = sorted(_numbers(parts, "BYHOUR")) or (range(24) if is_fine else [start.hour])
    minutes = sorted(_numbers(parts, "BYMINUTE")) or (
        range(60) if frequency == "MINUTELY" else [start.minute]
    )
    step = {"MINUTELY": 60, "HOURLY": 3600}.get(frequency, 0) * every
    begin = start.timestamp()
    first = start.replace(minute=0).timestamp() if frequency == "HOURLY" else begin
    for count in range(LONGEST):
        day = from_day + timedelta(days=count)
        if not _has_day(parts, day, start.date(), every):
            continue
        for hour in hours:
            for minute in minutes:
                moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC).timestamp()
                whole_hour = moment - 60 * minute if frequency == "HOURLY" else moment
                if moment >= begin and (not step or (whole_hour - first) % step == 0):
                    yield moment


def _has_day(parts: Mapping[str, str], day: date, start: date, every: int) -> bool:
    """Return whether a rule has times on a day."""
    frequency = parts["FREQ"]
    months = (day.year - start.year) * 12 + day.month - start.month
    monday = start - timedelta(days=start.weekday())
    periods = {
        "DAILY": (day - start).days,
        "WEEKLY": (day - monday).days // 7,
        "MONTHLY": months,
        "YEARLY": day.year - start.year,
    }
    if periods.get(frequency, 0) % every:
        return False
    in_month = _numbers(parts, "BYMONTHDAY")
    if "BYMONTH" in parts and day.month not in _numbers(parts, "BYMONTH"):
        return False
    if "BYMONTH" not in parts and frequency == "YEARLY" and day.month != start.month:
        return False
    if in_month and day.day not in in_month and _from_end(day) not in in_month:
        return False
    if "BYDAY" in parts:
        return any(_is_day(part, day) for part in parts["BYDAY"].split(","))
    if frequency == "WEEKLY":
        return day.weekday() == start.weekday()
    return bool(in_month) or frequency not in ("MONTHLY", "YEARLY") or day.day == start.day


def _from_end(day: date) -> int:
    """Return which day of its month it is from the end: -1 is the last."""
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day.day - 1 - (first_of_next - day.replace(day=1)).days


def _is_day(part: str, day: date) -> bool:
    """Return whether a day is that of a part such as MO, 1MO (the first of the month) or -1FR (the last)."""
    if part[-2:] not in DAYS:
        raise ValueError(f"not a day of the week: {part}")
    if day.weekday() != DAYS.index(part[-2:]):
        return False
    which = int(part[:-2] or 0)
    from_end = (-_from_end(day) - 1) // 7 + 1
    return which in (0, (day.day - 1) // 7 + 1, -from_end)
