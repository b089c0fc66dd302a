"""What there is to measure in a world: the size of sessions, and ACUs by day and product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .world import SECONDS_PER_ACU, SessionRecord, World

DAY = 24 * 3600
DAY_BEGINS = 8 * 3600
"""A day of consumption begins at midnight PST, which is 08:00 UTC (the vendor's rule)."""

SIZES = {"xs": 1.0, "s": 4.0, "m": 10.0, "l": 25.0}
"""The sizes with the weight that each ends below. The vendor documents no numbers: these are this world's."""

REVIEWS = "Review"
"""The shelf of the pull-request reviews."""
REVIEW_WAITS, REVIEW_TAKES = 30.0, 180.0
"""How many seconds a review waits, and how many it works."""


def messages_from(record: SessionRecord, source: str) -> int:
    """Count the messages of one side."""
    return sum(message["source"] == source for message in record.messages)


def size_of(record: SessionRecord, now: float) -> str:
    """Judge the size of a session by its ACUs and messages."""
    weight = record.spent(now) + len(record.messages) / 10
    return next((size for size, end in SIZES.items() if weight < end), "xl")


def spells_of(record: SessionRecord, now: float) -> Iterator[tuple[float, float]]:
    """Yield the stretches in which a session worked; one may still go on."""
    yield from record.spells
    if record.working_since is not None:
        yield record.working_since, now


def review_spells(world: World) -> Iterator[tuple[float, float]]:
    """Yield the stretches in which reviews were at work, as far as they lie in the past."""
    for review in world.shelf(REVIEWS).all():
        begin = review["triggered_at"] + REVIEW_WAITS
        yield begin, min(begin + REVIEW_TAKES, world.now)


def acus_by_day(spells: Iterable[tuple[float, float]]) -> dict[int, float]:
    """Share stretches of work out over the days they lie in, each day named by its begin."""
    spent: dict[int, float] = {}
    for begin, end in spells:
        while begin < end:
            day = int((begin - DAY_BEGINS) // DAY) * DAY + DAY_BEGINS
            until = min(end, day + DAY)
            spent[day] = spent.get(day, 0.0) + (until - begin) / SECONDS_PER_ACU
            begin = until
    return spent
