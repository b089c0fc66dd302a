"""A driver of flows inside a workflow.

A workflow is replayed from its history on any worker, so all that decides here must come out the same each
time: the time and the pauses are the workflow's own, draws come of a seed in the history, and whatever is
asked of the world (a request, a guard, a repository) is an activity, whose result the history keeps.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import asdict
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception

from ...api.shared.fields import path_id
from ...client.call_limits import as_admitted
from ...client.retry import Cooldown, Retry, retrying
from ...declarations import describe
from ...errors import ConnectionLost, DevinToolsError, MissingSetting, Refused
from ...flow import (
    After,
    AppendLines,
    Before,
    Draw,
    FileExcerpt,
    Flow,
    Hold,
    KeepSecret,
    LastLines,
    Monotonic,
    Now,
    OmittedFile,
    Pause,
    Progress,
    ReadLastLines,
    ReadRepository,
    Recall,
    RepositoryState,
    SaveText,
    Setting,
    Step,
)
from ...tool import Output, Tool
from ...wire import Request, Response
from .activity_options import HEARTBEAT_SECONDS, LOCAL_OPTIONS, ActivityOptions, digest, options_for
from .names import ADMIT, FILE, NOTE, SEND, SURVEY
from .payloads import Ask, Job, RecordOutcome, ResponsePayload
from .poll_wait import PollWait
from .serialization import arguments_of, error_payload, read_error, read_response, request_payload

T = TypeVar("T")


class ContinueAsNew(Exception):
    """The history has grown long: the workflow is to continue as new."""


async def perform_activity(
    name: str, payload: Any, result_type: Any, options: ActivityOptions = LOCAL_OPTIONS, summary: str = ""
) -> Any:
    """Perform an activity on any worker, and return its result."""
    return await workflow.execute_activity(
        name,
        payload,
        result_type=result_type,
        start_to_close_timeout=timedelta(seconds=options.seconds),
        heartbeat_timeout=timedelta(seconds=HEARTBEAT_SECONDS),
        retry_policy=RetryPolicy(
            initial_interval=timedelta(seconds=1),
            maximum_interval=timedelta(seconds=60),
            maximum_attempts=0 if options.is_retried else 1,
        ),
        summary=summary or None,
    )


def is_history_long(max_events: int) -> bool:
    """Return whether a workflow has so many events, or the server wants it to continue as new."""
    info = workflow.info()
    return bool(info.get_current_history_length() >= max_events or info.is_continue_as_new_suggested())


class Driver:
    """Performs the steps of flows for one job."""

    def __init__(self, job: Job, settings: dict[str, Any], report: Callable[[str], None]):
        self._job = job
        self._settings = settings
        self._report = report
        self._policy = Retry(settings["max_tries"], settings["max_retry_seconds"])
        self._cooldown = Cooldown()
        # The seed is of the first run: after continue-as-new, keys and tags must come out as they did in it.
        self._draws = random.Random(workflow.info().first_execution_run_id)  # noqa: S311
        self._is_outcome_unknown = False
        """Whether the last write may have taken effect, unconfirmed."""
        self.is_cancelled = False
        """Whether the workflow was cancelled while a write was on its way: its answer was still taken in."""
        self.session_ids: list[str] = []
        """The sessions that were started, or found."""
        self.created: set[str] = set(job.chain.created if job.chain else ())
        """Those that were started, by this run or an earlier one."""
        self.poll_wait = PollWait(job.is_polled and not job.arguments.get("follow_messages"))
        self.admitted: set[str] = set(job.chain.admitted if job.chain else ())

    async def drive(self, flow: Flow[T], *, may_continue_as_new: bool = True) -> T:
        """Perform the steps of a flow, with retries, and return its value; raise `ContinueAsNew` in a pause.

        No activity runs during a pause, so all that the next run needs is in the job and in the sessions.
        """
        flow = retrying(flow, self._policy, self._cooldown)
        reply: Any = None
        fault: DevinToolsError | None = None
        while True:
            try:
                step = flow.throw(fault) if fault else flow.send(reply)
            except StopIteration as done:
                value: T = done.value
                return value
            reply = fault = None
            try:
                # A cancellation ends the flow at its next request or pause, but not while it is unknown
                # whether a write took effect: the flow looks for it first.
                if isinstance(step, Request | Pause) and self.is_cancelled and not self._is_outcome_unknown:
                    raise asyncio.CancelledError
                if isinstance(step, Pause) and may_continue_as_new and self._is_history_long():
                    raise ContinueAsNew
                reply = await self._perform(step)
            except DevinToolsError as error:
                fault = error

    def _is_history_long(self) -> bool:
        """Return whether to continue as new: never while it is unknown whether a write took effect.

        The next run would not know of the write, and could not look for what it made.
        """
        return not self._is_outcome_unknown and is_history_long(self._job.max_events)

    async def _perform(self, step: Step) -> Any:  # noqa: C901 - one case for each kind of step
        match step:
            case Request():
                return await self._request(step)
            case Pause(seconds):
                return await workflow.sleep(seconds)
            case Now() | Monotonic():
                return workflow.now().timestamp()
            case Draw():
                return self._draws.getrandbits(128)
            case Setting(name):
                return self._setting(name)
            case Before():
                return await self._before(step)
            case After():
                return await self._after(step)
            case ReadRepository():
                return await self._survey(step)
            case KeepSecret():
                raise Refused("A workflow keeps no secret: its history would hold it.", hint="Use a client.")
            case ReadLastLines() | AppendLines() | SaveText():
                return await self._use_file(step)
            case Hold():  # no lock outlives a replay; one workflow id for each key keeps others out
                return nullcontext()
            case Recall():  # nor does what a process remembers
                return None
            case Progress(message):
                return self._report(message)
        raise TypeError(f"a flow yielded {type(step).__name__}, which is not a step")

    def _setting(self, name: str) -> Any:
        if name not in self._settings:
            raise MissingSetting(f"The setting {name} stays with the worker: no workflow may know it.")
        return self._settings[name]

    async def _request(self, request: Request) -> Response:
        await self.poll_wait.await_news(request)
        options = options_for(request, self._settings)
        sending = perform_activity(
            SEND,
            request_payload(request),
            ResponsePayload,
            options,
            f"{request.tool}: {request.method} {request.path}"[:200],
        )
        response = read_response(await sending) if options.is_retried else await self._write(request, sending)
        self.poll_wait.note(request, response)
        return response

    async def _write(self, request: Request, sending: Awaitable[ResponsePayload]) -> Response:
        """Send a write, and wait for its answer even when the workflow is cancelled meanwhile.

        A create that was cancelled on its way may have made a session, which nobody would know of.
        """
        self._is_outcome_unknown = True
        activity = asyncio.ensure_future(sending)
        try:
            try:
                answer = await asyncio.shield(activity)
            except asyncio.CancelledError:
                self.is_cancelled = True
                answer = await activity
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            raise ConnectionLost(f"The worker that sent {request.tool} gave no answer.") from error
        response = read_response(answer)
        self._is_outcome_unknown = response.status >= 500
        return response

    async def _before(self, step: Before) -> Tool[Any]:
        """Ask the worker's rules and guards; reads that are parts of another call pass unasked.

        Guards are code of the worker's, and may ask the time or a file: here they would break the replay.
        """
        call: Tool[Any] = step.call
        spec = describe(type(call))
        if step.is_inside and spec.effect.only_reads:
            return call
        arguments = arguments_of(call)
        name = digest(spec.name, arguments)
        outer = self._job.tool if step.is_inside else ""
        ask = Ask(spec.name, arguments, step.is_inside, self._job.confirm, name in self.admitted, outer)
        got = await self.ask(ask)
        self.admitted.add(name)
        given: dict[str, Any] = got["arguments"]
        # A nested model is not copied from its plain values; of those only an ACU limit is set when admitted.
        plain = {key: value for key, value in given.items() if not isinstance(value, dict)}
        changed = {key: value for key, value in plain.items() if arguments.get(key) != value}
        return as_admitted(call.model_copy(update=changed) if changed else call, given)

    @staticmethod
    async def ask(ask: Ask) -> dict[str, Any]:
        """Return the arguments of a call, and the settings; raise its refusal if it may not run."""
        got: dict[str, Any] = await perform_activity(ADMIT, ask, dict, summary=ask.tool)
        if got["error"] is not None:
            raise read_error(got["error"])
        return got

    async def _after(self, step: After) -> None:
        call: Tool[Any] = step.call
        spec = describe(type(call))
        self._is_outcome_unknown = False
        if isinstance(step.outcome, DevinToolsError):
            step.outcome.tool = step.outcome.tool or spec.name
        elif isinstance(step.outcome, Output):
            self.remember(getattr(step.outcome, "session_id", None))
            if getattr(step.outcome, "creation", None) == "created":
                self.created.add(step.outcome.session_id)  # type: ignore[attr-defined]
        if step.is_inside and spec.effect.only_reads:
            return
        await self.note(step)

    def remember(self, session_id: str | None) -> None:
        """Add a session that this job is about."""
        if session_id:
            wanted = path_id(session_id)
            if wanted not in self.session_ids:
                self.session_ids.append(wanted)

    async def note(self, step: After) -> None:
        """Let the worker's guards and rules see the outcome of a call, where there are any."""
        if not self._settings["is_watched"]:
            return
        call: Tool[Any] = step.call
        record = RecordOutcome(describe(type(call)).name, arguments_of(call), step.is_inside)
        if isinstance(step.outcome, DevinToolsError):
            record.error = error_payload(step.outcome)
        elif isinstance(step.outcome, Output):
            record.output = step.outcome.model_dump(mode="json", exclude_unset=True)
        await perform_activity(NOTE, record, None, summary=record.tool)

    @staticmethod
    async def _use_file(step: ReadLastLines | AppendLines | SaveText) -> Any:
        asked = {"step": type(step).__name__, "fields": asdict(step)}
        got = await perform_activity(FILE, asked, dict, summary=step.name)
        if got["error"] is not None:
            raise read_error(got["error"])
        if isinstance(step, ReadLastLines):
            return LastLines(**got["answer"] | {"lines": tuple(got["answer"]["lines"])})
        return got["answer"]

    @staticmethod
    async def _survey(step: ReadRepository) -> RepositoryState:
        asked = {name: getattr(step, name) for name in ("folder", "max_chars", "untracked", "also")}
        got = await perform_activity(SURVEY, asked, dict)
        if got["error"] is not None:
            raise read_error(got["error"])
        state = got["state"]
        state["commits"] = tuple(state["commits"])
        state["passages"] = tuple(FileExcerpt(**one) for one in state["passages"])
        state["left_out"] = tuple(OmittedFile(**one) for one in state["left_out"])
        return RepositoryState(**state)
