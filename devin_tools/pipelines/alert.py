"""An alert: the one form in which every event goes on, whoever sent it.

All of its text is from outside. It is cleaned and cut to size here, once, so that what comes later
need not ask; what it says is still data, never an instruction.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from ..api.shared.fields import UNTRUSTED
from ..text.visible import visible
from .frozen_model import FrozenModel

SEVERITIES = ("critical", "error", "warning", "informational", "verbose")
"""What the severities 0 to 4 mean: Azure Monitor's scale, the widest that many vendors share."""

DEFAULT_SEVERITY = 2
"""The severity of an alert whose sender states none: somebody thought it worth sending."""

MAX_DIMENSIONS = 64

MAX_SOURCE = 40
"""The longest name of a sender: with what stands before it, a tag that the API takes."""

CUT = " (cut)"

WEB = re.compile(r"https?://[^\s<>\"\\]+")

REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")


def clean(text: str, most: int) -> str:
    """Return a text without what does not show, in at most so many characters; one that was cut says so."""
    text = text.replace("\r\n", "\n").strip()
    return visible(text if len(text) <= most else text[: most - len(CUT)] + CUT).strip()


def normalized_source(text: str) -> str:
    """Return the one form of a sender's name, by which rules know it and which its tag bears.

    Upper case, width and signs make no other name; a letter that is not ASCII is written as its number, so
    that a name which only looks like another is not it.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    written = "".join(
        f"u{ord(char):04x}" if char.isalnum() and not char.isascii() else char for char in plain
    )
    return re.sub(r"[^a-z0-9._-]+", "-", written).strip("-")[:MAX_SOURCE].strip("-")


def digest(*parts: object) -> str:
    """Return 32 hex digits for values: the same for the same ones, whichever process asks."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _cut(most: int) -> Any:
    return BeforeValidator(lambda value: clean(value, most) if isinstance(value, str) else value)


def _only(pattern: re.Pattern[str]) -> Any:
    """Return what makes nothing of a text that a pattern does not match."""
    return AfterValidator(lambda text: text if pattern.fullmatch(text) else "")


def in_utc(value: datetime) -> datetime:
    """Take a time without a zone for UTC, as the vendors that leave it out mean it."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Alert(FrozenModel):
    """Something that happened, which a session may be started for."""

    name: Annotated[str, _cut(300), UNTRUSTED, Field(min_length=1)]
    """What it is called: the rule that fired, the title of the issue. At most 300 characters."""

    severity: Annotated[int, Field(ge=0, le=4)] = DEFAULT_SEVERITY
    """How bad it is: 0 critical, 1 error, 2 warning, 3 informational, 4 verbose. 2 where nothing is said."""

    description: Annotated[str, _cut(8_000), UNTRUSTED] = ""
    """What happened, in words. At most 8,000 characters."""

    resource: Annotated[str, _cut(1_000), UNTRUSTED] = ""
    """What it happened to: a resource id, a host, a service, a repository. At most 1,000 characters."""

    repository: Annotated[str, _only(REPOSITORY), UNTRUSTED] = ""
    """The repository it is about, as `owner/repo`, where the vendor itself says so; else nothing."""

    signal: Annotated[str, _cut(100), UNTRUSTED] = ""
    """What kind of event it is, in the sender's word: `Metric`, `Log`, `error`, `issue`, `workflow_run`."""

    fired_time: Annotated[datetime, AfterValidator(in_utc)] | None = None
    """When it fired, in UTC."""

    source: Annotated[str, _cut(100), UNTRUSTED, Field(min_length=1)]
    """Who sent it: the name of the reader, or what the standard body says. At most 100 characters."""

    logs: Annotated[str, _cut(20_000), UNTRUSTED] = ""
    """What was logged: lines, a stack trace, rows found. At most 20,000 characters."""

    file: Annotated[str, _cut(1_000), UNTRUSTED] = ""
    """The file of the code that it points at."""

    line: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    """The line in that file."""

    link: Annotated[str, _cut(2_083), _only(WEB), UNTRUSTED] = ""
    """Where a person can look at it: an http(s) URL, or nothing."""

    dimensions: Annotated[dict[str, str], UNTRUSTED] = {}
    """What else distinguishes it: labels, tags. At most 64; names of 128 characters, values of 1,000."""

    fingerprint: Annotated[str, _cut(256), UNTRUSTED] = ""
    """The same for the same alert, each time it fires and when it is resolved: the vendor's own, or
    a digest of what does not change from one time to the next."""

    is_resolved: bool = False
    """Whether it says that what happened is over."""

    @field_validator("dimensions")
    @classmethod
    def _cut_dimensions(cls, given: dict[str, str]) -> dict[str, str]:
        few = list(given.items())[:MAX_DIMENSIONS]
        return {clean(name, 128): clean(value, 1_000) for name, value in few}

    @model_validator(mode="before")
    @classmethod
    def _with_fingerprint(cls, given: Any) -> Any:
        """Make a fingerprint where none is given, of what stays the same while the alert does."""
        if not isinstance(given, dict) or given.get("fingerprint"):
            return given
        lasting = ("source", "name", "resource", "signal", "file", "line", "dimensions")
        return given | {"fingerprint": digest([given.get(name) for name in lasting])}

    @property
    def source_name(self) -> str:
        """The sender as rules know it and its tag says it: lower-case letters, digits and . _ - only."""
        return normalized_source(self.source) or "unknown"

    @property
    def severity_word(self) -> str:
        """The severity as a word."""
        return SEVERITIES[self.severity]
