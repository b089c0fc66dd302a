"""Events in: the paths that other systems post to, each with its secret, answered within a second."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..client.clock import Clock, WallClock
from ..errors import BadSignature, DevinToolsError, UsageError
from ..headers import joined
from ..pipelines import bodies, sns
from ..pipelines.alert import Alert
from ..pipelines.delivery import SinkTransport
from ..pipelines.events import Event, parse, read_event
from ..pipelines.follower import LOOK_SECONDS, Follower
from ..pipelines.matching import Match
from ..pipelines.notifier import Notifier
from ..pipelines.receiver import Received, Receiver
from ..pipelines.retrier import Retrier
from ..pipelines.rule_models import Rules
from ..pipelines.signatures import verify
from .auth import AccessPolicy
from .body import read_body
from .limits import CallLimiter, Limits, UnverifiedReads
from .responses import HTTPError, json_response, retry_header, status_of
from .routes import ServerRoute
from .runner import Runner

log = logging.getLogger("devin_tools.server")

HOOK_PATHS = ("/hooks/alerts", "/api/trigger-devin")
"""Where events are taken; the second is the path of a deployment that senders know already."""

ANSWER_SECONDS = 0.9
"""Many senders give up soon, and send again."""

SIGNED_BY = {
    "x-hub-signature-256": "github",
    "sentry-hook-signature": "sentry",
    "x-pagerduty-signature": "pagerduty",
    "x-grafana-alerting-signature": "grafana",
}
"""The header by which each vendor's signature is known."""

SNS = "sns"
"""The scheme of Amazon SNS, which signs with a certificate of its own and knows no secret."""

TOPICS_VARIABLE = "DEVIN_HOOK_SNS_TOPICS"

SENDERS = {name: Match.model_validate({"source": name}) for name in SIGNED_BY.values()}
"""Who can have a secret of its own, as rules know it: what they take for a sender is held to its secret."""

SECRET_VARIABLE = "DEVIN_HOOK_SECRET"  # noqa: S105 - a name, not a secret

EVENTS_AT_ONCE, EVENTS_A_MINUTE = 200, 6_000
"""How many signed events are taken; most repeat what is known, and cost the API nothing."""

UNVERIFIED_AT_ONCE = 32
"""How many events are read at a time before it is known whether they are signed."""


MAX_PENDING, MAX_PENDING_BYTES = 1_000, 64 * 1024 * 1024
"""How many events that were answered may go on, and how large they may be together: memory has an end."""

LAST_SECONDS = 5.0
"""How long it may take to tell what is lost when the server stops."""


@dataclass(frozen=True)
class Hooks:
    """How events are taken."""

    rules: Rules
    secrets: Mapping[str, Sequence[str]] | None = field(repr=False)
    """What senders sign with, by scheme; `None` takes events from anybody."""
    follow: bool = True
    """Whether to tell what becomes of the sessions."""
    follower: Callable[..., Follower] = Follower
    """What follows them."""
    look_seconds: float = LOOK_SECONDS
    answer_seconds: float = ANSWER_SECONDS
    """How long a sender waits at most."""
    clock: Clock = field(default_factory=WallClock)
    outlet: SinkTransport = field(default_factory=SinkTransport)
    sns_topics: Sequence[str] = ()
    """The topics of Amazon SNS whose messages are taken, and whose subscriptions are confirmed."""


def secrets_of_environment() -> dict[str, list[str]]:
    """Read the secrets: one for all, and one of its own for each vendor that has it."""
    common = os.environ.get(SECRET_VARIABLE, "").strip()
    schemes = ("bearer", *SIGNED_BY.values())
    own = {scheme: os.environ.get(f"{SECRET_VARIABLE}_{scheme.upper()}", "").strip() for scheme in schemes}
    return {scheme: [secret or common] for scheme, secret in own.items() if secret or common}


def topics_of_environment() -> tuple[str, ...]:
    """Read the topics of Amazon SNS to take messages of: their ARNs, with commas or spaces between them."""
    return tuple(os.environ.get(TOPICS_VARIABLE, "").replace(",", " ").split())


