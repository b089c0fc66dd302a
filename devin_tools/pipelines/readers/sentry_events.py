"""What there is to read in an event of Sentry: its stack trace, its tags, the place in the code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..payload import Body, as_text

MAX_FRAMES = 60


def _exceptions(event: Body) -> Iterator[Body]:
    yield from event.object("exception").objects("values")


def _frames(exception: Body) -> list[Body]:
    """The frames of an exception, the latest last: the place where it was raised."""
    return list(exception.object("stacktrace").objects("frames"))[-MAX_FRAMES:]


def described(event: Body) -> str:
    """Return what was raised and where."""
    about = event.object("metadata")
    raised = ": ".join(text for name in ("type", "value") if (text := about.text(name, default="")))
    culprit = event.text("culprit", default="")
    texts = raised, event.long_text("message"), f"In {culprit}" if culprit else ""
    return "\n".join(dict.fromkeys(text for text in texts if text))


def trace(event: Body) -> str:
    """Write the stack traces, the latest call last."""
    return "\n".join(line for exception in _exceptions(event) for line in _lines(exception))


def _lines(exception: Body) -> Iterator[str]:
    for frame in _frames(exception):
        function = frame.text("function", default="") or "?"
        code = frame.text("context_line", default="").strip()
        yield f"{frame.text('filename', 'module', default='?')}:{frame.number('lineno') or '?'} in {function}"
        if code:
            yield f"    {code}"
    yield ": ".join(text for name in ("type", "value") if (text := exception.text(name, default="")))


def place(event: Body) -> tuple[str, int | None]:
    """Find the file and line of the latest call in the project's own code, or of the latest at all."""
    frames = [frame for exception in _exceptions(event) for frame in _frames(exception)]
    own = [frame for frame in frames if frame.value.get("in_app") is True]
    for frame in reversed(own or frames):
        if file := frame.text("filename", default="").strip():
            line = frame.number("lineno")
            return file, line if line and line > 0 else None
    return event.object("metadata").text("filename", default=""), None


def tags(event: Body) -> dict[str, str]:
    """Take the tags, which come as pairs, or as objects with key and value; those of users stay here."""
    found: dict[str, str] = {}
    for tag in event.list("tags"):
        pair = [tag.get("key"), tag.get("value")] if isinstance(tag, dict) else tag
        if _is_pair(pair):
            found[as_text(pair[0])] = as_text(pair[1])
    for name in ("environment", "release", "platform"):
        found[name] = event.text(name, default="") or found.get(name, "")
    return {name: text for name, text in found.items() if name and text and not name.startswith("user")}


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2
