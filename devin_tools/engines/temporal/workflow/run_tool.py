"""The workflow that runs one call of any tool."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import lru_cache
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ApplicationError, FailureError, is_cancelled_exception

from ....api.messages import SendMessage
from ....api.sessions import TerminateSession
from ....api.shared.fields import path_id
from ....catalog import Catalog, load_catalog
from ....errors import Conflict, DevinToolsError, NotFound
from ....flow import After
from ....tool import Output, Tool, perform
from ..activity_options import with_creations, with_key, with_time_left, with_total_wait
from ..driver import ContinueAsNew, Driver
from ..names import MESSAGE, NEWS, OUTCOME, PROGRESS, RUN_TOOL, SESSION_ID, STOP
from ..payloads import Ask, CarriedState, Job, ProgressLine, WorkflowStatus
from ..serialization import arguments_of, error_payload

MAX_LINES = 50
"""How many lines of progress are kept."""


@lru_cache(maxsize=1)
def installed_catalog() -> Catalog:
    """Return the catalog of this worker, loaded once."""
    return load_catalog()


# Outside of Temporal's sandbox, which would import this package anew for each of thousands of workflows. What
# it is there for is held by tests: flows read no clock, no randomness and no file.
@workflow.defn(name=RUN_TOOL, sandboxed=False)
class RunTool:
    """Runs one call: its requests are activities, its pauses timers, its time the workflow's."""

    @workflow.init
    def __init__(self, job: Job) -> None:
        self._job = job
        self._driver: Driver | None = None
        self._lines: list[ProgressLine] = []
        self._commands: list[tuple[str, str, str | None]] = []
        """What signals asked for: stop or message, its text, which session. The first may be running."""

    @workflow.run
    async def run(self, job: Job) -> dict[str, Any]:
        """Run the call and return its output as JSON; fail with the error that it raised."""
        now = workflow.now().timestamp()
        try:
            call = installed_catalog().call(job.tool, job.arguments)
            chain = job.chain or await self._admitted(call, now)
            call = self._call(call, chain, now)
            self._driver = driver = Driver(replace(job, chain=chain), chain.settings, self._report)
            for session_id in [*chain.session_ids, getattr(call, "session_id", None)]:
                driver.remember(session_id)
            output = await self._outcome(call, chain, now)
        except ContinueAsNew:
            self._continue_as_new(driver, chain)
        except DevinToolsError as error:
            raise _failure(error, job) from error
        return output.model_dump(mode="json", exclude_unset=True)

    async def _admitted(self, call: Tool[Any], now: float) -> CarriedState:
        """Ask the worker whether the call may run: once, and not again after continue-as-new."""
        got = await Driver.ask(Ask(self._job.tool, arguments_of(call), False, self._job.confirm))
        self._job.arguments = got["arguments"]
        return CarriedState(began=now, settings=got["settings"])

    def _call(self, call: Tool[Any], chain: CarriedState, now: float) -> Tool[Any]:
        """Return the call of this run, with a key that all runs share, and the time that is left."""
        info = workflow.info()
        key = f"temporal {info.namespace} {info.workflow_id}"
        call = installed_catalog().call(self._job.tool, self._job.arguments)
        return with_time_left(with_key(call, key, chain.settings), now - chain.began)

    async def _outcome(self, call: Tool[Any], chain: CarriedState, now: float) -> Output:
        """Drive the call to its end, doing meanwhile what signals ask for."""
        assert self._driver is not None
        driver, commands = self._driver, asyncio.create_task(self._run_commands())
        try:
            output: Output = await driver.drive(call.flow())
            driver.remember(getattr(output, "session_id", None))
            await workflow.wait_condition(lambda: not self._has_command())
        except ContinueAsNew:
            await workflow.wait_condition(lambda: not self._has_command())
            raise
        except (asyncio.CancelledError, FailureError) as error:
            if is_cancelled_exception(error):
                driver.is_cancelled = False  # from here on requests are for ending the sessions
                if self._job.ends_session:
                    await self._end_sessions(driver.session_ids)
            raise
        except DevinToolsError as error:
            error.tool = error.tool or self._job.tool
            await driver.note(After(call, error, is_inside=False))
            raise
        finally:
            commands.cancel()
        self._show({OUTCOME: getattr(output, "outcome", None)})
        await driver.note(After(call, output, is_inside=False))
        return with_creations(with_total_wait(output, now - chain.began), driver.created)

    def _continue_as_new(self, driver: Driver, chain: CarriedState) -> None:
        chain = replace(
            chain,
            admitted=sorted(driver.admitted),
            session_ids=driver.session_ids,
            created=sorted(driver.created),
            runs=chain.runs + 1,
        )
        workflow.continue_as_new(replace(self._job, chain=chain))

    async def _run_commands(self) -> None:
        """Do what signals ask for, one after the other, as soon as there is a session to do it to."""
        while True:
            await workflow.wait_condition(self._has_command)
            what, text, session_id = self._commands[0]
            ids = self._ids(session_id)
            if what == STOP:
                await self._end_sessions(ids)
            else:
                await self._attempt(ids[-1], SendMessage(session_id=ids[-1], message=text), "message sent")
            self._commands.pop(0)

    def _has_command(self) -> bool:
        """Return whether there is something to do, and a session to do it to."""
        return bool(self._commands and self._ids(self._commands[0][2]))

    def _ids(self, session_id: str | None) -> list[str]:
        if session_id is not None:
            return [path_id(session_id)]
        return self._driver.session_ids if self._driver is not None else []

    async def _end_sessions(self, ids: list[str]) -> None:
        for one in ids:
            await self._attempt(one, TerminateSession(session_id=one), "ended")

    async def _attempt(self, session_id: str, call: Tool[Any], done: str) -> None:
        """Run a call beside the main one, and report how it ended; its failure does not fail the main one."""
        assert self._driver is not None
        try:
            await self._driver.drive(perform(call), may_continue_as_new=False)
            self._report(f"{session_id}: {done}")
        except (Conflict, NotFound) as error:  # it has ended already
            self._report(f"{session_id}: {error.message}")
        except DevinToolsError as error:
            self._report(f"{session_id}: not {done}. {error}")
        self._driver.poll_wait.news(session_id, None)

    @workflow.signal(name=MESSAGE)
    def message(self, text: str, session_id: str | None = None) -> None:
        """Send a message to the session, or to one of several."""
        self._commands.append((MESSAGE, text, session_id))

    @workflow.signal(name=STOP)
    def stop(self, session_id: str | None = None) -> None:
        """End the sessions, or one of them; the wait then ends by itself."""
        self._commands.append((STOP, "", session_id))

    @workflow.signal(name=NEWS)
    def news(self, session_id: str, state: str) -> None:
        """Take news of a session from the poller."""
        if self._driver is not None:
            self._driver.poll_wait.news(session_id, state)

    @workflow.query(name=PROGRESS)
    def progress(self) -> WorkflowStatus:
        """Return how far it is."""
        return WorkflowStatus(self._job.tool, self._ids(None), self._lines)

    def _report(self, message: str) -> None:
        self._lines = [*self._lines, ProgressLine(workflow.now().timestamp(), message)][-MAX_LINES:]
        if self._driver is not None and self._driver.session_ids:
            self._show({SESSION_ID: self._driver.session_ids[0]})

    def _show(self, values: dict[str, str | None]) -> None:
        """Set search attributes, where the server has them and they change."""
        if not self._job.has_attributes:
            return
        known = workflow.info().typed_search_attributes
        keys = {SearchAttributeKey.for_keyword(name): value for name, value in values.items() if value}
        changes = [key.value_set(value) for key, value in keys.items() if known.get(key) != value]
        if changes:
            workflow.upsert_search_attributes(changes)


def _failure(error: DevinToolsError, job: Job) -> ApplicationError:
    """Return the error as Temporal's own, with all of it as plain data; it is not retried."""
    error.tool = error.tool or job.tool
    return ApplicationError(str(error), error_payload(error), type=error.kind, non_retryable=True)
