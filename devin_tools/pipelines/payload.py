"""Take values out of a body from outside, and build alerts of them.

Whatever a body holds, the only error is `UnreadableEvent`. It names the place of what is missing or wrong,
and repeats no value. A body knows what was asked of it: the rest, which no field of an alert is for, becomes
dimensions.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain, count, islice
from typing import Any

from pydantic import ValidationError

from ..codec import reasons
from ..errors import UnreadableEvent
from ..hookspecs import Reader
from .alert import DEFAULT_SEVERITY, MAX_DIMENSIONS, Alert, clean, in_utc
from .severities import severity_of

MAX_TEXT = 100_000

MAX_REST = 500
"""The most values of one alert that are looked at for dimensions beside those that its reader knows."""

MAX_BESIDE, MAX_BESIDE_TEXT = 16, 200
"""The most values beside the alerts of a group, and how long each may be: every alert bears them."""

MAX_DEPTH = 4
"""How deep an object that no reader knows is taken apart; what is deeper stays JSON."""

NAMELESS = "Alert without a name"

NOTABLE = re.compile(r"[\w.\[\]-]{1,64}")
"""A name that notes repeat; any other name was written to be read by somebody."""


UNFILLED = re.compile(
    r"null|none|nil|undefined|\*unknown\*|<no value>|\{\{.*\}\}|\$?\{[\w.$#:-]+\}|\$[a-z][a-z0-9_]*",
    re.IGNORECASE,
)
"""What stands where a template of the sender had no value, or was not filled in: no alert is known by it."""


@dataclass(slots=True)
class Findings:
    """What is to be said of an event beside its alerts."""

    unread: list[Mapping[str, str]] = field(default_factory=list)
    """Alerts of a list that could not be read: the path of what is missing or wrong, and the reason."""
    carried: dict[str, None] = field(default_factory=dict)
    """The names of dimensions that were made of what the reader does not know, each once."""
    left_out: int = 0
    """How many of those found no room."""
    notes: list[str] = field(default_factory=list)

    def all_notes(self) -> Iterator[str]:
        """Yield what is to be said, as sentences."""
        yield from self.notes
        if self.carried:
            shown = [name for name in self.carried if NOTABLE.fullmatch(name)][:20]
            more = len(self.carried) - len(shown)
            names = ", ".join(shown) + (f" and {more} more" if more else "")
            yield f"No field is for these, so they are dimensions: {names.removeprefix(' and ')}."
        if self.left_out:
            yield f"{self.left_out} further values are in none of the {MAX_DIMENSIONS} dimensions."


class Reading(list[Alert]):
    """The alerts of an event, and what is to be said of it beside them."""

    def __init__(self, alerts: Iterable[Alert] = (), findings: Findings | None = None):
        super().__init__(alerts)
        self.findings = findings or Findings()


def reader(
    name: str,
    form: str,
    summary: str,
    reads: Callable[[Mapping[str, str], Any], bool],
    read: Callable[[Body, Mapping[str, str]], Iterable[Alert]],
    *,
    is_strict: bool = False,
) -> Reader:
    """Return a reader. `form` is what errors call its events, and `read` takes the body as a `Body`.

    Of a vendor's body, a value of another shape than is known counts as one that nothing is known of; a
    strict reader refuses the event for it.
    """

    def read_body(headers: Mapping[str, str], body: Any) -> list[Alert]:
        given = Body(body, form=form, is_strict=is_strict)
        return Reading(read(given, headers), given.findings)

    return Reader(name, summary, reads, read_body)


class Body:
    """A JSON object, and where it stands in the event. `form` is what errors call the event."""

    def __init__(
        self,
        value: Any,
        path: str = "",
        *,
        form: str,
        is_strict: bool = True,
        findings: Findings | None = None,
    ):
        if not isinstance(value, dict):
            raise wrong(form, path or "the body", "must be an object")
        self.value: Mapping[str, Any] = value
        self.path = path
        self.form = form
        self.findings = findings or Findings()
        self._is_strict = is_strict
        self._known: set[str] = set()
        self._left_out: set[str] = set()
        self._objects: dict[str, Body] = {}
        self._lists: dict[str, dict[int, Body]] = {}

    def __contains__(self, name: str) -> bool:
        return self.value.get(name) is not None

    def nested(self) -> Body:
        """Return the object with each name that has a dot taken apart: `rule.id` is `id` within `rule`."""
        found = {name: value for name, value in self.value.items() if "." not in name}
        for name in (name for name in self.value if "." in name):
            *outer, last = name.split(".", MAX_DEPTH)
            place = found
            for part in outer:
                if not isinstance(place.get(part), dict):
                    place[part] = {}
                place = place[part]
            place[last] = self.value[name]
        return self._inner(found, self.path)

    def _inner(self, value: Any, path: str) -> Body:
        """Return an object within this one."""
        return Body(value, path, form=self.form, is_strict=self._is_strict, findings=self.findings)

    def known(self, *names: str) -> None:
        """Count values as known that say nothing of the problem: no dimension is made of them."""
        self._left_out.update(names)

    def unknown(self, name: str) -> None:
        """Leave a value to the dimensions, for it says nothing that a field is for."""
        self._known.discard(name)

    def raw(self, name: str) -> Any:
        """Return a value as it came; `None` where there is none."""
        self._known.add(name)
        return self.value.get(name)

    def _misfit(self, name: str, reason: str) -> None:
        """Refuse a value of the wrong shape; one that is not strict leaves it to the dimensions."""
        if self._is_strict:
            raise self.error(name, reason)
        self._known.discard(name)

    def place(self, name: str) -> str:
        """Return where a value stands: `data.alerts[0].name`."""
        return f"{self.path}.{name}".lstrip(".")

    def error(self, name: str, reason: str) -> UnreadableEvent:
        """Return the error for a value that is missing or wrong."""
        return wrong(self.form, self.place(name), reason)

    def first(self, *names: str) -> str | None:
        """Return the first of several names that has a value which is not null."""
        self._known.update(names)
        return next((name for name in names if name in self), None)

    def text(self, *names: str) -> str:
        """Return text or a number as text, by the first name that has it; it must be there."""
        if text := next((text for name in names if (text := plain(self.value.get(name)))), ""):
            self._known.update(names)
            return text
        if (found := self.first(*names)) is None:
            raise self.error(names[0], "is missing")
        is_blank = isinstance(self.value[found], str)
        raise self.error(found, "must not be empty" if is_blank else "must be text")

    def get(self, *names: str) -> str:
        """Return text or a number as text, by the first name that has a value; "" for none, or a blank."""
        self._known.update(names)
        for name in names:
            value = self.value.get(name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                self._misfit(name, "must be text")
                continue
            return plain(value)
        return ""

    def first_text(self, *names: str) -> str:
        """Return the first text that is not blank, where `get` takes the first that is not null."""
        return next((text for name in names if (text := self.get(name))), "")

    def name(self, *names: str, is_over: bool) -> str:
        """Return what an alert is called; one that is over needs no name, for it has a fingerprint."""
        return self.first_text(*names) or (NAMELESS if is_over else self.text(*names))

    def long_text(self, *names: str) -> str:
        """Return text in whatever shape it comes: a list becomes lines, an object JSON."""
        name = self.first(*names)
        return "" if name is None else as_text(self.value[name])

    def number(self, name: str, default: int | None = None) -> int | None:
        """Return a whole number, also one that is written as text."""
        value = self.raw(name)
        if value is None or value == "":
            return default
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value) if len(value) < 20 else -1
        if isinstance(value, float) and math.isfinite(value) and value == int(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self._misfit(name, "must be a whole number")
            return default
        return value

    def time(self, *names: str) -> datetime | None:
        """Return a time in UTC: from ISO 8601, or seconds or parts of seconds since 1970."""
        name = self.first(*names)
        if name is None or self.value[name] == "":
            return None
        try:
            return _time(self.value[name])
        except (ValueError, OverflowError, OSError, TypeError):
            pass
        self._misfit(name, "must be a time such as 2026-01-31T12:00:00Z")
        return None

    def _given(self, name: str, required: bool, empty: Any) -> Any:
        self._known.add(name)
        if name in self:
            return self.value[name]
        if required:
            raise self.error(name, "is missing")
        return empty

    def object(self, name: str, *, required: bool = False) -> Body:
        """Return an object; one that is not there, and need not be, is empty."""
        if name not in self._objects or required:
            value = self._given(name, required, {})
            if not isinstance(value, dict) and not required:
                self._misfit(name, "must be an object")
                return self._inner({}, self.place(name))
            self._objects.setdefault(name, self._inner(value, self.place(name)))
        return self._objects[name]

    def list(self, name: str, *, required: bool = False) -> list[Any]:
        """Return a list; one that is not there, and need not be, is empty."""
        value = self._given(name, required, [])
        if isinstance(value, list):
            return value
        if required:
            raise self.error(name, "must be a list")
        self._misfit(name, "must be a list")
        return []

    def objects(self, name: str, *, required: bool = False) -> Iterator[Body]:
        """Yield the objects of a list."""
        inner = self._lists.setdefault(name, {})
        for number, item in enumerate(self.list(name, required=required)):
            if self._is_strict or isinstance(item, dict):
                if number not in inner:
                    inner[number] = self._inner(item, f"{self.place(name)}[{number}]")
                yield inner[number]

    def read_each(self, name: str, read: Callable[[Body], Alert | None]) -> Reading:
        """Read the alerts of a list one by one: one that cannot be read keeps none of the others.

        Raises `UnreadableEvent` where that leaves none.
        """
        alerts = Reading()
        first: UnreadableEvent | None = None
        for number, item in enumerate(self.list(name)):
            try:
                alert = read(self._inner(item, f"{self.place(name)}[{number}]"))
            except UnreadableEvent as error:
                first = first or error
                self.findings.unread += error.details
                continue
            if alert is not None:
                alerts.append(alert)
        if first is not None and not alerts:
            raise first
        return alerts

    def texts(self, name: str, *, only_plain: bool = False) -> dict[str, str]:
        """Return an object as names and texts without what is null or empty, or is a list or an object."""
        inner = self.object(name)
        pairs = inner.value.items()
        kept = [(key, value) for key, value in pairs if not (only_plain and isinstance(value, list | dict))]
        inner.known(*(key for key, _ in kept))
        return {key: text for key, value in kept if (text := as_text(value))}

    def rest(self) -> Iterator[tuple[str, str]]:
        """Yield the names and texts of what nothing has asked for."""
        for name, value in self.value.items():
            if name in self._left_out:
                continue
            if name in self._objects:
                yield from self._objects[name].rest()
            elif name in self._lists and isinstance(value, list):
                for number, item in enumerate(value):
                    inner = self._lists[name].get(number)
                    yield from _leaves(name, item) if inner is None else inner.rest()
            elif name not in self._known:
                yield from _leaves(name, value)

    @cached_property
    def lasting_rest(self) -> tuple[tuple[str, str], ...]:
        """The rest of what stands beside many alerts, the same for each: a little, for all bear it."""
        found = [*islice(self.rest(), MAX_REST)]
        self.findings.left_out += len(found[MAX_BESIDE:])
        return tuple((name, clean(text, MAX_BESIDE_TEXT)) for name, text in found[:MAX_BESIDE])


def _leaves(name: str, value: Any, depth: int = 1) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and depth < MAX_DEPTH:
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}", inner, depth + 1)
    elif isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        if text := ", ".join(filter(None, map(as_text, value))):
            yield name, text[:MAX_TEXT]
    elif text := as_text(value).strip():
        yield name, text


def plain(value: Any) -> str:
    """Return text or a number as text, and "" for all else, and for a blank."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)[:MAX_TEXT]
    return text if text.strip() else ""