class HookRoutes:
    """The routes for events, and the following of what they start."""

    def __init__(self, hooks: Hooks, runner: Runner, policy: AccessPolicy):
        """Check the sinks of the rules; raise `BadRules` for one that is wrong, or lacks its secret."""
        self._hooks = hooks
        self._runner = runner
        self._policy = policy
        self._unverified = UnverifiedReads(UNVERIFIED_AT_ONCE)
        self._limiter = CallLimiter(Limits(calls_at_once=EVENTS_AT_ONCE, calls_a_minute=EVENTS_A_MINUTE))
        self._notifier = Notifier(hooks.rules, runner.catalog.sinks, hooks.outlet, clock=hooks.clock)
        sns.check_topics(hooks.sns_topics)
        self._topics = sns.TopicVerifier(hooks.sns_topics, hooks.outlet, hooks.clock)
        self._retrier: Retrier | None = None
        self._following: asyncio.Task[None] | None = None
        self._under_way: dict[asyncio.Task[Any], int] = {}
        """What was begun, and how many bytes it came in."""
        self._stop_by: float | None = None

    def routes(self) -> list[ServerRoute]:
        """Return them. They ask for no server token: a sender has a secret of its own."""
        return [ServerRoute("POST", path, self._take, is_open=True) for path in HOOK_PATHS]

    def start(self) -> None:
        """Begin to follow sessions on this event loop; the first event does it where nobody did."""
        if self._retrier is not None:
            return
        client, hooks = self._runner.client, self._hooks
        follower = None
        if hooks.follow:
            follower = hooks.follower(
                client, hooks.rules, self._notifier, clock=hooks.clock, look_seconds=hooks.look_seconds
            )
            self._following = asyncio.ensure_future(follower.run())
        readers = self._runner.catalog.readers
        receiver = Receiver(client, hooks.rules, readers, self._notifier, follower, clock=hooks.clock)
        self._retrier = Retrier(receiver, hooks.clock)

    def begin_to_stop(self, seconds: float) -> None:
        """Take no more events, and try a last time what waits to be tried again."""
        self._stop_by = asyncio.get_running_loop().time() + seconds
        self._notifier.stop()
        if self._retrier is not None:
            self._retrier.stop()

    async def aclose(self) -> None:
        """Wait for what was begun, report what is lost, and stop following."""
        if self._stop_by is None:
            self.begin_to_stop(self._runner.limits.call_seconds)
        assert self._stop_by is not None
        if self._under_way:
            seconds = self._stop_by - asyncio.get_running_loop().time()
            await asyncio.wait(self._under_way, timeout=max(seconds, 0.0))
        if late := list(self._under_way):
            for task in late:
                task.cancel()  # each tells first what it loses
            await asyncio.wait(late, timeout=LAST_SECONDS)
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        self._retrier = self._following = self._stop_by = None
        await self._notifier.aclose()

    async def _take(self, request: Request) -> Response:
        headers = joined(request.scope["headers"])
        try:
            self._check_room()
            scheme = self._scheme(request, headers)
            async with self._unverified.entered():
                body = await read_body(request, self._runner.limits)
                await self._check_sender(headers, body, scheme)
            self._check_form(headers, body)
            with self._limiter.entered():
                return await self._received(headers, body, scheme)
        except HTTPError as error:
            return _refused(error.status, error.error, error.headers)
        except DevinToolsError as error:
            return _refused(_status(error), error.as_dict("http"), {})

    async def _received(self, headers: Mapping[str, str], body: bytes, scheme: str) -> Response:
        self.start()
        assert self._retrier is not None
        if (confirmed := await self._confirmed(headers, body, scheme)) is not None:
            return confirmed
        event = read_event(headers, body, self._runner.catalog.readers)
        self._check_sources(event.alerts, scheme)
        for detail in event.unread:
            log.warning("an alert of an event for %s could not be read: %s", event.reader, detail["path"])
        if not event.alerts:
            return _done([], "The event is understood; there is nothing in it to act on.", event)
        self._check_room()
        work = self._start_work(self._retrier.act(event.alerts), len(body))
        await asyncio.wait({work}, timeout=self._hooks.answer_seconds)
        if not work.done():  # it goes on: half of it helps nobody
            return _done([], "Taken in; it goes on.", event, 202)
        return _done(work.result(), "", event)

    async def _confirmed(self, headers: Mapping[str, str], body: bytes, scheme: str) -> Response | None:
        """Confirm a subscription of SNS and return the response; `None` for all else.

        However its message came here, SNS must have signed it.
        """
        if sns.HEADER not in headers or not self._hooks.sns_topics:
            return None
        message = parse(bodies.content_of(headers, body))
        if not sns.is_message(message) or message["Type"] != sns.CONFIRMATION:
            return None
        if scheme != SNS:
            await self._topics.verify(message)
        await self._topics.confirm(message)
        log.warning("the subscription of a topic of SNS is confirmed: %s", message["TopicArn"])
        return _done([], "The subscription of the topic is confirmed.")

    def _scheme(self, request: Request, headers: Mapping[str, str]) -> str:
        """Refuse, before anything of an event is read, what is not signed in any way that has a secret.

        Without secrets, what a page in a browser could send is refused, as for every other route.
        """
        if self._hooks.secrets is None:
            self._policy.require_local(request, "a secret of senders")
            return ""
        scheme = next((SIGNED_BY[name] for name in SIGNED_BY if name in headers), "bearer")
        if scheme == "bearer" and sns.HEADER in headers and "authorization" not in headers:
            if not self._hooks.sns_topics:
                raise BadSignature(f"Messages of SNS are taken once {TOPICS_VARIABLE} names their topic.")
            return SNS
        if not self._hooks.secrets.get(scheme):
            raise BadSignature("No secret is set for the way in which the event is signed.")
        if scheme == "bearer":
            self._check_signature(headers, b"", scheme)
        return scheme

    async def _check_sender(self, headers: Mapping[str, str], body: bytes, scheme: str) -> None:
        """Refuse an event that does not come from whom it says, by its bytes as they came."""
        if scheme != SNS:
            self._check_signature(headers, body, scheme)
            return
        message = parse(bodies.content_of(headers, body))
        if not sns.is_message(message):
            raise BadSignature("The event is not a message of SNS.")
        await self._topics.verify(message)

    def _check_form(self, headers: Mapping[str, str], body: bytes) -> None:
        """Refuse what is not called JSON, nor is the form of a sender that is known: any page can send one.

        A message of SNS is called text; no page can send its header without asking first.
        """
        kind = bodies.media_type(headers)
        if encoding := bodies.unread_encoding(headers):
            raise HTTPError(415, "usage", f"The Content-Encoding {encoding} is not read: send gzip, or none.")
        if bodies.is_json(kind) or sns.HEADER in headers:
            return
        is_known = self._hooks.secrets is not None
        if kind == bodies.FORM and is_known and bodies.form_field(bodies.decompressed(headers, body)):
            return
        what = "The Content-Type must be application/json"
        if kind == bodies.FORM and is_known:
            what += ", or a form with the event in its field payload"
        raise HTTPError(415, "usage", f"{what}. Set it at the sender. {bodies.SWITCHES}")

    def _check_signature(self, headers: Mapping[str, str], body: bytes, scheme: str) -> None:
        """Refuse an event that is not signed with a secret that is set."""
        if self._hooks.secrets is None:
            return
        verify(scheme, headers, body, self._hooks.secrets[scheme], now=self._hooks.clock.now())

    def _check_sources(self, alerts: Sequence[Alert], scheme: str) -> None:
        """Refuse an event that names a sender with a secret of its own, and is signed with another one."""
        secrets = self._hooks.secrets or {}
        for sender, is_it in SENDERS.items():
            has_own = sender in secrets and secrets[sender] != secrets.get(scheme)
            if has_own and any(not is_it.mismatch_reasons(alert) for alert in alerts):
                raise BadSignature(f"What comes from {sender} must be signed with the secret of {sender}.")

    def _check_room(self) -> None:
        """Refuse an event that could not be followed to its end: its sender keeps it, and sends it again."""
        if self._stop_by is not None:
            raise HTTPError(503, "stopping", "The server is stopping.", retry_after=5.0)
        if len(self._under_way) >= MAX_PENDING or sum(self._under_way.values()) > MAX_PENDING_BYTES:
            raise HTTPError(503, "busy", "Too many events wait for the API.", retry_after=60.0)

    def _start_work(
        self, work: Coroutine[Any, Any, list[Received]], size: int
    ) -> asyncio.Task[list[Received]]:
        task = asyncio.ensure_future(work)
        self._under_way[task] = size
        task.add_done_callback(self._work_ended)
        return task

    def _work_ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.pop(task, None)
        if not task.cancelled() and task.exception() is not None:
            log.error("an event could not be acted on: %s", type(task.exception()).__name__)


