"""Calls from within workflows of one's own: each is a child workflow."""

from __future__ import annotations

from typing import TypeVar, cast

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, ChildWorkflowError

from ...codec import id_of
from ...tool import Output, Tool, output_of
from .names import RUN_TOOL
from .payloads import Job
from .serialization import arguments_of, read_error

OutT = TypeVar("OutT", bound=Output)


async def run_inside(
    call: Tool[OutT],
    *,
    id: str | None = None,
    task_queue: str | None = None,
    confirm: bool = False,
    ends_session: bool = False,
) -> OutT:
    """Run a call from within a workflow and return its typed output; raise the `DevinToolsError` it raised.

    `id` names the child workflow; without one it follows from this workflow's own id and the call's
    place in it. Cancelling this workflow cancels it too, and ends its sessions when `ends_session` says so.
    """
    job = Job(id_of(type(call)), arguments_of(call), confirm=confirm, ends_session=ends_session)
    try:
        got = await workflow.execute_child_workflow(
            RUN_TOOL,
            job,
            id=id or f"{workflow.info().workflow_id}/{workflow.uuid4()}",
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            result_type=dict,
            static_summary=job.tool,
        )
    except ChildWorkflowError as error:
        if isinstance(error.cause, ApplicationError) and error.cause.details:
            raise read_error(error.cause.details[0]) from error
        raise
    return cast(OutT, output_of(type(call)).model_validate(got))
