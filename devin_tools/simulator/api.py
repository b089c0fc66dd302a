"""The simulated API: requests in, responses out, in a world that goes on by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.message import Message
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from ..catalog import Catalog, handlers_by_name, load_catalog
from ..spec import Spec
from ..version import USER_AGENT
from ..wire import Request
from .audit import record
from .bodies import Body
from .file_store import FILES
from .handler_faults import as_json, named_faults
from .limit import RateLimit
from .no_route import no_route, older_version
from .principals import KNOWN, ORG_ID, Keys, principal_of
from .reading import read_call
from .refusal import Refusal
from .response import Answer, http_date
from .world import World

if TYPE_CHECKING:
    from .faults import Faults
    from .response import EventStream

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
        keys: Keys | None,
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

    def fire(
        self,
        event_type: str,
        fields: Mapping[str, Any] | None = None,
        *,
        automation_id: str | None = None,
        org_id: str = ORG_ID,
    ) -> list[str]:
        """Let something happen elsewhere, such as `github:push`, which may trigger automations.

        `fields` are what their conditions test. `automation_id` names the one that the event is sent to, as
        to its webhook; without it those of the organisation are all asked. Returns the ids of the sessions
        that began.
        """
        from .automation_runs import fire

        with self._lock:
            self.world.catch_up()
            with self.world.within(org_id):
                return fire(self.world, event_type, fields or {}, automation_id)

    def next_events(self, stream: EventStream) -> bytes | None:
        """Return what is new in a stream of events, `None` at its end."""
        with self._lock:
            self.world.catch_up()
            with self.world.within(stream.org_id):
                return stream.read(self.world)

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
        world = self.world
        world.principal = principal_of(authorization, self.keys, world.tokens, world.now)
        if self.keys is None and world.principal in KNOWN.values():
            from .service_users import by_now  # here, as most worlds know one key alone

            world.principal = by_now(world, world.principal)
        if spec is None:
            raise no_route(request, self._specs)
        world.query = request.query
        with world.within(_scope_of(world, spec, in_path)):
            _require(spec.permission, world)
            if unreadable and any(place.where in ("body", "file") for place in spec.places):
                raise unreadable
            call = read_call(spec, request, strict_ids=self.strict_ids)
            if any(getattr(call, name, None) for name in IMPERSONATION):
                _require("ImpersonateOrgSessions", world)
            with named_faults(self._handlers[spec.name], spec.name, self._plugins.get(spec.name)):
                body = self._handlers[spec.name](world, call)
                answer = body if isinstance(body, Answer) else Answer(200, as_json(body))
            record(world, spec, call, body)
            return answer

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


def _scope_of(world: World, spec: Spec, in_path: Mapping[str, str]) -> str | None:
    """Return the organisation that a request is about, `None` for the enterprise; refuse one out of reach."""
    if spec.scope == "enterprise":
        if not world.principal.is_of_enterprise:
            raise Refusal(403, "This needs the key of a service user of the enterprise")
        return None
    if "org_id" not in in_path:
        return world.principal.org_id or world.org_id
    org_id = unquote(in_path["org_id"])
    if not world.principal.reaches(org_id) or not world.organizations.has(org_id):
        own = f"; the simulator's own is {world.org_id}"
        raise _missing(spec.permission or "ViewOrgSessions", own)
    return org_id


def _require(permission: str, world: World) -> None:
    if not world.principal.may(permission, world.scope):
        raise _missing(permission)


def _missing(permission: str, more: str = "") -> Refusal:
    name = DOTTED.get(permission, permission)
    return Refusal(403, f"Missing required permission '{name}' on this organization{more}")
