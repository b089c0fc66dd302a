"""What the headers of an answer say of time. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

__all__ = ["date_of", "retry_after"]

LONGEST = 86_400.0
"""Seconds beyond which a wish counts as this many: nothing here waits for days."""

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?", re.ASCII)
_VALUE = re.compile(r"(?:[A-Za-z]{3,9},)?[^,]+")
"""One value of several in a header, which may be a date with a comma after its day."""


def date_of(headers: Mapping[str, str]) -> float | None:
    """Return the sender's own time, in seconds since 1970; `None` where it does not say, or not readably."""
    return _moment(headers.get("date", ""))


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Return the seconds to wait that an answer asks for (RFC 9110, section 10.2.3): from 0 to a day.

    A date counts from the answer's own `Date`, so that it does not matter which clock is wrong; without
    one from `now`. Of several wishes the longest holds. `None` where there is none that can be read.
    """
    sent = date_of(headers)
    since = now if sent is None else sent
    wishes = [_seconds(value.strip(), since) for value in _VALUE.findall(headers.get("retry-after", ""))]
    return max((wish for wish in wishes if wish is not None), default=None)


def _seconds(value: str, since: float | None) -> float | None:
    if _NUMBER.fullmatch(value):
        return min(max(0.0, float(value)), LONGEST)
    moment = _moment(value)
    return None if moment is None or since is None else min(max(0.0, moment - since), LONGEST)


def _moment(value: str) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (IndexError, OverflowError, TypeError, ValueError):
        return None