def filled(text: str) -> str:
    """Return a text, and "" for what a template leaves where it has no value."""
    return "" if UNFILLED.fullmatch(text.strip()) else text


def has(body: Any, *names: str) -> bool:
    """Return whether a body is an object with all of these names."""
    return isinstance(body, dict) and body.keys() >= set(names)


def as_text(value: Any) -> str:
    """Return any JSON value as text: strings as they are, lists of strings as lines, the rest as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)[:MAX_TEXT]
    return json.dumps(value, ensure_ascii=False)[:MAX_TEXT]


def joined(*texts: str) -> str:
    """Return the texts that are not empty, each once and on lines of its own."""
    return "\n".join(dict.fromkeys(filter(None, texts)))


def build_alert(
    body: Body,
    *further: Body,
    severity: Iterable[object],
    dimensions: Mapping[str, str],
    fingerprint: str = "",
    **fields: Any,
) -> Alert:
    """Return an alert; raise `UnreadableEvent` when a value does not fit a field.

    The first of `severity` that is a number from 0 to 4, or a word for one, counts; empty dimensions are
    left out. What nothing has asked for in the bodies becomes dimensions too, which are not part of the
    fingerprint: what nobody knows may change while the problem is the same.
    """
    found = (severity_of(word) for word in severity)
    fields["severity"] = next((number for number in found if number is not None), DEFAULT_SEVERITY)
    own = {name: text for name, text in dimensions.items() if text}
    if fingerprint and not filled(fingerprint):  # all alerts would be one: each but the first would be lost
        fingerprint = ""
        body.findings.notes.append("The sender filled in no fingerprint, so one is made of the alert.")
    try:
        alert = Alert(dimensions=own, fingerprint=fingerprint, **fields)
        if all_ := _with_rest(own, body, *further):
            alert = Alert(dimensions=all_, fingerprint=alert.fingerprint, **fields)
        return alert
    except ValidationError as error:
        first = reasons(error)[0]
    reason = first["reason"][:1].lower() + first["reason"][1:]
    raise wrong(body.form, first["path"], f"does not fit: {reason}")  # out here, so that it holds no value


def _with_rest(own: Mapping[str, str], *bodies: Body) -> dict[str, str] | None:
    """Return the dimensions with what the bodies hold besides; `None` where that is nothing."""
    found: dict[str, str] = {}
    own_body, *further = bodies
    beside = (pair for body in further for pair in body.lasting_rest)
    for name, text in islice(chain(own_body.rest(), beside), MAX_REST):
        if own.get(name) != text:
            names = chain([name], (f"{name}_{number}" for number in count(2)))
            found[next(free for free in names if free not in own and free not in found)] = text
    room = max(0, MAX_DIMENSIONS - len(own))
    findings = own_body.findings
    findings.carried.update(dict.fromkeys(islice(found, room)))
    findings.left_out += max(0, len(found) - room)
    return {**own, **found} if found else None


def wrong(form: str, path: str, reason: str) -> UnreadableEvent:
    """Return the error for an event that cannot be read."""
    return UnreadableEvent(
        f"The event cannot be read as {form}: {path} {reason}.", details=[{"path": path, "reason": reason}]
    )


def _time(value: Any) -> datetime:
    if isinstance(value, str) and value.strip().removeprefix("-").isdigit():
        value = int(value) if len(value) < 20 else math.inf
    if isinstance(value, int | float) and not isinstance(value, bool):
        # after the year 5138 as seconds, from 1973 on as milliseconds, and so on to nanoseconds
        for _ in range(3):
            value = value / 1000 if abs(value) > 100_000_000_000 else value
        return datetime.fromtimestamp(value, UTC)
    if not isinstance(value, str) or not 8 <= len(value) <= 40:
        raise ValueError
    return in_utc(datetime.fromisoformat(value.strip()))
