"""The simulated API: requests in, responses out, in a world that goes on by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from email.message import Message
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from ..catalog import Catalog, handlers_by_name, load_catalog
from ..spec import Spec
from ..version import USER_AGENT
from ..wire import Request
from .bodies import Body
from .file_store import FILES
from .handler_faults import as_json, named_faults
from .limit import RateLimit
from .no_route import no_route, older_version
from .reading import read_call
from .refusal import Refusal
from .response import Answer, http_date
from .world import World

if TYPE_CHECKING:
    from .faults import Faults

DOTTED = {
    "UseDevinSessions": "org.devins.use",
    "ViewOrgSessions": "org.sessions.view",
    "ManageOrgSessions": "org.sessions.manage",
    "ImpersonateOrgSessions": "org.sessions.impersonate",
    "ManageOrgPlaybooks": "org.playbooks.manage",
}
"""Permissions as real refusals name them, beside the names of the documentation."""

IMPERSONATION = frozenset({"create_as_user_id", "message_as_user_id", "run_as_user_id"})


class SimulatedApi:
    """What answers requests, whatever carries them."""

    def __init__(
        self,
        world: World,
        *,
        keys: Mapping[str, Set[str]] | None,
        faults: Faults | None,
        limit: int | None,
        catalog: Catalog | None,
        strict_ids: bool,
    ):
        self.world, self.clock = world, world.clock
        self.requests: list[tuple[str, str]] = []
        """Method and path of every request, spoiled and refused ones too."""
        self.faults = faults
        self._limit = RateLimit(limit) if limit is not None else None
        self.keys = keys
        self.strict_ids = strict_ids
        self._lock = threading.Lock()
        catalog = load_catalog() if catalog is None else catalog
        self._handlers = handlers_by_name(catalog.handlers)
        self._plugins = catalog.handler_origins
        routed = [spec for spec in catalog if spec.route and spec.name in self._handlers]
        self._specs = sorted(routed, key=_literals, reverse=True)
        """The most literal routes first: `sessions/insights` is not a session."""

    def body(self, headers: Mapping[str, str] | Message) -> Body:
        """Return what takes in the body of a request."""
        return Body(headers.get("content-type"), self.world.files)

    def receive(self, method: str, target: str, body: Body, headers: Mapping[str, str] | Message) -> Answer:
        """Answer a request as it comes off a wire, its body taken in already."""
        path, _, query = target.partition("?")
        content, file, unreadable = None, None, None
        try:
            content, file = body.json(), body.file()
        except Refusal as refusal:
            unreadable = refusal
        request = Request(method, path, tuple(parse_qsl(query, keep_blank_values=True)), content, file)
        return self.handle(request, headers.get("authorization"), unreadable)

    def count(self, method: str | None = None, path_part: str = "") -> int:
        """Count the requests of a method whose path holds a text."""
        return sum(method in (None, verb) and path_part in path for verb, path in self.requests)

    def handle(
        self, request: Request, authorization: str | None, unreadable: Refusal | None = None
    ) -> Answer:
        """Answer one request, as the API would.

        `unreadable` says why its body could not be read, which matters only where one is wanted.
        """
        with self._lock:
            self.requests.append((request.method, request.path))
            self.world.catch_up()
            answer = self._admit(request, partial(self._respond, request, authorization, unreadable))
            headers = {
                "content-type": "application/json",
                **answer.headers,
                "server": f"{USER_AGENT} simulator",
                "x-request-id": f"req-{len(self.requests)}",
                "date": http_date(self.world.now),
            }
            return replace(answer, headers=headers)

    def _admit(self, request: Request, respond: Callable[[], Answer]) -> Answer:
        """Answer a request that the limit lets through, unless a fault comes between."""
        limit = None if request.path.startswith(FILES) else self._limit
        if limit and (refusal := limit.refuse(self.world.now)):
            return refusal.response(request.path)
        if self.faults is None:
            return respond()
        return self.faults.answer(request, self._route(request)[0], self.world, respond)

    def _respond(self, request: Request, authorization: str | None, unreadable: Refusal | None) -> Answer:
        try:
            return self._perform(request, authorization, unreadable)
        except Refusal as refusal:
            return refusal.response(request.path)

    def _perform(self, request: Request, authorization: str | None, unreadable: Refusal | None) -> Answer:
        if request.path.startswith(FILES):
            return self.world.files.fetch(request.path, authorization, self.world.now)
        spec, in_path = self._route(request)
        if spec is None and older_version(request.path):  # whatever its key, which is one of that version
            raise no_route(request, self._specs)
        permissions = self._permissions(authorization)
        if spec is None:
            raise no_route(request, self._specs)
        if unquote(in_path.get("org_id", self.world.org_id)) != self.world.org_id:
            own = f"; the simulator's own is {self.world.org_id}"
            raise _missing(spec.permission or "ViewOrgSessions", own)
        _require(spec.permission, permissions)
        if unreadable and any(place.where in ("body", "file") for place in spec.places):
            raise unreadable
        call = read_call(spec, request, strict_ids=self.strict_ids)
        if any(getattr(call, name, None) for name in IMPERSONATION):
            _require("ImpersonateOrgSessions", permissions)
        with named_faults(self._handlers[spec.name], spec.name, self._plugins.get(spec.name)):
            body = self._handlers[spec.name](self.world, call)
            return body if isinstance(body, Answer) else Answer(200, as_json(body))

    def _permissions(self, authorization: str | None) -> Set[str] | None:
        """Return what the key may do; `None` stands for everything."""
        scheme, _, key = (authorization or "").partition(" ")
        known = key.startswith("cog_") and (self.keys is None or key in self.keys)
        if scheme.lower() != "bearer" or not known:
            raise Refusal(401, "Invalid or missing API key: keys of v3 begin with cog_, after Bearer")
        return None if self.keys is None else self.keys[key]

    def _route(self, request: Request) -> tuple[Spec | None, Mapping[str, str]]:
        """Return the tool of a request, `None` where there is none, and the values in its path."""
        for spec in self._specs:
            route = spec.route
            if route is None or route.method != request.method:
                continue
            if not request.path.startswith(route.beginning):  # no pattern is compiled that cannot match
                continue
            if match := route.pattern.fullmatch(request.path):
                return spec, match.groupdict()
        return None, {}


def _literals(spec: Spec) -> int:
    """Return how many segments of a route are not placeholders."""
    return sum("{" not in part for part in spec.route.path.split("/")) if spec.route else 0


def _require(permission: str, permissions: Set[str] | None) -> None:
    if permission and permissions is not None and permission not in permissions:
        raise _missing(permission)


def _missing(permission: str, more: str = "") -> Refusal:
    name = DOTTED.get(permission, permission)
    return Refusal(403, f"Missing required permission '{name}' on this organization{more}")