def _status(error: DevinToolsError) -> int:
    """Return the status of a failure: of the event, or of what is behind this server."""
    if error.kind == "rate_limited":
        return 429
    own = status_of(error)
    return own if isinstance(error, UsageError) and own in (400, 401, 403) else 502


def _done(
    results: Sequence[Received], message: str, event: Event | None = None, status: int = 200
) -> Response:
    """Return the response in the form that senders know: of several alerts, the first that has a session."""
    first = next((one for one in results if one.session_id), results[0] if results else None)
    unread = [Received(one["path"], "unreadable", one["reason"]) for one in (event.unread if event else ())]
    shown = [
        {"alert": one.alert, "done": one.done, "reason": one.reason, **_session(one)}
        for one in (*results, *unread)
    ]
    text = message or (f"{first.done}: {first.reason}" if first else "")
    notes = {"notes": list(event.notes)} if event and event.notes else {}
    content = {"success": True, **_session(first), "message": text, "results": shown, **notes}
    return json_response(content, status)


def _session(one: Received | None) -> dict[str, str | None]:
    return {
        "sessionId": one.session_id if one else None,
        "sessionUrl": one.session_url if one else None,
    }


def _refused(status: int, error: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    body = {"success": False, "error": error["message"], "details": error.get("details") or []}
    return json_response(body, status, {**headers, **retry_header(error.get("retry_after"))})
