"""The activities: all that touches the API, a file or a key happens here, on a worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from ...api.sessions import ListSessions, SessionPage
from ...api.shared.fields import path_id
from ...catalog import Catalog
from ...codec import decode, encode
from ...errors import ApiError, DevinToolsError, NetworkError, RateLimited, ServerFault
from ...flow import ReadRepository
from .activity_options import settings_of, state_of
from .names import ADMIT, JOIN, JOINED, LOOK, NOTE, POLLER, SEND, SURVEY
from .payloads import Ask, PollerInput, RecordOutcome, RequestPayload, ResponsePayload, Subscription
from .serialization import arguments_of, error_payload, read_error, read_request, response_payload
from .worker_client import WorkerClient

MISSES = 5
"""After how many looks without it a session counts as gone: a new one is listed late."""

GONE, UNREADABLE = "gone", "unreadable"


class Activities:
    """The activities of one worker, over one client: the one of its event loop."""

    def __init__(self, client: Callable[[], WorkerClient], catalog: Catalog, tick_seconds: float):
        self._make = client
        self.catalog = catalog
        self._tick = tick_seconds
        self._reached: WorkerClient | None = None
        self.closed_with: list[Callable[[], Awaitable[None]]] = []
        """What closes the connections of activities that were added to these."""

    def all(self) -> list[Callable[..., Any]]:
        """Return them as a worker takes them."""
        return [self.send, self.admit, self.note, self.survey, self.join, self.look]

    async def aclose(self) -> None:
        """Close the connections."""
        if self._reached is not None:
            await self._reached.aclose()
        for close in self.closed_with:
            await close()

    @property
    def client(self) -> WorkerClient:
        """Its client."""
        if self._reached is None:
            self._reached = self._make()
        return self._reached

    @activity.defn(name=SEND)
    async def send(self, sent: RequestPayload) -> ResponsePayload:
        """Send one request, once; an error is an answer too."""
        async with _heartbeats(), _never_retried_bugs():
            try:
                return response_payload(await self.client.exchange(read_request(sent)))
            except DevinToolsError as error:
                return ResponsePayload(error=error_payload(error))

    @activity.defn(name=ADMIT)
    async def admit(self, ask: Ask) -> dict[str, Any]:
        """Ask the rules and guards of this worker whether a call may run."""
        async with _heartbeats(), _never_retried_bugs():
            try:
                call = self.catalog.call(ask.tool, ask.arguments)
                outer = self.catalog.spec(ask.outer) if ask.outer else None
                call = self.client.admit(call, ask, outer)
                arguments = arguments_of(call)
            except DevinToolsError as error:
                return {"arguments": {}, "settings": {}, "error": error_payload(error)}
            settings = settings_of(self.client.settings) | {"is_watched": self.client.is_watched}
            return {"arguments": arguments, "settings": settings, "error": None}

    @activity.defn(name=NOTE)
    async def note(self, noting: RecordOutcome) -> None:
        """Tell the guards and rules of this worker what a call gave."""
        async with _heartbeats(), _never_retried_bugs():
            call = self.catalog.call(noting.tool, noting.arguments)
            if noting.error is not None:
                outcome: Any = read_error(noting.error)
            else:
                outcome = self.catalog.spec(noting.tool).output.model_validate(noting.output or {})
            self.client.observe(call, outcome, is_inside=noting.is_inside)

    @activity.defn(name=SURVEY)
    async def survey(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Look at a repository of the worker's machine."""
        async with _heartbeats(), _never_retried_bugs():
            also = tuple((name, text) for name, text in asked["also"])
            try:
                state = await self.client.read_repository(ReadRepository(**asked | {"also": also}))
            except DevinToolsError as error:
                return {"state": None, "error": error_payload(error)}
            return {"state": asdict(state), "error": None}

    @activity.defn(name=JOIN)
    async def join(self, joining: Subscription) -> str:
        """Let a workflow wait with the poller of the organisation, which is started when it is not there."""
        try:
            poller = f"{POLLER}-{await self.reach.organisation()}"
        except DevinToolsError as error:
            raise ApplicationError(error.message, type=error.kind) from error
        await activity.client().start_workflow(
            POLLER,
            PollerInput(self._tick),
            id=poller,
            task_queue=activity.info().task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            start_signal=JOINED,
            start_signal_args=[joining],
        )
        return poller

    @activity.defn(name=LOOK)
    async def look(self, states: dict[str, str]) -> dict[str, str]:
        """Look at up to 200 sessions with one list request; give those that stand otherwise than here.

        While none does, the server itself holds the wait: this attempt fails, and the next one comes a
        tick later, with no more history and no worker's slot meanwhile.
        """
        async with _heartbeats(), _never_retried_bugs():
            changed = await self._changed(states)
        if not changed:
            raise retry_later(self._tick)
        return changed

    async def _changed(self, states: Mapping[str, str]) -> dict[str, str]:
        call = ListSessions(session_ids=list(states), limit=200)
        try:
            response = await self.client.exchange(encode(call.route, call))
            page = decode(SessionPage, response, {})
        except (NetworkError, RateLimited, ServerFault) as error:
            raise retry_later(max(self._tick, error.retry_after or 0.0)) from error
        except DevinToolsError as error:
            return self._unreadable(states, error)
        found = {path_id(one.session_id): state_of(one) for one in page.sessions}
        if activity.info().attempt >= MISSES:
            found = dict.fromkeys(states.keys() - found.keys(), GONE) | found
        return {one: state for one, state in found.items() if states.get(one, state) != state}

    def _unreadable(self, states: Mapping[str, str], error: DevinToolsError) -> dict[str, str]:
        """Let everybody look for themselves, and meet the refusal: at once, and then once a tick."""
        is_known = all(state == UNREADABLE for state in states.values())
        if not isinstance(error, ApiError) or (is_known and activity.info().attempt == 1):
            raise retry_later(self._tick) from error
        return dict.fromkeys(states, UNREADABLE)


@asynccontextmanager
async def _heartbeats() -> AsyncIterator[None]:
    """Tell the server that the worker lives, as long as the activity lasts."""
    limit = activity.info().heartbeat_timeout
    seconds = limit.total_seconds() / 3 if limit else 5.0

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(seconds)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()


@asynccontextmanager
async def _never_retried_bugs() -> AsyncIterator[None]:
    """Let a fault that nobody foresaw fail the call, rather than be repeated for ever."""
    try:
        yield
    except ApplicationError:
        raise
    except Exception as error:
        raise ApplicationError(
            f"{type(error).__name__} in an activity", type=type(error).__name__, non_retryable=True
        ) from error


def retry_later(seconds: float) -> ApplicationError:
    """Make the failure that asks for another attempt after a while; it is nobody's fault."""
    return ApplicationError(
        "nothing new yet",
        type="NothingNew",
        category=ApplicationErrorCategory.BENIGN,
        next_retry_delay=timedelta(seconds=seconds),
    )
