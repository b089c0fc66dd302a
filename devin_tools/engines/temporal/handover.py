"""Following by workflows: an alert server hands over its sessions, and workers notify of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import NetworkError
from ...pipelines.follower import Follower
from .connection import connect
from .names import FOLLOW, TASK_QUEUE

if TYPE_CHECKING:
    from temporalio.client import Client

HANDOVER_SECONDS = 1.0
"""Seconds between two handovers of what was started."""


class WorkflowFollower(Follower):
    """Starts a workflow for each session that rules started; those found by their tags too.

    The name of a workflow is its session's: however often it is handed over, one follows.
    """

    def __init__(self, *given: Any, **options: Any):
        super().__init__(*given, **options | {"look_seconds": HANDOVER_SECONDS})
        self._temporal: Client | None = None

    async def look(self) -> None:
        """Hand over what is open; raise `NetworkError` when the server is away, and keep the rest."""
        for session_id in list(self.watchlist.open):
            await self._start(session_id)
            self.watchlist.remove(session_id)

    async def _start(self, session_id: str) -> None:
        from temporalio.common import WorkflowIDConflictPolicy
        from temporalio.service import RPCError

        try:
            self._temporal = self._temporal or await connect()
            await self._temporal.start_workflow(
                FOLLOW,
                session_id,
                id=f"{FOLLOW}-{session_id}",
                task_queue=TASK_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                static_summary=session_id,
            )
        except (RPCError, RuntimeError) as error:  # what Temporal's client raises when nobody answers
            raise NetworkError("The Temporal server cannot be reached; following waits for it.") from error
