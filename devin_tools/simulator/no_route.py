"""What a request is told for whose path there is no operation: where it is, if it is somewhere.

Many published clients still speak v1, leave the organisation out, or ask of an enterprise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..spec import Spec
from ..wire import Request
from .refusal import Refusal

OLDER = ("v1", "v2")
"""Versions that the vendor has deprecated, and whose keys begin with `apk_`."""

LEADING = frozenset({"api", "beta", "enterprise", "v3", "v3beta1", *OLDER})
"""Segments before the one that names what is asked for."""

RENAMED = {"session": "sessions", "message": "messages", "knowledge": "knowledge/notes"}
"""Segments of v1, and what they are today."""


def older_version(path: str) -> str | None:
    """Return the deprecated version of the API that a path belongs to."""
    parts = [part for part in path.split("/") if part not in ("", "api", "beta")]
    return parts[0] if parts and parts[0] in OLDER else None


def no_route(request: Request, specs: Sequence[Spec]) -> Refusal:
    """Refuse with 405 another method of a path that is there, with 404 any other path."""
    if methods := sorted(spec.route.method for spec in specs if spec.route and _fits(spec, request.path)):
        detail = f"Method Not Allowed: this path takes {', '.join(methods)}"
        return Refusal(405, detail, headers={"allow": ", ".join(methods)})
    place = _place(request, specs)
    if version := older_version(request.path):
        reason = f"The simulator has v3 of the API and no {version}, which the vendor has deprecated"
        where = f"this is {place} of v3" if place else "see docs/simulator.md for what there is"
        return Refusal(404, f"{reason}: {where}, with a key that begins with cog_")
    if "enterprise" in request.path.split("/"):
        reason = "Not Found: an enterprise has no such operation"
        return Refusal(404, f"{reason}: of an organisation it is {place}" if place else reason)
    return Refusal(404, f"Not Found: it is {place}" if place else "Not Found: the simulator has no such path")


def _place(request: Request, specs: Sequence[Spec]) -> str | None:
    """Return the method and the route of the operation that was probably meant."""
    for method, tail in _tails(request):
        paths = (f"/v3/organizations/x/{tail}", f"/v3beta1/organizations/x/{tail}", f"/v3/{tail}")
        found = [spec.route for spec in specs for path in paths if spec.route and _fits(spec, path)]
        if found:
            route = next((route for route in found if route.method == method), found[0])
            return f"{route.method} {route.path}"
    return None


def _tails(request: Request) -> Iterator[tuple[str, str]]:
    """Yield methods and ends of paths, without version and organisation: as sent, and by today's names."""
    parts = [part for part in request.path.split("/") if part]
    while parts and parts[0] in LEADING:
        parts.pop(0)
    if parts[:1] == ["organizations"]:
        parts = parts[2:]
    yield request.method, "/".join(parts)
    if parts[-1:] == ["terminate"]:
        yield "DELETE", "/".join(_renamed(parts[:-1]))
    yield request.method, "/".join(_renamed(parts))


def _renamed(parts: Iterable[str]) -> Iterable[str]:
    return (RENAMED.get(part, part) for part in parts)


def _fits(spec: Spec, path: str) -> bool:
    return bool(spec.route and spec.route.pattern.fullmatch(path))
