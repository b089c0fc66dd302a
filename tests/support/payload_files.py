"""The payload files, and what comes with each: the headers its vendor sends."""

from __future__ import annotations

from support.paths import DATA
from support.tools import built_in

from devin_tools.hookspecs import Reader
from devin_tools.pipelines.alert import Alert
from devin_tools.pipelines.events import Event, read_event

FOLDER = DATA / "payloads"
FILES = {f"{path.parent.name}/{path.stem}": path for path in sorted(FOLDER.rglob("*.json"))}

SENTRY = {"issue-alert": "event_alert", "metric-alert-resolved": "metric_alert", "error": "error"}


def readers() -> dict[str, Reader]:
    """Return the built-in readers by their names."""
    return built_in().readers


def names() -> list[str]:
    """Return the names of the files."""
    return list(FILES)


def headers_of(name: str) -> dict[str, str]:
    """Return the headers that say what a payload is."""
    vendor, _, kind = name.partition("/")
    if vendor == "github":
        return {"X-GitHub-Event": kind.partition("-")[0]}
    if vendor == "sentry":
        return {"Sentry-Hook-Resource": SENTRY.get(kind, "issue")}
    return {}


def event_of(name: str) -> Event:
    """Read a payload file."""
    return read_event(headers_of(name), FILES[name].read_bytes(), readers())


def alert_of(name: str) -> Alert:
    """Read the first alert of a payload file."""
    return event_of(name).alerts[0]
