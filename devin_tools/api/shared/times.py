"""When something runs: cron expressions and moments. Not tools: what fields and outputs are made of.

The vendor takes the standard five fields, evaluated in UTC, and no time zone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Annotated, Any

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


def _moment(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value)
        moment.timestamp()
    except (ValueError, OverflowError):
        raise ValueError("not a date and time: write it as 2026-01-31T09:00:00Z") from None
    if moment.tzinfo is None:
        raise ValueError("needs a time zone: end it with Z for UTC, or an offset such as +02:00")
    return value


def _as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


Cron = Annotated[
    str, StringConstraints(max_length=256), AfterValidator(_cron), Field(examples=["0 9 * * 1-5"]), DOCUMENTED
]
"""A standard cron expression of five fields."""

Moment = Annotated[
    str,
    StringConstraints(max_length=64),
    BeforeValidator(_as_text),
    AfterValidator(_moment),
    Field(examples=["2026-01-31T09:00:00Z"]),
    DOCUMENTED,
]
"""A moment as ISO 8601 text with a time zone; in Python a `datetime` is accepted too."""


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
