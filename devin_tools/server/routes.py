"""A route of the server, and finding the one that fits a request."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from .responses import HTTPError

Endpoint = Callable[[Request], Awaitable[Response]]


class ServerRoute(Route):
    """A route for one method. With `is_open` it answers without the server's token: never with data."""

    def __init__(self, method: str, path: str, endpoint: Endpoint, *, is_open: bool = False):
        super().__init__(path, endpoint, methods=[method])
        self.is_open = is_open
        # Starlette's patterns end before a newline at the end of a path, and match none within it.
        self.path_regex = re.compile(self.path_regex.pattern.removesuffix("$") + r"\Z", re.DOTALL)

    def check_method(self, method: str) -> None:
        """Raise `HTTPError` for a method that this route does not take."""
        methods = sorted(self.methods or ())
        if method not in methods:
            text = f"This path takes {' and '.join(methods)} only."
            raise HTTPError(405, "usage", text, headers={"allow": ", ".join(methods)})


def find_route(routes: Iterable[ServerRoute], scope: Scope) -> ServerRoute | None:
    """Return the first route whose path fits, whatever the method; note its parameters in the scope.

    Starlette's own router would go on to a later route that takes the method, such as an open one.
    """
    for route in routes:
        match, found = route.matches(scope)
        if match is not Match.NONE:
            scope.update(found)
            return route
    return None
