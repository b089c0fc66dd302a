"""Looks at a session that wait, inside a workflow, until the poller of the organisation has news of it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

from ...api.sessions import GetSession, Session
from ...reading import read
from ...tasks.shared.outcomes import judge
from ...wire import Request, Response
from .activity_options import state_of
from .names import JOIN, LEAVE
from .payloads import Subscription

SHORTEST_WAIT = 20.0
"""Seconds below which asking the poller costs more than it saves."""

LONGEST_WAIT = 1800.0
"""Seconds after which a workflow looks for itself, whatever the poller does."""


class PollWait:
    """Lets a flow's next look at a session wait, when its last one showed it at work.

    A flow in the midst of a wait gives each look a timeout: until then it loses nothing by an answer
    that comes only when there is something new.
    """

    def __init__(self, is_on: bool):
        self._is_on = is_on
        self._at_work: dict[str, str] = {}
        """Sessions that were at work when last seen, with how they stood."""
        self._listed: dict[str, str] = {}
        """How the poller last told that they stand."""
        self._news: dict[str, str | None] = {}

    def news(self, session_id: str, state: str | None) -> None:
        """Let those go on that wait for this session; without a state, to look for themselves."""
        self._news[session_id] = state

    def note(self, request: Request, response: Response) -> None:
        """Remember how a session stands."""
        session_id = _polled_session(request)
        if session_id is None or not self._is_on:
            return
        self._at_work.pop(session_id, None)
        if response.status == 200:
            with suppress(ValueError):
                session = read(Session, response.body)
                if judge(session) is None:
                    self._at_work[session_id] = state_of(session)

    async def await_news(self, request: Request) -> None:
        """Wait up to the timeout of the request, if it is a look that would show nothing new.

        A look that is repeated has waited already: its time for repeating runs.
        """
        session_id = _polled_session(request) if request.attempt == 1 else None
        timeout = request.timeout or 0.0
        if session_id not in self._at_work or timeout < SHORTEST_WAIT or not self._is_on:
            return
        seen = self._listed.get(session_id, self._at_work[session_id])
        if session_id not in self._news:
            poller = await join(Subscription(session_id, seen, workflow.info().workflow_id))
            if poller is None:
                return
            await self._wait(session_id, min(timeout, LONGEST_WAIT), poller)
        if state := self._news.pop(session_id, None):
            self._listed[session_id] = state

    async def _wait(self, session_id: str, seconds: float, poller: str) -> None:
        try:
            await workflow.wait_condition(
                lambda: session_id in self._news,
                timeout=seconds,
                timeout_summary=f"news of {session_id}",
            )
        except (TimeoutError, asyncio.CancelledError) as end:
            with suppress(ApplicationError):  # it may be gone
                handle = workflow.get_external_workflow_handle(poller)
                await handle.signal(LEAVE, args=[session_id, workflow.info().workflow_id])
            if isinstance(end, asyncio.CancelledError):
                raise


def _polled_session(request: Request) -> str | None:
    """Return which session a request looks at; `None` when it does something else."""
    match = GetSession.route.pattern.fullmatch(request.path) if request.method == "GET" else None
    return match["session_id"] if match and type(request) is Request else None


async def join(joining: Subscription) -> str | None:
    """Ask the poller for news, and give its name; `None` when it cannot be had: then look alone."""
    try:
        name: str = await workflow.execute_activity(
            JOIN,
            joining,
            result_type=str,
            start_to_close_timeout=timedelta(seconds=60),
            retry_policy=RetryPolicy(maximum_attempts=5),
        )
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
        return None
    return name
