"""`DurableClient`: calls as workflows. Temporal's package is imported when it is used."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic import ValidationError

from ...catalog import Catalog, load_catalog
from ...codec import id_of
from ...errors import DevinToolsError, UsageError
from ...tool import Output, Tool, output_of, require_call
from .names import MESSAGE, PROGRESS, RUN_MANY, RUN_TOOL, STOP, TASK_QUEUE
from .payloads import Count, Job, RunManyInput, WorkflowStatus
from .serialization import arguments_of, pack_jobs, read_error

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHandle
    from temporalio.service import RPCError

T = TypeVar("T")
OutT = TypeVar("OutT", bound=Output)

COLLECTED_AT_ONCE = 50
"""How many outputs of a fan-out are fetched at a time."""

RETRY_SECONDS = 1.0
"""Seconds before an unavailable server is asked again."""

BROKEN = "transport error"
"""What Temporal's client says of a connection that breaks."""


@dataclass(frozen=True)
class Row(Generic[OutT]):
    """The outcome of one call of a fan-out."""

    id: str
    """Its workflow."""
    output: OutT | None = None
    error: DevinToolsError | None = None


@dataclass
class DurableClient:
    """Runs calls as workflows on a Temporal server: they go on whatever dies, this program included.

    The `id` of a workflow names a piece of work: who runs the same id again gets the output that is
    there, or waits with whoever started it; after a failure its sessions are adopted, not started anew.
    """

    client: Client
    task_queue: str = TASK_QUEUE
    confirm: bool = False
    """Consent, where the worker's settings ask for it."""
    ends_session: bool = False
    """Whether cancelling a workflow ends its sessions too."""
    is_polled: bool = True
    """Whether waits subscribe to one poller for the organisation; else each polls for itself."""
    max_events: int = 4_000
    """How long a history may grow before its workflow continues as new."""
    catalog: Catalog = field(default_factory=load_catalog, repr=False)
    _attributes: bool | None = field(default=None, init=False, repr=False)

    async def run(self, call: Tool[OutT], *, id: str | None = None) -> OutT:
        """Run a call and return its typed output; raise the `DevinToolsError` that it raised.

        A server that is away is asked again until it is back. What ends the workflow otherwise
        (somebody cancels or terminates it) is raised as Temporal's own `WorkflowFailureError`.
        """
        return _typed(call, await _result(await self._start_tool(call, id)))

    async def start(self, call: Tool[Any], *, id: str | None = None) -> str:
        """Start a call, or find it started under this id; return the id without waiting for the output."""
        return str((await self._start_tool(call, id)).id)

    async def output(self, call: Tool[OutT], id: str) -> OutT:
        """Wait for the output of a call that was started under this id."""
        require_call(call)
        return _typed(call, await _result(self.client.get_workflow_handle(id, result_type=dict)))

    async def fan_out(
        self, calls: Sequence[Tool[OutT]], *, id: str | None = None, at_once: int = 100
    ) -> list[Row[OutT]]:
        """Run many calls, each as a workflow of its own (`id/0`, `id/1`, ...); return a row for each.

        At most `at_once` are at work at a time. One that fails, or that somebody cancels, does not stop the
        others.
        """
        from temporalio.client import WorkflowFailureError

        handle = await self._start_many(calls, id, at_once)
        await _result(handle)
        gate = asyncio.Semaphore(COLLECTED_AT_ONCE)

        async def collect(number: int, call: Tool[OutT]) -> Row[OutT]:
            name = f"{handle.id}/{number}"
            async with gate:
                try:
                    return Row(name, output=await self.output(call, name))
                except DevinToolsError as error:
                    return Row(name, error=error)
                except WorkflowFailureError:
                    hint = f"Run its call again under the id {name}."
                    return Row(name, error=DevinToolsError("Somebody ended its workflow.", hint=hint))

        return await asyncio.gather(*(collect(number, call) for number, call in enumerate(calls)))

    async def start_fan_out(
        self, calls: Sequence[Tool[Any]], *, id: str | None = None, at_once: int = 100
    ) -> str:
        """Start many calls without waiting for their outputs; return the id."""
        return str((await self._start_many(calls, id, at_once)).id)

    async def send_message(self, id: str, text: str, *, session_id: str | None = None) -> None:
        """Signal a workflow that waits to send a message to its session, or to one of several."""
        await self.client.get_workflow_handle(id).signal(MESSAGE, args=[text, session_id])

    async def stop(self, id: str, *, session_id: str | None = None) -> None:
        """Signal a workflow to end its sessions, or one of them, for good; its wait then ends by itself."""
        await self.client.get_workflow_handle(id).signal(STOP, args=[session_id])

    async def cancel(self, id: str) -> None:
        """Cancel a workflow; `ends_session` said at its start whether its sessions end too."""
        await self.client.get_workflow_handle(id).cancel()

    async def progress(self, id: str) -> WorkflowStatus:
        """Return the sessions of a workflow, and its lines of progress."""
        handle = self.client.get_workflow_handle(id)
        return cast(WorkflowStatus, await handle.query(PROGRESS, result_type=WorkflowStatus))

    async def count(self, id: str) -> Count:
        """Return how many calls of a fan-out are done."""
        return cast(Count, await self.client.get_workflow_handle(id).query(PROGRESS, result_type=Count))

    async def _job(self, call: Tool[Any]) -> Job:
        """Return a call as the input of a workflow; raise `UsageError` for one that workers do not know."""
        require_call(call)
        tool = id_of(type(call))
        if self.catalog.spec(tool).tool is not type(call):
            raise UsageError(
                f"This call is of a class of its own, which workers do not know: only {tool} is installed.",
                hint="Run the installed tool, and make its structured output a model afterwards.",
            )
        if self._attributes is None:
            from .search_attributes import has_attributes

            self._attributes = await has_attributes(self.client)
        own = {name: getattr(self, name) for name in ("confirm", "ends_session", "is_polled", "max_events")}
        return Job(tool, arguments_of(call), has_attributes=self._attributes, **own)

    async def _start_tool(self, call: Tool[Any], id: str | None) -> WorkflowHandle[Any, Any]:
        from .workflow.run_many import attributes_of

        job = await self._job(call)
        more = {"search_attributes": attributes_of(job), "static_summary": job.tool}
        return await self._start(RUN_TOOL, job, id, more | {"result_type": dict})

    async def _start_many(
        self, calls: Sequence[Tool[Any]], id: str | None, at_once: int
    ) -> WorkflowHandle[Any, Any]:
        jobs = [await self._job(call) for call in calls]
        many = RunManyInput(pack_jobs(jobs), 0, Count(len(jobs)), at_once)
        return await self._start(RUN_MANY, many, id, {"result_type": Count})

    async def _start(
        self, workflow: str, argument: Any, id: str | None, more: dict[str, Any]
    ) -> WorkflowHandle[Any, Any]:
        """Start a workflow, or find the one of this id that is at work or has ended well."""
        from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
        from temporalio.exceptions import WorkflowAlreadyStartedError

        name = id or str(uuid.uuid4())

        async def start() -> WorkflowHandle[Any, Any]:
            try:
                return await self.client.start_workflow(
                    workflow,
                    argument,
                    id=name,
                    task_queue=self.task_queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                    **more,
                )
            except WorkflowAlreadyStartedError:
                return self.client.get_workflow_handle(name, result_type=more["result_type"])

        return await _retry_unavailable(start)


