"""A workflow of somebody's own, in a file of its own, as Temporal's sandbox wants it."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from devin_tools import RunTask, SendMessage
from devin_tools.engines.temporal.child_workflows import run_inside
from devin_tools.errors import NotFound

__all__ = ["Mine"]


@workflow.defn
class Mine:
    """Two tools, one after the other, and an error that is caught by its type."""

    @workflow.run
    async def run(self, prompt: str) -> str:
        done = await run_inside(RunTask(prompt=prompt))
        await run_inside(SendMessage(session_id=done.session_id, message="Thank you."))
        await workflow.sleep(timedelta(milliseconds=1))
        try:
            await run_inside(SendMessage(session_id="devin-" + "0" * 32, message="Who?"))
        except NotFound:
            return done.outcome
        return "there was one"
