"""HTTP as plain values, and the steps a conversation is made of.

Nothing here does I/O. A flow yields steps and receives what each step gives back;
a driver (`client`, an engine, a test) is the only thing that performs them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urlencode

from pydantic import SecretStr

from .errors import InvalidArguments
from .survey import Survey
from .text.encoding import load_json, require_encodable

__all__ = [
    "DELETE",
    "DRAWS",
    "GET",
    "OUT_OF_TIME",
    "PATCH",
    "POST",
    "PUT",
    "After",
    "Before",
    "Done",
    "Download",
    "Draw",
    "Flow",
    "Hold",
    "Monotonic",
    "Now",
    "Pause",
    "Progress",
    "Request",
    "Response",
    "Route",
    "Setting",
    "Step",
    "Survey",
    "chance",
    "dump_json",
]

T = TypeVar("T")

OUT_OF_TIME = "what it was for can wait no longer"
"""Why no further try was made of a request that lost its patience."""


@dataclass(frozen=True)
class Route:
    """A verb and a path template, such as `GET /v3/organizations/{org_id}/sessions`.

    A placeholder stands for one segment; one written `{name:path}` for several, its slashes kept.
    """

    method: str
    path: str
    sends_body: bool = False
    """Whether arguments that are not in the path travel as a JSON body."""

    @cached_property
    def template(self) -> str:
        """The path with every placeholder as a plain name in braces."""
        return self.path.replace(":path}", "}")

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        """The names in braces, in order."""
        return tuple(re.findall(r"{(\w+)}", self.template))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches a path made from this template; one group per placeholder."""
        text = re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}")
        text = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", text)
        return re.compile(re.sub(r"{(\w+):path}", r"(?P<\1>.+)", text))

    def keeps_slashes(self, placeholder: str) -> bool:
        """Say whether a placeholder stands for several segments."""
        return f"{{{placeholder}:path}}" in self.path

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


def GET(path: str) -> Route:  # noqa: N802 - the verbs read as HTTP writes them
    """Make a route that reads."""
    return Route("GET", path)


def POST(path: str) -> Route:  # noqa: N802
    """Make a route that creates or acts."""
    return Route("POST", path, sends_body=True)


def PUT(path: str) -> Route:  # noqa: N802
    """Make a route that replaces."""
    return Route("PUT", path, sends_body=True)


def PATCH(path: str) -> Route:  # noqa: N802
    """Make a route that changes a part."""
    return Route("PATCH", path, sends_body=True)


def DELETE(path: str, *, sends_body: bool = False) -> Route:  # noqa: N802
    """Make a route that removes; a few say in a body what."""
    return Route("DELETE", path, sends_body)


@dataclass(frozen=True, slots=True)
class Request:
    """Ask the API something. The answer to this step is a `Response`.

    `path` is percent-encoded and may still hold scope placeholders such as `{org_id}`, which
    the driver fills; a value can never look like one, because braces in values are encoded.
    `body` may hold `SecretStr` values: they are unwrapped only by `dump_json`.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Any] | None = None
    file: str | None = None
    """The path of a file of this machine that travels as the multipart part `file`."""
    tool: str = field(default="", compare=False)
    """The id of the tool it belongs to."""
    attempt: int = field(default=1, compare=False)
    """Which try this is, counted from 1."""
    patience: float | None = field(default=None, compare=False)
    """How many seconds it is worth trying for, where that is less than for others."""

    def url(self, base_url: str, org_id: str | None) -> str:
        """Give the whole URL; without an organisation its placeholder stays."""
        path = self.path.replace("{org_id}", org_id or "{org_id}")
        require_encodable({"path": path, "query": self.query})
        query = f"?{urlencode(self.query)}" if self.query else ""
        return f"{base_url.rstrip('/')}{path}{query}"


@dataclass(frozen=True, slots=True)
class Download(Request):
    """Ask the API for a file and save it on this machine. The answer to this step is a `Response`
    whose body is JSON that says where: `{"path", "name", "size"}`; a refusal is one as usual.
    """

    folder: str = "."
    """Where to save it, in the folder that the settings name for downloads."""
    name: str = "attachment"
    """What to call it: one safe name, without folders."""
    max_bytes: int = 0
    """The most bytes to take."""
    overwrite: bool = False
    """Whether a person lets it replace a file of that name; the settings may let all do so."""


@dataclass(frozen=True, slots=True)
class Response:
    """What the API answered. Header names are matched in lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    tries: int = field(default=1, compare=False)
    """How many requests it took."""
    gave_up: str = ""
    """Why no further try was made, when this answer is a failure."""

    def json(self) -> Any:
        """Parse the body, with U+FFFD for text that cannot be encoded; raise `ValueError` without JSON."""
        try:
            return load_json(self.body)[0]
        except RecursionError:
            raise ValueError("the body is nested too deeply") from None


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait this many seconds. The answer to this step is `None`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Now:
    """Ask what time it is, in seconds since 1970, to compare with the times of others.

    Somebody may set that clock: how long something takes is measured by `Monotonic`. The answer to this
    step is a `float`.
    """


@dataclass(frozen=True, slots=True)
class Monotonic:
    """Ask for the seconds of a clock that nobody sets, for waits and deadlines: only differences mean
    something. The answer to this step is a `float`.
    """


@dataclass(frozen=True, slots=True)
class Draw:
    """Ask for 128 random bits. The answer to this step is an `int`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Ask for a setting by its name. The answer to this step is its value."""

    name: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Wait until nobody else holds an idempotency key. The answer is a context manager that lets go of it.

    A driver keeps out the calls of its machine; one that repeats a flow from its history keeps out none.
    """

    key: str
    patience: float | None = None
    """How many seconds to wait at most, where that is less than for others."""


@dataclass(frozen=True, slots=True)
class Before:
    """Say that a call is about to run. The answer is the call to run, or a guard's veto."""

    call: Any
    is_inside: bool
    """Whether the call is a part of another one."""


@dataclass(frozen=True, slots=True)
class After:
    """Say what a call gave: its output, or the error it raised. The answer is `None`."""

    call: Any
    outcome: Any
    is_inside: bool
    """Whether the call was a part of another one."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Tell whoever watches how far things are. The answer to this step is `None`."""

    message: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Done(Progress):
    """The end of a flow; `value` is what it returned. Only drivers make it."""


Step: TypeAlias = (
    "Request | Pause | Now | Monotonic | Draw | Setting | Survey | Hold | Before | After | Progress"
)
Flow: TypeAlias = Generator[Step, Any, T]

DRAWS = 2**128


def chance() -> Flow[float]:
    """Draw a number from 0 up to, but not including, 1."""
    bits: int = yield Draw()
    return bits / DRAWS


def dump_json(value: Any, reveal: Callable[[str], str] = str) -> bytes:
    """Encode a body as compact JSON, unwrapping secrets at this last moment; `reveal` resolves each."""

    def unwrapped(value: Any) -> Any:
        if isinstance(value, SecretStr):
            return reveal(value.get_secret_value())
        raise TypeError(f"cannot send a value of type {type(value).__name__} as JSON")

    try:
        text = json.dumps(value, separators=(",", ":"), default=unwrapped, allow_nan=False)
    except (RecursionError, ValueError):
        raise InvalidArguments("The arguments hold a number or a nesting that JSON cannot say.") from None
    if "\\ud" in text:  # the escape of a surrogate, of a pair or a lone one
        require_encodable(json.loads(text))
    return text.encode()
