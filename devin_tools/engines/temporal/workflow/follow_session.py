"""The workflow that follows a session that rules started."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio import workflow

from ..driver import perform_activity
from ..names import FOLLOW, NEWS, TELL
from ..payloads import Subscription
from ..poll_wait import LONGEST_WAIT, join

SETTLE_SECONDS = 3.0
"""Seconds that a new state must last: some pass at once."""


@workflow.defn(name=FOLLOW, sandboxed=False)
class FollowSession:
    """Notifies the sinks of rules whenever a session has a new state, until its end."""

    def __init__(self) -> None:
        self._has_news = False

    @workflow.run
    async def run(self, session_id: str) -> None:
        """Follow, as long as the session goes on."""
        while True:
            self._has_news = False
            got: dict[str, Any] = await perform_activity(TELL, session_id, dict, summary=session_id)
            if got["is_over"]:
                return
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(session_id)
            await join(Subscription(session_id, got["state"], workflow.info().workflow_id))
            with suppress(TimeoutError):
                await workflow.wait_condition(lambda: self._has_news, timeout=timedelta(seconds=LONGEST_WAIT))
            await workflow.sleep(timedelta(seconds=SETTLE_SECONDS))

    @workflow.signal(name=NEWS)
    def news(self, session_id: str, state: str) -> None:
        """Take news of the session from the poller."""
        self._has_news = True
