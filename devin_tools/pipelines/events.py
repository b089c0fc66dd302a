"""Read alerts from the bytes of an event, by the reader that knows its form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from ..errors import DevinToolsError, PluginError, UnreadableEvent
from ..hookspecs import Reader
from ..text.encoding import load_json
from ..text.suggestions import one_of
from .alert import Alert
from .bodies import MAX_BODY, TOO_LARGE, content_of, other_than_json
from .other_forms import STANDARD, switch_for
from .payload import Reading, has
from .sns import is_message, message_in, signed_part

IN_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""A string of JSON; one that does not end reaches to the end of the body: no part is searched twice."""

BACKSLASH = re.compile(rb'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')
"""A backslash, with the escape that it begins."""

CONTROL = re.compile(rb"[\x00-\x1f]")

MAX_ALERTS = 1_000
"""The most alerts in one event."""

TOO_MANY = f"The event holds more than {MAX_ALERTS:,} alerts."

MAX_NOTES = 20
"""The most that is said of the events of a list."""


@dataclass(frozen=True, slots=True)
class Event:
    """What was read of an event."""

    reader: str
    """The name of the reader that knew its form."""

    alerts: tuple[Alert, ...]
    """Its alerts; none, when there is nothing to act on."""

    unread: tuple[Mapping[str, str], ...] = ()
    """Alerts beside them that could not be read: the path of what is missing or wrong, and the reason."""

    notes: tuple[str, ...] = ()
    """What else is to be said of it: which values the reader did not know, what the sender left out."""


