"""What there is to measure in a world: the size of sessions, and ACUs by day and product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from .world import SECONDS_PER_ACU, SessionRecord, World

DAY = 24 * 3600
DAY_BEGINS = 8 * 3600
"""A day of consumption begins at midnight PST, which is 08:00 UTC (the vendor's rule)."""

SIZES = {"xs": 1.0, "s": 4.0, "m": 10.0, "l": 25.0}
"""The sizes with the weight that each ends below. The vendor documents no numbers: these are this world's."""

REVIEWS = "Review"
"""The store of the pull-request reviews."""
REVIEW_PENDING_SECONDS, REVIEW_RUNNING_SECONDS = 30.0, 180.0
"""How many seconds a review waits, and how many it works."""


def size_of(record: SessionRecord, now: float) -> str:
    """Return the size of a session, by its ACUs and messages."""
    weight = record.spent(now) + len(record.messages) / 10
    return next((size for size, end in SIZES.items() if weight < end), "xl")


def work_intervals(record: SessionRecord, now: float) -> Iterator[tuple[float, float]]:
    """Yield begin and end of the times at which a session worked; the last may still go on."""
    yield from record.intervals
    if record.working_since is not None:
        yield record.working_since, now


def review_intervals(world: World) -> Iterator[tuple[float, float]]:
    """Yield begin and end of the work of each review of the request's scope, as far as it is in the past."""
    organizations = (organization["org_id"] for organization in world.organizations.all())
    for scope in [world.scope] if world.scope else [None, *organizations]:
        for review in world.store(REVIEWS, scope).all():
            begin = review["triggered_at"] + REVIEW_PENDING_SECONDS
            yield begin, min(begin + REVIEW_RUNNING_SECONDS, world.now)


def acus_by_day(intervals: Iterable[tuple[float, float]]) -> dict[int, float]:
    """Return the ACUs of some intervals of work by day, each day named by its begin."""
    spent: dict[int, float] = {}
    for begin, end in intervals:
        while begin < end:
            day = int((begin - DAY_BEGINS) // DAY) * DAY + DAY_BEGINS
            until = min(end, day + DAY)
            spent[day] = spent.get(day, 0.0) + (until - begin) / SECONDS_PER_ACU
            begin = until
    return spent


def month_of(moment: float) -> float:
    """Return when the month of a moment begins, by which is billed: with a day of consumption."""
    first = datetime.fromtimestamp(moment - DAY_BEGINS, UTC).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    return first.timestamp() + DAY_BEGINS
