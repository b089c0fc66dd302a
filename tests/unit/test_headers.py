"""What an answer says of time is read against its own clock, within bounds."""

from __future__ import annotations

from email.utils import formatdate

from support.driving import EPOCH
from support.laws import for_every

from devin_tools.headers import date_of, retry_after

AHEAD = formatdate(EPOCH + 10, usegmt=True)
WISHES = {
    AHEAD: 10.0,
    formatdate(EPOCH - 10, usegmt=True): 0.0,
    "Fri, 31 Dec 9999 23:59:59 GMT": 86_400.0,
    "7": 7.0,
    "-7": 0.0,
    "1.5": 1.5,
    "9" * 400: 86_400.0,
    "nan": None,
    "inf": None,
    "1e3": None,
    "1_000": None,
    "\u0665": None,
    "": None,
    "5, 20": 20.0,
    f"soon, {AHEAD}": 10.0,
    f"{AHEAD}, 5": 10.0,
}


@for_every("wish", WISHES.keys)
def test_a_wish_has_one_reading(wish: str) -> None:
    assert retry_after({"retry-after": wish}, EPOCH) == WISHES[wish]


@for_every("off", lambda: [0, -3600, 3600, -(10**8)])
def test_a_date_counts_from_the_answers_own_date_whichever_clock_is_wrong(off: int) -> None:
    headers = {
        "date": formatdate(EPOCH + off, usegmt=True),
        "retry-after": formatdate(EPOCH + off + 10, usegmt=True),
    }
    assert retry_after(headers, EPOCH) == retry_after(headers) == 10.0


def test_a_date_that_cannot_be_read_counts_as_none() -> None:
    assert date_of({"date": "yesterday"}) is date_of({}) is None
    assert retry_after({"date": "yesterday", "retry-after": AHEAD}, EPOCH) == 10.0
    assert retry_after({"retry-after": AHEAD}) is None
