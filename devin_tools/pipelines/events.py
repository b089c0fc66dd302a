"""Read alerts from the bytes of an event, by the reader that knows its form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import DevinToolsError, PluginError, UnreadableEvent
from ..hookspecs import Reader
from ..text.encoding import load_json
from .alert import Alert

MAX_BODY = 1024 * 1024
"""The most bytes of an event."""

MAX_ALERTS = 1_000
"""The most alerts in one event."""


@dataclass(frozen=True, slots=True)
class Event:
    """What was read of an event."""

    reader: str
    """The name of the reader that knew its form."""

    alerts: tuple[Alert, ...]
    """Its alerts; none, when there is nothing to act on."""


def read_event(
    headers: Mapping[str, str], body: bytes, readers: Mapping[str, Reader], *, reader: str | None = None
) -> Event:
    """Read an event; `reader` names the one to use, else the last that knows its form does.

    Raises `UnreadableEvent`, whatever the body holds; it names what is missing or wrong, and never
    repeats a value. Raises `PluginError` when a plugin's reader fails.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    value = parse(body)
    chosen = _reader_of(lower, value, readers) if reader is None else _named(reader, readers)
    try:
        alerts = chosen.read(lower, value)
    except DevinToolsError:
        raise
    except Exception as error:
        raise _failed(chosen, error) from None
    if len(alerts) > MAX_ALERTS:
        raise UnreadableEvent(f"The event holds more than {MAX_ALERTS:,} alerts.")
    return Event(chosen.name, tuple(alerts))


def parse(body: bytes) -> Any:
    """Parse JSON from outside; raise `UnreadableEvent` for anything else."""
    if len(body) > MAX_BODY:
        raise UnreadableEvent(f"The event is larger than {MAX_BODY // 1024} KB.")
    try:
        return load_json(body, is_strict=True)[0]
    except json.JSONDecodeError as error:
        reason = f"line {error.lineno}, column {error.colno}"
    except ValueError as error:
        reason = str(error)
    raise UnreadableEvent(f"The event is not JSON: {reason}.") from None


def _reader_of(headers: Mapping[str, str], body: Any, readers: Mapping[str, Reader]) -> Reader:
    """Find the last reader that knows a body; header names are in lower case."""
    for reader in reversed(tuple(readers.values())):
        try:
            if reader.reads(headers, body):
                return reader
        except Exception as error:
            raise _failed(reader, error) from None
    raise UnreadableEvent(
        "The event is of no known form. In the standard form, alertName is missing.",
        hint=f"The forms known are: {', '.join(readers)}.",
        details=[{"path": "alertName", "reason": "is missing"}],
    )


def _failed(reader: Reader, error: Exception) -> PluginError:
    # the text of the error itself could repeat a value
    return PluginError(f"The reader {reader.name} failed: {type(error).__name__}.")


def _named(name: str, readers: Mapping[str, Reader]) -> Reader:
    if name not in readers:
        raise UnreadableEvent(
            f"No reader is called {name[:64]!r}.", hint=f"The readers are: {', '.join(readers)}."
        )
    return readers[name]