def read_event(
    headers: Mapping[str, str], body: bytes, readers: Mapping[str, Reader], *, reader: str | None = None
) -> Event:
    """Read an event; `reader` names the one to use, else the last that knows its form does.

    Raises `UnreadableEvent`, whatever the body holds; it names what is missing or wrong, and never
    repeats a value. Raises `PluginError` when a plugin's reader fails.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    value = parse(content_of(lower, body))
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):  # JSON as text in JSON
        value = parse(value.encode())
    if reader is None and _is_batch(value, lower, readers):
        return _batch(lower, value, readers)
    return _one(lower, value, readers, reader)


def _is_batch(value: Any, headers: Mapping[str, str], readers: Mapping[str, Reader]) -> TypeGuard[list[Any]]:
    """Return whether a value is a list of events, and not a form of its own that is a list."""
    is_list = isinstance(value, list) and bool(value)
    return is_list and not switch_for(headers, value) and _knowing(headers, value, readers) is None


def _batch(headers: Mapping[str, str], events: list[Any], readers: Mapping[str, Reader]) -> Event:
    """Read events that a sender put into one list: one that cannot be read keeps none of the others.

    Raises `UnreadableEvent` where that leaves no alert.
    """
    if len(events) > MAX_ALERTS:
        raise UnreadableEvent(TOO_MANY)
    found: list[Event] = []
    unread: list[Mapping[str, str]] = []
    first: UnreadableEvent | None = None
    for number, value in enumerate(events):
        try:
            event = _one(headers, value, readers, None)
        except UnreadableEvent as error:
            first = first or error
            details: list[Mapping[str, str]] = [
                *(error.details or [{"path": "", "reason": "cannot be read"}])
            ]
        else:
            found.append(event)
            details = [*event.unread]
        unread += [{**one, "path": f"[{number}].{one['path']}".rstrip(".")} for one in details]
    alerts = tuple(alert for event in found for alert in event.alerts)
    if first is not None and not alerts:
        raise first
    if len(alerts) > MAX_ALERTS:
        raise UnreadableEvent(TOO_MANY)
    names = ", ".join(dict.fromkeys(event.reader for event in found))
    notes = dict.fromkeys(note for event in found for note in event.notes)
    return Event(names, alerts, tuple(unread[:MAX_ALERTS]), tuple(notes)[:MAX_NOTES])


def _one(headers: Mapping[str, str], value: Any, readers: Mapping[str, Reader], reader: str | None) -> Event:
    """Read one event."""
    if is_message(value):  # neither headers nor further fields are signed by SNS
        headers, value = {}, signed_part(value)
    chosen, value = _chosen(headers, value, readers) if reader is None else (_named(reader, readers), value)
    try:
        found = chosen.read(headers, value)
    except DevinToolsError:
        raise
    except Exception as error:
        raise _failed(chosen, error) from None
    if len(found) > MAX_ALERTS:
        raise UnreadableEvent(TOO_MANY)
    if not isinstance(found, Reading):  # a plugin's
        return Event(chosen.name, tuple(found))
    findings = found.findings
    return Event(chosen.name, tuple(found), tuple(findings.unread[:MAX_ALERTS]), tuple(findings.all_notes()))


def parse(body: bytes) -> Any:
    """Parse JSON from outside; raise `UnreadableEvent` for anything else."""
    if len(body) > MAX_BODY:
        raise UnreadableEvent(TOO_LARGE)
    try:
        return load_json(body, is_strict=True)[0]
    except json.JSONDecodeError as error:
        if error.msg.startswith("Invalid control character") and (mended := _with_escapes(body)) != body:
            return parse(mended)
        if error.msg.startswith("Invalid \\") and (mended := _with_backslashes(body)) != body:
            return parse(mended)
        if error.msg == "Extra data" and (lines := _lines(body)):
            return lines
        reason = f"line {error.lineno}, column {error.colno}"
    except ValueError as error:
        reason = str(error)
    said = other_than_json(body)
    raise UnreadableEvent(" ".join(filter(None, (f"The event is not JSON: {reason}.", said)))) from None


def _with_backslashes(body: bytes) -> bytes:
    """Write twice each backslash that begins no escape of JSON: senders put paths of Windows as they are."""
    return BACKSLASH.sub(lambda found: b"\\" + found[0] if found[1] is None else found[0], body)


def _lines(body: bytes) -> list[Any]:
    """Return the objects of a body of which each line is one; nothing for any other."""
    lines = [line for line in body.splitlines() if line.strip()]
    if not 1 < len(lines) <= MAX_ALERTS:
        return []
    try:
        return [load_json(line, is_strict=True)[0] for line in lines]
    except ValueError:
        return []


def _with_escapes(body: bytes) -> bytes:
    """Write the line feeds and other control characters that stand within strings as JSON wants them.

    Templates of senders put texts of several lines between quotes as they are.
    """
    return IN_STRING.sub(lambda text: CONTROL.sub(lambda char: b"\\u%04x" % ord(char[0]), text[0]), body)


def _chosen(headers: Mapping[str, str], body: Any, readers: Mapping[str, Reader]) -> tuple[Reader, Any]:
    """Return the reader for a body, and what it is to read: of a message of SNS, that what is in it."""
    inner = message_in(body)
    if inner is not None and (found := _knowing(headers, inner, readers)) is not None:
        return found, inner
    if (found := _knowing(headers, body, readers)) is not None:
        return found, body
    if has(body, "specversion", "type", "data") and (found := _knowing(headers, body["data"], readers)):
        return found, body["data"]  # of a CloudEvent
    if switch := switch_for(headers, body):
        raise UnreadableEvent(f"The event is of a form that is not read: {switch}")
    raise UnreadableEvent(
        f"The event is of no known form. In the standard form, alertName is missing: {STANDARD}.",
        hint=f"The forms known are: {', '.join(readers)}.",
        details=[{"path": "alertName", "reason": "is missing"}],
    )


def _knowing(headers: Mapping[str, str], body: Any, readers: Mapping[str, Reader]) -> Reader | None:
    """Find the last reader that knows a body; header names are in lower case."""
    for reader in reversed(tuple(readers.values())):
        try:
            if reader.reads(headers, body):
                return reader
        except Exception as error:
            raise _failed(reader, error) from None
    return None


def _failed(reader: Reader, error: Exception) -> PluginError:
    # the text of the error itself could repeat a value
    return PluginError(f"The reader {reader.name} failed: {type(error).__name__}.")


def _named(name: str, readers: Mapping[str, Reader]) -> Reader:
    if name not in readers:
        raise UnreadableEvent(f"No reader is called {name[:64]!r}.", hint=one_of(name, readers, "readers"))
    return readers[name]
