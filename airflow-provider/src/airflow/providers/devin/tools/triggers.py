"""What waits in the triggerer, where a wait holds no worker slot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from typing import Any

from devin_tools.errors import DevinToolsError

from .airflow_names import BaseTrigger, TriggerEvent
from .hook import DevinHook

__all__ = ["DevinTrigger"]

log = logging.getLogger(__name__)


class DevinTrigger(BaseTrigger):
    """Fires when sessions have settled, or when time is up.

    It reads and never writes, so that it may run twice or be moved; but somebody who kills the task ends its
    sessions too, where `ends_session` says so. What is stored of it are ids, the name of the connection and a
    deadline: no prompt, no key.
    """

    def __init__(
        self,
        session_ids: Collection[str],
        until: float,
        devin_conn_id: str = DevinHook.default_conn_name,
        needs: str = "all",
        outcomes: Collection[str] | None = None,
        settle_seconds: float = 3.0,
        ends_session: bool = False,
    ):
        super().__init__()
        self.session_ids = list(session_ids)
        self.until = until
        """When to give up, in seconds since 1970."""
        self.devin_conn_id = devin_conn_id
        self.needs = needs
        """Whether `all` must settle, or `any`."""
        self.outcomes = None if outcomes is None else sorted(outcomes)
        """The outcomes to wait for, besides those that nothing can change; `None`: any."""
        self.settle_seconds = settle_seconds
        self.ends_session = ends_session

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what the trigger is made again from."""
        names = (
            "session_ids", "until", "devin_conn_id", "needs", "outcomes", "settle_seconds", "ends_session",
        )  # fmt: skip
        return f"{__name__}.{type(self).__name__}", {name: getattr(self, name) for name in names}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and fire once."""
        try:
            settled = await self._wait()
        except DevinToolsError as error:
            said = {"kind": error.kind, "message": error.message, "hint": error.hint}
            yield TriggerEvent({"until": self.until, "error": said})
            return
        yield TriggerEvent({"until": self.until, "outcomes": settled})

    async def on_kill(self) -> None:
        """End the sessions when a person has killed the task; Airflow calls it then and in no other case."""
        from devin_tools import TerminateSession

        if not self.ends_session:
            return
        client, _ = await DevinHook(self.devin_conn_id).async_client()
        async with client:
            calls = (TerminateSession(session_id=one) for one in self.session_ids)
            ended = (client.run(call, confirm=True) for call in calls)
            for error in await asyncio.gather(*ended, return_exceptions=True):
                if isinstance(error, Exception):
                    log.warning("a session of a killed task goes on: %s", error)

    async def _wait(self) -> dict[str, str]:
        from .poller import watching

        async with watching(self.devin_conn_id, self.settle_seconds) as poller:
            return await poller.wait(self.session_ids, self.until, needs=self.needs, outcomes=self.outcomes)
