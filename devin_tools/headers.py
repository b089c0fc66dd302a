"""Headers: the one reading of a request's, and what those of an answer say of time. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC

from .errors import UsageError

__all__ = ["CONFIRM_HEADER", "checked_headers", "date_of", "joined", "retry_after"]

SINGLE = frozenset(
    """
    authorization content-encoding content-length content-type host last-event-id mcp-method mcp-name
    mcp-protocol-version mcp-session-id origin sec-fetch-site sentry-hook-resource transfer-encoding
    x-devin-confirm x-github-event
    """.split()  # noqa: SIM905 - a table is easier to read
)
"""Headers that have one value. Of two, one reader takes the first, and another the last or none."""

SINGLE_KINDS = re.compile(r"mcp-.*|.*-(?:signature|timestamp)(?:-.*)?")
"""Further ones: MCP's own, those of later versions too, and what senders of events sign with."""

LONGEST = 86_400.0
"""The most seconds that an answer can ask for: nothing here waits for days."""

CONFIRM_HEADER = "X-Devin-Confirm"
"""The header by which a person consents. No parameter of an operation, or a model could fill it."""

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?", re.ASCII)
_VALUE = re.compile(r"(?:[A-Za-z]{3,9},)?[^,]+")
"""One value of several in a header, which may be a date with a comma after its day."""


def joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return each header once, under its name in small letters: of several lines the values, as one list.

    So HTTP has it (RFC 9110, section 5.3), and whoever checks a header and whoever uses it see the same.
    """
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def checked_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return what `joined` does; raise `UsageError` for a header that has one value and came twice."""
    pairs = list(headers)
    names = [name.decode("latin-1").lower() for name, _ in pairs]
    for name in {name for name in names if names.count(name) > 1}:
        if name in SINGLE or SINGLE_KINDS.fullmatch(name):
            known = name if name in SINGLE else "of a session or signature"
            raise UsageError(f"The header {known} came more than once.", hint="Send it once, with one value.")
    return joined(pairs)


def date_of(headers: Mapping[str, str]) -> float | None:
    """Return the sender's own time, in seconds since 1970; `None` where it is missing or malformed."""
    return _moment(headers.get("date", ""))


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Return the seconds to wait that an answer asks for (RFC 9110, section 10.2.3): from 0 to a day.

    A date counts from the answer's own `Date`, so that it does not matter which clock is wrong; without
    one from `now`. Of several values the longest holds. `None` where none can be read.
    """
    sent = date_of(headers)
    since = now if sent is None else sent
    waits = [_seconds(value.strip(), since) for value in _VALUE.findall(headers.get("retry-after", ""))]
    return max((wait for wait in waits if wait is not None), default=None)


def _seconds(value: str, since: float | None) -> float | None:
    if _NUMBER.fullmatch(value):
        return min(max(0.0, float(value)), LONGEST)
    moment = _moment(value)
    return None if moment is None or since is None else min(max(0.0, moment - since), LONGEST)


def _moment(value: str) -> float | None:
    from email.utils import parsedate_to_datetime  # it brings sockets and calendars along

    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (IndexError, OverflowError, TypeError, ValueError):
        return None
