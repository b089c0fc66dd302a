"""Take values out of a body from outside, and build alerts of them.

Whatever a body holds, the only error is `UnreadableEvent`. It names the place of what is missing or wrong,
and repeats no value.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from ..codec import reasons
from ..errors import UnreadableEvent
from .alert import DEFAULT_SEVERITY, Alert, in_utc
from .severities import severity_of

MAX_TEXT = 100_000


class Body:
    """A JSON object, and where it stands in the event. `form` is what errors call the event."""

    def __init__(self, value: Any, path: str = "", *, form: str):
        if not isinstance(value, dict):
            raise wrong(form, path or "the body", "must be an object")
        self.value: Mapping[str, Any] = value
        self.path = path
        self.form = form

    def __contains__(self, name: str) -> bool:
        return self.value.get(name) is not None

    def place(self, name: str) -> str:
        """Return where a value stands: `data.alerts[0].name`."""
        return f"{self.path}.{name}".lstrip(".")

    def error(self, name: str, reason: str) -> UnreadableEvent:
        """Return the error for a value that is missing or wrong."""
        return wrong(self.form, self.place(name), reason)

    def first(self, *names: str) -> str | None:
        """Return the first of several names that has a value which is not null."""
        return next((name for name in names if name in self), None)

    def text(self, *names: str) -> str:
        """Return text or a number as text, by the first name that has a value; it must not be blank."""
        if self.first(*names) is None:
            raise self.error(names[0], "is missing")
        text = self.get(*names)
        if not text:
            raise self.error(self.first(*names) or "", "must not be empty")
        return text

    def get(self, *names: str) -> str:
        """Return text or a number as text, by the first name that has a value; "" for none, or a blank."""
        name = self.first(*names)
        if name is None:
            return ""
        value = self.value[name]
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.error(name, "must be text")
        text = str(value)[:MAX_TEXT]
        return text if text.strip() else ""

    def long_text(self, *names: str) -> str:
        """Return text in whatever shape it comes: a list becomes lines, an object JSON."""
        name = self.first(*names)
        return "" if name is None else as_text(self.value[name])

    def number(self, name: str, default: int | None = None) -> int | None:
        """Return a whole number, also one that is written as text."""
        value = self.value.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value) if len(value) < 20 else -1
        if isinstance(value, float) and math.isfinite(value) and value == int(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(name, "must be a whole number")
        return value

    def time(self, *names: str) -> datetime | None:
        """Return a time in UTC: from ISO 8601, or seconds or milliseconds since 1970."""
        name = self.first(*names)
        if name is None or self.value[name] == "":
            return None
        try:
            return _time(self.value[name])
        except (ValueError, OverflowError, OSError, TypeError):
            raise self.error(name, "must be a time such as 2026-01-31T12:00:00Z") from None

    def _given(self, name: str, required: bool, empty: Any) -> Any:
        if name in self:
            return self.value[name]
        if required:
            raise self.error(name, "is missing")
        return empty

    def object(self, name: str, *, required: bool = False) -> Body:
        """Return an object; one that is not there, and need not be, is empty."""
        return Body(self._given(name, required, {}), self.place(name), form=self.form)

    def list(self, name: str, *, required: bool = False) -> list[Any]:
        """Return a list; one that is not there, and need not be, is empty."""
        value = self._given(name, required, [])
        if not isinstance(value, list):
            raise self.error(name, "must be a list")
        return value

    def objects(self, name: str, *, required: bool = False) -> Iterator[Body]:
        """Yield the objects of a list."""
        for number, item in enumerate(self.list(name, required=required)):
            yield Body(item, f"{self.place(name)}[{number}]", form=self.form)

    def texts(self, name: str, *, only_plain: bool = False) -> dict[str, str]:
        """Return an object as names and texts without what is null or empty, or is a list or an object."""
        pairs = self.object(name).value.items()
        kept = ((key, value) for key, value in pairs if not (only_plain and isinstance(value, list | dict)))
        return {key: text for key, value in kept if (text := as_text(value))}


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
    body: Body, *, severity: Iterable[object], dimensions: Mapping[str, str], **fields: Any
) -> Alert:
    """Return an alert; raise `UnreadableEvent` when a value does not fit a field.

    The first of `severity` that is a number from 0 to 4, or a word for one, counts; empty dimensions are
    left out.
    """
    found = (severity_of(word) for word in severity)
    try:
        return Alert(
            severity=next((number for number in found if number is not None), DEFAULT_SEVERITY),
            dimensions={name: text for name, text in dimensions.items() if text},
            **fields,
        )
    except ValidationError as error:
        first = reasons(error)[0]
    reason = first["reason"][:1].lower() + first["reason"][1:]
    raise wrong(body.form, first["path"], f"does not fit: {reason}")  # out here, so that it holds no value


def wrong(form: str, path: str, reason: str) -> UnreadableEvent:
    """Return the error for an event that cannot be read."""
    return UnreadableEvent(
        f"The event cannot be read as {form}: {path} {reason}.", details=[{"path": path, "reason": reason}]
    )


def _time(value: Any) -> datetime:
    if isinstance(value, str) and value.strip().removeprefix("-").isdigit():
        value = int(value) if len(value) < 20 else math.inf
    if isinstance(value, int | float) and not isinstance(value, bool):
        # after the year 5138 as seconds, from 1973 on as milliseconds
        return datetime.fromtimestamp(value / 1000 if abs(value) > 100_000_000_000 else value, UTC)
    if not isinstance(value, str) or not 8 <= len(value) <= 40:
        raise ValueError
    return in_utc(datetime.fromisoformat(value.strip()))
