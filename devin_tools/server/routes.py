"""The table of routes: which path and verb is answered by what, and whether anybody may ask."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .asgi import Incoming
from .responses import Answer, HTTPError
from .sse import Stream

Answering: TypeAlias = Callable[[Incoming, Mapping[str, str]], Awaitable[Answer | Stream]]
"""Answers a request, given what stands in the path for each placeholder."""

PLACEHOLDER = re.compile(r"\{(\w+)(:path)?\}")


@dataclass(frozen=True, slots=True)
class ServerRoute:
    """One way in. `{name}` in the path stands for one segment, `{name:path}` for all that follows."""

    method: str
    path: str
    answer: Answering
    is_open: bool = False
    """Whether it answers without the server's token: never with data."""


class RouteTable:
    """Finds the route of a request. The first path that fits counts, so exact ones come first."""

    def __init__(self, routes: Iterable[ServerRoute]):
        self._by_path: dict[str, dict[str, ServerRoute]] = {}
        for route in routes:
            self._by_path.setdefault(route.path, {})[route.method] = route
        self._patterns = {path: _pattern(path) for path in self._by_path}

    def find(self, method: str, path: str) -> tuple[ServerRoute, Mapping[str, str]]:
        """Return the route and what its placeholders stand for; raise `HTTPError` when there is none."""
        for template, pattern in self._patterns.items():
            if found := pattern.fullmatch(path):
                return _for_method(self._by_path[template], method), found.groupdict()
        raise HTTPError(404, "not_found", "There is nothing here.", hint="GET /openapi.json lists the tools.")

    def template_of(self, path: str) -> tuple[str, Mapping[str, str]] | None:
        """Return the path of the table that a request's path fits, and what its placeholders stand for."""
        for template, pattern in self._patterns.items():
            if found := pattern.fullmatch(path):
                return template, found.groupdict()
        return None


def _for_method(routes: Mapping[str, ServerRoute], method: str) -> ServerRoute:
    wanted = "GET" if method == "HEAD" else method
    if wanted in routes:
        return routes[wanted]
    methods = [name for known in routes for name in ((known, "HEAD") if known == "GET" else (known,))]
    text = f"This path takes {' and '.join(methods)} only."
    raise HTTPError(405, "usage", text, headers={"allow": ", ".join(methods)})


def _pattern(path: str) -> re.Pattern[str]:
    made, at = "", 0
    for found in PLACEHOLDER.finditer(path):
        made += re.escape(path[at : found.start()])
        made += f"(?P<{found[1]}>{'.*' if found[2] else '[^/]+'})"
        at = found.end()
    return re.compile(made + re.escape(path[at:]), re.DOTALL)
