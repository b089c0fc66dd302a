"""Take values out of a body from outside, saying of each that is missing or wrong which one it was.

Whatever a body holds, the only error is `UnreadableEvent`, and no error repeats a value.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ..errors import UnreadableEvent

MAX_TEXT = 100_000


class Body:
    """A JSON object, and the way to it."""

    def __init__(self, value: Any, path: str = "", *, form: str):
        if not isinstance(value, dict):
            raise wrong(form, path or "the body", "must be an object")
        self.value: Mapping[str, Any] = value
        self.path = path
        self.form = form

    def __contains__(self, name: str) -> bool:
        return self.value.get(name) is not None

    def place(self, name: str) -> str:
        """Return where a value stands."""
        return f"{self.path}.{name}".lstrip(".")

    def given(self, *names: str) -> str | None:
        """Find the first of several names that has a value which is not null."""
        return next((name for name in names if self.value.get(name) is not None), None)

    def text(self, *names: str, default: str | None = None) -> str:
        """Take text or a number, by the first name that is there; without a default it must be there."""
        name = self.given(*names)
        if name is None:
            return self._left_out(names[0], default)
        value = self.value[name]
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise wrong(self.form, self.place(name), "must be text")
        text = str(value)[:MAX_TEXT]
        if not text.strip() and default is None:
            raise wrong(self.form, self.place(name), "must not be empty")
        return text if text.strip() else default or ""

    def long_text(self, *names: str) -> str:
        """Take text in whatever shape it comes: a list becomes lines, an object JSON."""
        name = self.given(*names)
        return "" if name is None else as_text(self.value[name])

    def number(self, name: str, default: int | None = None) -> int | None:
        """Take a whole number, also one that is written as text."""
        value = self.value.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value) if len(value) < 20 else -1
        if isinstance(value, float) and math.isfinite(value) and value == int(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong(self.form, self.place(name), "must be a whole number")
        return value

    def time(self, *names: str) -> datetime | None:
        """Take a time: ISO 8601, or seconds or milliseconds since 1970."""
        name = self.given(*names)
        if name is None or self.value[name] == "":
            return None
        try:
            return _time(self.value[name])
        except (ValueError, OverflowError, OSError, TypeError):
            raise wrong(self.form, self.place(name), "must be a time such as 2026-01-31T12:00:00Z") from None

    def object(self, name: str, *, required: bool = False) -> Body:
        """Take an object; one that is not there, and need not be, is empty."""
        value = self.value.get(name)
        if value is None:
            if required:
                raise missing(self.form, self.place(name))
            value = {}
        return Body(value, self.place(name), form=self.form)

    def list(self, name: str, *, required: bool = False) -> list[Any]:
        """Take a list; one that is not there, and need not be, is empty."""
        value = self.value.get(name)
        if value is None:
            if required:
                raise missing(self.form, self.place(name))
            return []
        if not isinstance(value, list):
            raise wrong(self.form, self.place(name), "must be a list")
        return value

    def objects(self, name: str, *, required: bool = False) -> Iterator[Body]:
        """Take a list of objects."""
        for number, item in enumerate(self.list(name, required=required)):
            yield Body(item, f"{self.place(name)}[{number}]", form=self.form)

    def texts(self, name: str) -> dict[str, str]:
        """Take an object as names and texts, leaving out what is null or empty."""
        pairs = self.object(name).value.items()
        return {key: text for key, value in pairs if (text := as_text(value))}

    def texts_if_plain(self) -> dict[str, str]:
        """Take the names and values of this object that are plain, leaving out lists and objects."""
        plain = {key: value for key, value in self.value.items() if not isinstance(value, list | dict)}
        return {key: text for key, value in plain.items() if (text := as_text(value))}

    def _left_out(self, name: str, default: str | None) -> str:
        if default is None:
            raise missing(self.form, self.place(name))
        return default


def as_text(value: Any) -> str:
    """Write any JSON value as text: strings as they are, lists of strings as lines, the rest as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)[:MAX_TEXT]
    return json.dumps(value, ensure_ascii=False)[:MAX_TEXT]


def missing(form: str, path: str) -> UnreadableEvent:
    """Make the error for a value that is not there."""
    return wrong(form, path, "is missing")


def wrong(form: str, path: str, reason: str) -> UnreadableEvent:
    """Make the error for a value that is not as it must be."""
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
    found = datetime.fromisoformat(value.strip())
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
