"""The workflow that runs many calls, each as a workflow of its own, a limited number at a time."""

from __future__ import annotations

import asyncio

from temporalio import workflow
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ChildWorkflowError, WorkflowAlreadyStartedError, is_cancelled_exception

from ..names import PROGRESS, RUN_MANY, RUN_TOOL, TOOL
from ..payloads import Count, Job, RunManyInput
from ..serialization import pack_jobs, unpack_jobs


def attributes_of(job: Job) -> TypedSearchAttributes:
    """Return what a workflow is found by from its start."""
    if not job.has_attributes:
        return TypedSearchAttributes.empty
    return TypedSearchAttributes([SearchAttributePair(SearchAttributeKey.for_keyword(TOOL), job.tool)])


@workflow.defn(name=RUN_MANY, sandboxed=False)
class RunMany:
    """Runs calls in their order, so many at a time. Their outputs stay with their own workflows."""

    @workflow.init
    def __init__(self, many: RunManyInput) -> None:
        self._many = many
        self._count = many.count
        self._running: set[asyncio.Task[None]] = set()

    @workflow.run
    async def run(self, many: RunManyInput) -> Count:
        """Run all of them; return how many there were, and how many failed."""
        jobs = unpack_jobs(many.packed)
        begun = 0
        try:
            for job in jobs:
                await workflow.wait_condition(lambda: len(self._running) < many.at_once)
                if begun >= many.most_in_a_run or workflow.info().is_continue_as_new_suggested():
                    break
                name = f"{workflow.info().workflow_id}/{many.first + begun}"
                task = asyncio.create_task(self._run_one(job, name))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
                begun += 1
            await workflow.wait_condition(lambda: not self._running)
        except asyncio.CancelledError:
            running = list(self._running)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)  # until each has left in its own way
            raise
        if begun < len(jobs):
            rest = pack_jobs(jobs[begun:])
            workflow.continue_as_new(
                RunManyInput(rest, many.first + begun, self._count, many.at_once, many.most_in_a_run)
            )
        return self._count

    @workflow.query(name=PROGRESS)
    def progress(self) -> Count:
        """Return how many are done."""
        return self._count

    async def _run_one(self, job: Job, workflow_id: str) -> None:
        try:
            await workflow.execute_child_workflow(
                RUN_TOOL,
                job,
                id=workflow_id,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                search_attributes=attributes_of(job),
                static_summary=job.tool,
            )
        except WorkflowAlreadyStartedError:
            pass  # an earlier run of this fan-out saw it through
        except ChildWorkflowError as error:
            if is_cancelled_exception(error) and workflow.cancellation_reason() is not None:
                raise
            self._count.failed += 1
        self._count.done += 1
