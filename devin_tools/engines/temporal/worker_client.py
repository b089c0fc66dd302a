"""The client of a worker: single requests and questions, so that activities can repeat each."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from ...api.account import GetSelf
from ...client import AsyncClient
from ...client.call_limits import CallContext
from ...client.retry import COOLDOWN_BODY
from ...client.state import ask_self
from ...declarations import describe
from ...errors import MissingSetting, NetworkError, Refused
from ...flow import After, AppendLines, Before, ReadLastLines, ReadRepository, RepositoryState, SaveText
from ...settings import Settings
from ...spec import Spec
from ...tool import Tool
from ...wire import Request, Response
from .payloads import Ask


class WorkerClient:
    """What activities ask of an `AsyncClient`, as the workflow drives the flow. The engine is not needed."""

    def __init__(self, client: AsyncClient):
        self.client = client
        self._state = client.state

    @property
    def settings(self) -> Settings:
        """The settings of its client."""
        return self._state.settings

    async def exchange(self, request: Request) -> Response:
        """Send a request once; a rate limit that one request met holds back all others of this worker.

        Raises `NetworkError` if no response comes, or `MissingSetting` for an unknown organisation.
        """
        cooldown, clock = self._state.cooldown, self._state.clock
        left = cooldown.until - clock.monotonic()
        if left > 0:
            return Response(429, COOLDOWN_BODY, {"retry-after": f"{left:.3f}"})
        response = await self.client.send(request)
        if response.status == 429:
            delay = self._state.retry.delay(response, 1, random.random(), clock.now())  # noqa: S311
            cooldown.extend(clock.monotonic() + delay)
        return response

    def admit(self, call: Tool[Any], ask: Ask, outer: Spec | None = None) -> Tool[Any]:
        """Return the call to run, a part of one of `outer`; raise the refusal of a rule or guard.

        One that an earlier run of the workflow was allowed to make is not counted again, as it adopts. One
        whose output shows a secret is refused: the history of the workflow would keep it.
        """
        if (spec := describe(type(call))).effect.reveals_secret:
            raise Refused(
                f"{spec.name} shows a secret once, and the history of a workflow would keep it.",
                hint="Use a client.",
            )
        step, context = Before(call, ask.is_inside), CallContext(ask.confirm, outer)
        return self._state.admit(step, context, is_counted=ask.is_again)

    def observe(self, call: Tool[Any], outcome: Any, *, is_inside: bool) -> None:
        """Pass what a call returned or raised to rules and guards."""
        self._state.observe(After(call, outcome, is_inside))

    @property
    def is_watched(self) -> bool:
        """Whether anybody wants to know what calls return."""
        return bool(self._state.guards) or self.settings.max_sessions is not None

    async def read_repository(self, step: ReadRepository) -> RepositoryState:
        """Read the state of a repository of this machine, while others go on."""
        context = CallContext(is_confirmed=False)
        state: RepositoryState = await asyncio.to_thread(self._state.answer, step, context)
        return state

    async def use_file(self, step: ReadLastLines | AppendLines | SaveText) -> Any:
        """Read or write a file of this machine, while others go on."""
        return await asyncio.to_thread(self._state.answer, step, CallContext(is_confirmed=False))

    async def organisation(self) -> str:
        """Return the organisation of the key, asking the API once where the settings do not say."""
        if self._state.org_id is None:
            refusal = self._state.learn_org(await self.client.send(ask_self()))
            if refusal is not None:
                raise NetworkError(f"{describe(GetSelf).name} was answered with {refusal.status}.")
        if self._state.org_id is None:
            raise MissingSetting("The organisation is not set, and the API does not name one for this key.")
        return self._state.org_id

    async def aclose(self) -> None:
        """Close the connections."""
        await self.client.aclose()
