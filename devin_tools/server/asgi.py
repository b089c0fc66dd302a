"""The words of ASGI, and a request as this server reads one.

The specification: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from ..headers import joined

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True)
class Incoming:
    """A request whose head has arrived."""

    scope: Scope
    receive: Receive

    @property
    def method(self) -> str:
        """The verb."""
        return str(self.scope["method"])

    @property
    def root(self) -> str:
        """The path under which another application mounts this one."""
        return str(self.scope.get("root_path", ""))

    @cached_property
    def path(self) -> str:
        """The path, decoded, from where this application begins."""
        return str(self.scope["path"]).removeprefix(self.root) or "/"

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """The headers by their names in lower case, each once."""
        return joined(self.scope["headers"])
