"""HTTP as plain values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr

from .errors import InvalidArguments
from .moved import moved_name
from .text.encoding import load_json, require_encodable

__all__ = ["DELETE", "GET", "PATCH", "POST", "PUT", "Download", "Request", "Response", "Route", "dump_json"]


@dataclass(frozen=True)
class Route:
    """A verb and a path template, such as `GET /v3/organizations/{org_id}/sessions`.

    A placeholder stands for one segment; one written `{name:path}` for several, its slashes kept.
    """

    method: str
    path: str
    sends_body: bool = False
    """Whether arguments that are not in the path travel as a JSON body."""
    permission: str = field(default="", compare=False)
    """The vendor's name of the permission that the key needs."""

    @cached_property
    def template(self) -> str:
        """The path with every placeholder as a plain name in braces."""
        return self.path.replace(":path}", "}")

    @property
    def is_beta(self) -> bool:
        """Whether the vendor may still change the operation, as a path such as `/v3beta1/...` says."""
        return re.match(r"/(v\d+|op)beta", self.path) is not None

    @property
    def scope(self) -> str:
        """What the key must be one of: an `organization`, an `enterprise`, or the workers of `outposts`."""
        found = re.match(r"/v\d+(?:beta\d+)?/(enterprise)/|/opbeta/(outposts)", self.path)
        return found[1] or found[2] if found else "organization"

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        """The names in braces, in order."""
        return tuple(re.findall(r"{(\w+)}", self.template))

    @property
    def beginning(self) -> str:
        """The path up to its first placeholder."""
        return self.path.partition("{")[0]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches a path made from this template; one group per placeholder."""
        text = re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}")
        text = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", text)
        return re.compile(re.sub(r"{(\w+):path}", r"(?P<\1>.+)", text))

    def keeps_slashes(self, placeholder: str) -> bool:
        """Return whether a placeholder stands for several segments."""
        return f"{{{placeholder}:path}}" in self.path

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


GET = partial(Route, "GET")
"""Makes a route that reads."""
POST = partial(Route, "POST", sends_body=True)
"""Makes a route that creates or acts."""
PUT = partial(Route, "PUT", sends_body=True)
"""Makes a route that replaces."""
PATCH = partial(Route, "PATCH", sends_body=True)
"""Makes a route that changes a part."""
DELETE = partial(Route, "DELETE")
"""Makes a route that removes; a few say in a body what: `sends_body=True`."""


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
    timeout: float | None = field(default=None, compare=False)
    """Seconds to try for at most, retries included, where that is less than the settings allow: a wait gives
    its reads what is left of its own time."""
    api_key: SecretStr | None = field(default=None, repr=False, compare=False)
    """Another key to send it with, to see whether that one works; without it the client's own."""

    def url(self, base_url: str, org_id: str | None) -> str:
        """Return the whole URL; without an organisation its placeholder stays."""
        path = self.path.replace("{org_id}", org_id or "{org_id}")
        if not (path.isascii() and all(text.isascii() for pair in self.query for text in pair)):
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
        return load_json(self.body)[0]


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


def __getattr__(name: str) -> Any:
    return moved_name(__name__, name)
