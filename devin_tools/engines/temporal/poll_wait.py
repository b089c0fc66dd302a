"""Reads of a session that wait, inside a workflow, until the poller of the organisation has news of it.

Thousands of workflows that each poll their session would cost a request and history events apiece at each
tick. One poller lists all their sessions, and signals those whose session has changed.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

from ...api.session import Session
from ...api.sessions import GetSession
from ...reading import read
from ...tasks.shared.outcomes import judge
from ...wire import Request, Response
from .activity_options import state_of
from .names import JOIN, LEAVE
from .payloads import Subscription

SHORTEST_WAIT = 20.0
"""Seconds below which subscribing costs more than it saves."""

LONGEST_WAIT = 1800.0
"""Seconds after which a workflow reads for itself, whatever the poller does."""


class PollWait:
    """Delays a flow's next read of a session that was at work in the last one, until there is news.

    A request of a waiting flow has a `timeout`: so long the flow loses nothing by an answer that comes
    only when something has changed.
    """

    def __init__(self, is_on: bool):
        self._is_on = is_on
        self._at_work: dict[str, str] = {}
        """The states of sessions that were at work when they were last read."""
        self._listed: dict[str, str] = {}
        """Their states as the poller last signalled them."""
        self._news: dict[str, str | None] = {}

    def news(self, session_id: str, state: str | None) -> None:
        """End the waits for this session; without a state the flow reads for itself."""
        self._news[session_id] = state

    def note(self, request: Request, response: Response) -> None:
        """Keep the state of a session that was read."""
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
        """Wait for news for the timeout of the request at most, if its session was at work when last read.

        A retry does not wait: its first try has, and the time for retries runs.
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
    """Return the id of the session that a request reads; `None` for any other request."""
    match = GetSession.route.pattern.fullmatch(request.path) if request.method == "GET" else None
    return match["session_id"] if match and type(request) is Request else None


async def join(subscription: Subscription) -> str | None:
    """Subscribe with the poller, and return its workflow id; `None` when there is none to be had."""
    try:
        name: str = await workflow.execute_activity(
            JOIN,
            subscription,
            result_type=str,
            start_to_close_timeout=timedelta(seconds=60),
            retry_policy=RetryPolicy(maximum_attempts=5),
        )
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
        return None
    return name
