"""The client of a worker: what a client does in one go, part by part. Nothing here needs the engine."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from ...api.account import GetSelf
from ...client.clients import AsyncClient
from ...client.guards import Asked
from ...client.retry import HELD_BACK
from ...errors import MissingSetting, NetworkError
from ...flow import After, Before, ReadRepository, RepositoryState
from ...spec import Spec, describe
from ...tool import Tool
from ...wire import Request, Response
from .payloads import Ask


class WorkerClient(AsyncClient):
    """An `AsyncClient` that sends single requests, so that activities can repeat them."""

    async def exchange(self, request: Request) -> Response:
        """Send a request once; a rate limit that one request met holds back all others of this worker.

        Raises `DevinToolsError` where there is no response.
        """
        left = self._cooldown.until - self._clock.monotonic()
        if left > 0:
            return Response(429, HELD_BACK, {"retry-after": f"{left:.3f}"})
        response = await self._send(request)
        if response.status == 429:
            delay = self._retry.delay(response, 1, random.random(), self._clock.now())  # noqa: S311
            self._cooldown.extend(self._clock.monotonic() + delay)
        return response

    def admit(self, call: Tool[Any], ask: Ask, outer: Spec | None = None) -> Tool[Any]:
        """Return the call to run, a part of one of `outer`; raise the refusal of a rule or guard.

        One that an earlier run of the workflow was allowed to make is not counted again, as it adopts.
        """
        asked = Asked(ask.confirm, outer)
        if ask.is_again:
            return self.rules.admit(describe(type(call)), call, asked, is_inside=ask.is_inside)
        return self._before(Before(call, ask.is_inside), asked)

    def note(self, call: Tool[Any], outcome: Any, *, is_inside: bool) -> None:
        """Tell rules and guards what a call gave."""
        self._after(After(call, outcome, is_inside))

    @property
    def is_watched(self) -> bool:
        """Whether anybody wants to know what calls give."""
        return bool(self._guards) or self.settings.max_sessions is not None

    async def look_around(self, step: ReadRepository) -> RepositoryState:
        """Look at a repository of this machine, while others go on."""
        state: RepositoryState = await asyncio.to_thread(self._answer, step, Asked(is_confirmed=False))
        return state

    async def organisation(self) -> str:
        """Return the organisation of the key, asking the API once where the settings do not say."""
        if self._org_id is None:
            call = GetSelf()
            refusal = self._learn_org(await self._exchange(self._ask_self()))
            if refusal is not None:
                raise NetworkError(f"{describe(type(call)).name} was answered with {refusal.status}.")
        if self._org_id is None:
            raise MissingSetting("The organisation is not set, and the API does not name one for this key.")
        return self._org_id