async def _retry_unavailable(ask: Callable[[], Awaitable[T]]) -> T:
    """Return what the server answers; ask once a second while it is unavailable."""
    from temporalio.service import RPCError

    while True:
        try:
            return await ask()
        except RPCError as error:
            if not _is_unavailable(error):
                raise
        await asyncio.sleep(RETRY_SECONDS)


def _is_unavailable(error: RPCError) -> bool:
    """Return whether nobody answered.

    A connection that breaks under a request has no status of its own. Temporal's client tries again for some
    seconds and then says otherwise, but not for who has waited longer than that already.
    """
    from temporalio.service import RPCStatusCode

    away = {RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.RESOURCE_EXHAUSTED}
    is_broken = error.status is RPCStatusCode.UNKNOWN and BROKEN in error.message
    return error.status in away or is_broken


async def _result(handle: WorkflowHandle[Any, Any]) -> Any:
    """Wait for the end of a workflow; raise the error that a call raised in it."""
    from temporalio.client import WorkflowFailureError
    from temporalio.exceptions import ApplicationError

    try:
        return await _retry_unavailable(handle.result)
    except WorkflowFailureError as error:
        if isinstance(error.cause, ApplicationError) and error.cause.details:
            raise read_error(error.cause.details[0]) from error
        raise


def _typed(call: Tool[OutT], got: dict[str, Any]) -> OutT:
    try:
        return cast(OutT, output_of(type(call)).model_validate(got))
    except ValidationError:
        pass  # out here, the error keeps no hold of the output
    raise UsageError(
        f"The workflow of this id gave no output of {id_of(type(call))}.",
        hint="Give every piece of work its own id; its worker may also be of another version.",
    )
