"""The activities: all that touches the API, a file or a key happens here, on a worker.

A workflow is replayed from its history, on any worker and at any time: what it does must follow from the
history alone. So whatever could come out otherwise a second time (a request, what guards say, a repository)
is an activity, whose result the history keeps. Errors of a call are results too: the flow decides by them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import timedelta
from functools import cached_property
from typing import Any

from temporalio import activity
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from ...api.sessions import GetSession, ListSessions, SessionPage
from ...api.shared.fields import path_id
from ...catalog import Catalog
from ...codec import decode, encode
from ...errors import ApiError, DevinToolsError, NetworkError, NotFound, RateLimited, ServerFault
from ...flow import AppendLines, LastLines, ReadLastLines, ReadRepository, SaveText
from ...pipelines.delivery import SinkTransport
from ...pipelines.follower import Follower, is_over
from ...pipelines.notifier import Notifier
from ...pipelines.rule_models import Rules
from ...tasks.shared.outcomes import judge
from .activity_options import settings_of, state_of
from .names import ADMIT, FILE, JOIN, JOINED, LOOK, NOTE, POLLER, SEND, SURVEY, TELL
from .payloads import Ask, PollerInput, RecordOutcome, RequestPayload, ResponsePayload, Subscription
from .serialization import arguments_of, error_payload, read_error, read_request, response_payload
from .worker_client import WorkerClient

MISSES = 5
"""At which attempt a session that is not listed counts as gone: a new one is listed late."""

RETRY_SECONDS = 30.0
"""Seconds before sinks that could not be notified are tried again."""

FILE_STEPS = {step.__name__: step for step in (ReadLastLines, AppendLines, SaveText)}
"""The steps on files by their names, which histories hold."""

GONE, UNREADABLE = "gone", "unreadable"


class Activities:
    """The activities of one worker, over one client.

    Their methods are called as the activities are in `names`, which histories and Temporal's pages show.
    """

    def __init__(
        self,
        make_client: Callable[[], WorkerClient],
        catalog: Catalog,
        tick_seconds: float,
        rules: Rules | None = None,
    ):
        """Raise `BadRules` for a sink of the rules that is wrong."""
        self._make_client = make_client
        self._catalog = catalog
        self._tick = tick_seconds
        self._rules = rules
        self._notifier = None if rules is None else Notifier(rules, catalog.sinks, SinkTransport())

    def all(self) -> list[Callable[..., Any]]:
        """Return them as a worker takes them; `tell` only where there are rules."""
        telling = [] if self._rules is None else [self.tell]
        return [self.send, self.admit, self.note, self.survey, self.use_file, self.join, self.look, *telling]

    async def aclose(self) -> None:
        """Close the connections."""
        if "worker_client" in vars(self):
            await self.worker_client.aclose()
        if self._notifier is not None:
            await self._notifier.aclose()

    @cached_property
    def worker_client(self) -> WorkerClient:
        """The client, made in the first activity: its connections belong to the worker's event loop."""
        return self._make_client()

    @activity.defn(name=SEND)
    async def send(self, sent: RequestPayload) -> ResponsePayload:
        """Send one request, once; an error is a result too."""
        async with _attempt():
            try:
                return response_payload(await self.worker_client.exchange(read_request(sent)))
            except DevinToolsError as error:
                return ResponsePayload(error=error_payload(error))

    @activity.defn(name=ADMIT)
    async def admit(self, ask: Ask) -> dict[str, Any]:
        """Return whether the rules and guards of this worker let a call run, and the settings for it."""
        async with _attempt():
            try:
                call = self._catalog.call(ask.tool, ask.arguments)
                outer = self._catalog.spec(ask.outer) if ask.outer else None
                call = self.worker_client.admit(call, ask, outer)
                arguments = arguments_of(call)
            except DevinToolsError as error:
                return {"arguments": {}, "settings": {}, "error": error_payload(error)}
            settings = settings_of(self.worker_client.settings)
            settings["is_watched"] = self.worker_client.is_watched
            return {"arguments": arguments, "settings": settings, "error": None}

    @activity.defn(name=NOTE)
    async def note(self, record: RecordOutcome) -> None:
        """Pass the outcome of a call on to the guards and rules of this worker."""
        async with _attempt():
            call = self._catalog.call(record.tool, record.arguments)
            if record.error is not None:
                outcome: Any = read_error(record.error)
            else:
                outcome = self._catalog.spec(record.tool).output.model_validate(record.output or {})
            self.worker_client.observe(call, outcome, is_inside=record.is_inside)

    @activity.defn(name=SURVEY)
    async def survey(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return the state of a repository on the worker's machine, or the error."""
        async with _attempt():
            also = tuple((name, text) for name, text in asked["also"])
            try:
                state = await self.worker_client.read_repository(ReadRepository(**asked | {"also": also}))
            except DevinToolsError as error:
                return {"state": None, "error": error_payload(error)}
            return {"state": asdict(state), "error": None}

    @activity.defn(name=FILE)
    async def use_file(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Read or write a file on the worker's machine; return the answer to the step, or the error."""
        async with _attempt():
            step = FILE_STEPS[asked["step"]](**asked["fields"])
            try:
                answer = await self.worker_client.use_file(step)
            except DevinToolsError as error:
                return {"answer": None, "error": error_payload(error)}
            return {"answer": asdict(answer) if isinstance(answer, LastLines) else answer, "error": None}

    @activity.defn(name=JOIN)
    async def join(self, subscription: Subscription) -> str:
        """Subscribe a workflow with the poller of the organisation, which is started when it is not there."""
        try:
            poller = f"{POLLER}-{await self.worker_client.organisation()}"
        except DevinToolsError as error:
            raise ApplicationError(error.message, type=error.kind) from error
        await activity.client().start_workflow(
            POLLER,
            PollerInput(self._tick),
            id=poller,
            task_queue=activity.info().task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            start_signal=JOINED,
            start_signal_args=[subscription],
        )
        return poller

    @activity.defn(name=LOOK)
    async def look(self, states: dict[str, str]) -> dict[str, str]:
        """List up to 200 sessions with one request; return the new states of those that have changed.

        While none has, the attempt fails on purpose, and the server makes the next one a tick later: retries
        are not written into the history, and between them no worker's slot is taken.
        """
        async with _attempt():
            changed = await self._changed(states)
        if not changed:
            raise retry_later(self._tick)
        return changed

    async def _changed(self, states: Mapping[str, str]) -> dict[str, str]:
        call = ListSessions(session_ids=list(states), limit=200)
        try:
            response = await self.worker_client.exchange(encode(call.route, call))
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
        """Let each workflow read for itself and meet the refusal: at once, and then once a tick."""
        is_known = all(state == UNREADABLE for state in states.values())
        if not isinstance(error, ApiError) or (is_known and activity.info().attempt == 1):
            raise retry_later(self._tick) from error
        return dict.fromkeys(states, UNREADABLE)

    @activity.defn(name=TELL)
    async def tell(self, session_id: str) -> dict[str, Any]:
        """Notify the sinks of how a session stands, unless they were; what fails is tried again later."""
        assert self._rules is not None and self._notifier is not None
        client = self.worker_client.client
        follower = Follower(client, self._rules, self._notifier)
        try:
            session = await client.run(GetSession(session_id=session_id))
            is_told = judge(session) is None or await follower.report(session)
            session = await client.run(GetSession(session_id=session_id)) if is_told else session
        except NotFound:
            return {"state": "", "is_over": True}
        except DevinToolsError as error:
            raise retry_later(RETRY_SECONDS) from error
        if not is_told:
            raise retry_later(RETRY_SECONDS)
        return {"state": state_of(session), "is_over": is_over(session)}


@asynccontextmanager
async def _attempt() -> AsyncIterator[None]:
    """Send heartbeats while an activity runs, and let an error that nobody foresaw fail the call.

    The server takes a worker whose heartbeats stop for dead long before the activity's own time is over.
    A bug would be there at each attempt: without `non_retryable` the server would repeat it for ever.
    """
    limit = activity.info().heartbeat_timeout
    seconds = limit.total_seconds() / 3 if limit else 5.0

    async def send_heartbeats() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(seconds)

    heartbeats = asyncio.create_task(send_heartbeats())
    try:
        yield
    except ApplicationError:
        raise
    except Exception as error:
        raise ApplicationError(
            f"{type(error).__name__} in an activity", type=type(error).__name__, non_retryable=True
        ) from error
    finally:
        heartbeats.cancel()


def retry_later(seconds: float) -> ApplicationError:
    """Return the failure that asks the server for another attempt after so many seconds; it is not logged."""
    return ApplicationError(
        "nothing new yet",
        type="NothingNew",
        category=ApplicationErrorCategory.BENIGN,
        next_retry_delay=timedelta(seconds=seconds),
    )
