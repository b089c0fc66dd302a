"""Times as people write them, and cron expressions. Not tools: what fields and outputs are made of.

The vendor takes times in Unix seconds, and cron expressions of the standard five fields, in UTC.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from ...tool import DOCUMENTED

FIELDS = (
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of the month", "1 to 31"),
    ("month", "1 to 12, or JAN to DEC"),
    ("day of the week", "0 to 7, or SUN to SAT"),
)
STANDARD = re.compile(r"(?:[0-9*,/-]|SUN|MON|TUE|WED|THU|FRI|SAT|[A-Z]{3})+", re.ASCII)
"""What standard fields are made of: other kinds of cron have L, W, # and ? besides."""


def _cron(value: str) -> str:
    """Check an expression field by field; white space between them becomes one space."""
    parts = value.split()
    if len(parts) != len(FIELDS):
        names = ", ".join(name for name, _ in FIELDS)
        raise ValueError(
            f"a cron expression has 5 fields ({names}), not {len(parts)}; macros such as @daily are not taken"
        )
    for place, (part, (name, values)) in enumerate(zip(parts, FIELDS, strict=True)):
        alone = ["*"] * len(FIELDS)
        alone[place] = part
        if not STANDARD.fullmatch(part.upper()) or not _runs(" ".join(alone)):
            raise ValueError(
                f"field {place + 1}, the {name}, is wrong: give {values}, as *, a value, a range (a-b), "
                "a step (*/n) or several of them with commas between"
            )
    if not _runs(" ".join(parts)):
        raise ValueError("no such day ever comes: the day of the month (field 3) is in none of the months")
    return " ".join(parts)


def _runs(cron: str) -> bool:
    from cronsim import CronSim, CronSimError

    try:
        return next(CronSim(cron, datetime(2026, 1, 1, tzinfo=UTC)), None) is not None
    except CronSimError:
        return False


MAX_SECONDS = 100_000_000_000
"""The latest time that is taken, of the year 5138: what has more digits is milliseconds."""

TIME_FORMS = (
    "give Unix seconds (1767225600), a day (2026-01-31) or a date and time (2026-01-31T09:00:00Z); "
    "without an offset it is UTC"
)
MILLISECONDS = "has the size of milliseconds: give seconds, which is that divided by 1000, or a date"
NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?", re.ASCII)
DAY = re.compile(r"(?:19|20)\d{6}", re.ASCII)
"""A day without its hyphens. As seconds it would be one in 1970, of which nobody asks."""

YEARS = range(1900, 2100)
"""Seconds that nobody means: they would be of the first hour of 1970."""


def unix_seconds(value: Any) -> Any:
    """Return a time, as people and programs write it, in whole Unix seconds.

    Text is a number of seconds, a day or a date and time in ISO 8601; a `date` and a `datetime` count as that
    text. Without an offset it is UTC, and a day alone is its beginning, as an upper bound too: so a day means
    the same wherever it is read. Fractions of a second are cut. Raise `ValueError` for what is not a time.
    """
    if isinstance(value, bool):
        raise ValueError(f"true and false are not times: {TIME_FORMS}")
    if isinstance(value, date):  # a datetime is one too
        value = value.isoformat()
    if isinstance(value, str):
        value = _seconds_in(value.strip())
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise ValueError(f"not a time: {TIME_FORMS}")
        if value > MAX_SECONDS:
            raise ValueError(MILLISECONDS)
        value = math.floor(value)
        if value < 0:
            raise ValueError(f"not a time since 1970: {TIME_FORMS}")
        if value in YEARS:
            raise ValueError(f"a year alone is not a time: {TIME_FORMS}")
        day = _day(str(value))
        return value if day is None else int(day)
    return value


def _seconds_in(text: str) -> float:
    """Read a number, a day, or a date and time."""
    if NUMBER.fullmatch(text):
        return float(text) if len(text) < 64 else math.inf
    try:
        return min(seconds_of(text), MAX_SECONDS)
    except (ValueError, OverflowError):
        raise ValueError(f"not a time: {TIME_FORMS}") from None


def _day(text: str) -> float | None:
    """Return when a day of eight digits begins; `None` for what is not one."""
    if not DAY.fullmatch(text):
        return None
    try:
        return seconds_of(text)
    except ValueError:
        return None


def _moment(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value)
        moment.timestamp()
    except (ValueError, OverflowError):
        raise ValueError(
            "not a date and time: write it as 2026-01-31T09:00:00Z, or in Unix seconds"
        ) from None
    if moment.tzinfo is None:
        raise ValueError(
            "needs a time of day and its zone: 2026-01-31T09:00:00Z, or an offset such as +02:00"
        )
    return value


def _as_text(value: Any) -> Any:
    """Write a `datetime`, or Unix seconds, as ISO 8601 text; leave other text for `_moment` to check."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) or (isinstance(value, str) and NUMBER.fullmatch(value.strip())):
        return iso(unix_seconds(value))
    return value


if TYPE_CHECKING:  # what may be given; a call holds seconds
    UnixSeconds: TypeAlias = int | str | date
    Moment: TypeAlias = int | str | date
else:
    UnixSeconds = Annotated[int, Field(ge=0, le=MAX_SECONDS), BeforeValidator(unix_seconds)]
    """A time in seconds since 1970, which is taken in every form that people write. The bound is our own."""

    Moment = Annotated[
        str,
        StringConstraints(max_length=64),
        BeforeValidator(_as_text),
        AfterValidator(_moment),
        Field(examples=["2026-01-31T09:00:00Z"]),
        DOCUMENTED,
    ]
    """A moment as ISO 8601 text with a time zone; a `datetime` and Unix seconds are taken too.

    Without a zone it is refused: something runs then, and an hour that was meant otherwise would be another.
    """

Cron = Annotated[
    str, StringConstraints(max_length=256), AfterValidator(_cron), Field(examples=["0 9 * * 1-5"]), DOCUMENTED
]
"""A standard cron expression of five fields."""


def seconds_of(moment: str) -> float:
    """Return a moment in Unix seconds; one without a zone is in UTC. Raises `ValueError`."""
    read = datetime.fromisoformat(moment)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def iso(seconds: float) -> str:
    """Write a moment in UTC, in whole seconds."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def cron_times(cron: str, after: float, count: int) -> list[str]:
    """Work out the next times of an expression; none when it is not a standard one."""
    from cronsim import CronSim

    try:
        runs = CronSim(_cron(cron), datetime.fromtimestamp(after, UTC))
    except ValueError:
        return []
    return [iso(moment.timestamp()) for moment in islice(runs, count)]


def cron_counts(cron: str) -> tuple[int, int] | None:
    """Count the most times in a day and in 30 days of an expression; `None` when it is not a standard one."""
    from cronsim import CronSim

    try:
        minute, hour, *days = _cron(cron).split()
    except ValueError:
        return None
    start = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(minutes=1)
    in_a_day = sum(1 for _ in takewhile(lambda at: at.day == 1, CronSim(f"{minute} {hour} * * *", start)))
    # Every date meets every day of the week within 28 years; four tell enough, and have a leap day.
    found = [
        at.toordinal() for at in takewhile(lambda at: at.year < 2030, CronSim(f"0 0 {' '.join(days)}", start))
    ]
    most = max((bisect_left(found, first + 30) - at for at, first in enumerate(found)), default=0)
    return in_a_day, in_a_day * max(most, 1)
