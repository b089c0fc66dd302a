"""The workflow that looks at all sessions that others wait for: one for each organisation."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

from ..names import JOINED, LEAVE, LOOK, NEWS, POLLER
from ..payloads import PollerInput, Subscription

PAGE = 200
"""How many sessions one list request shows."""

GATHERING = 1.0
"""Seconds in which others join, before looking begins: one request then serves all of them."""

IDLE = 600.0
"""Seconds after which a poller that nobody needs ends."""


@dataclass
class Page:
    """Sessions that one list request shows, with who waits for each."""

    states: dict[str, str] = field(default_factory=dict)
    callers: dict[str, set[str]] = field(default_factory=dict)
    is_stale: bool = False
    """Whether somebody came or went since the look at it began."""
    is_looked_at: bool = False

    def add(self, joining: Subscription) -> None:
        """Let one more wait."""
        self.states[joining.session_id] = joining.state
        self.callers.setdefault(joining.session_id, set()).add(joining.workflow_id)
        self.is_stale = True

    def remove(self, session_id: str) -> list[str]:
        """Take a session off; give who waited for it."""
        self.states.pop(session_id, None)
        return sorted(self.callers.pop(session_id, ()))

    def leave(self, session_id: str, workflow_id: str) -> None:
        """Let one wait no longer; a session that nobody waits for is taken off."""
        callers = self.callers.get(session_id, set())
        callers.discard(workflow_id)
        if session_id in self.callers and not callers:
            self.remove(session_id)
            self.is_stale = True

    def everybody(self) -> list[Subscription]:
        """Return everybody who waits."""
        return [
            Subscription(session_id, self.states[session_id], caller)
            for session_id, callers in self.callers.items()
            for caller in sorted(callers)
        ]


@workflow.defn(name=POLLER, sandboxed=False)
class Poller:
    """Looks for all who wait, and tells each what is new, once; whoever waits on joins again."""

    @workflow.init
    def __init__(self, polling: PollerInput) -> None:
        self._tick = polling.tick_seconds
        self._max_events = polling.max_events
        self._joining = list(polling.waiting)
        self._pages: list[Page] = []
        self._telling = 0

    @workflow.run
    async def run(self, polling: PollerInput) -> None:
        """Look until nobody has waited for a while."""
        while True:
            is_needed = any(page.states for page in self._pages)
            try:
                await workflow.wait_condition(self._has_work, timeout=None if is_needed else IDLE)
            except TimeoutError:
                return
            if self._is_history_long():
                workflow.continue_as_new(PollerInput(self._tick, self._max_events, self._everybody()))
            await workflow.sleep(GATHERING)
            self._place()

    @workflow.signal(name=JOINED)
    def join(self, joining: Subscription) -> None:
        """Let a workflow wait for news of a session."""
        self._joining.append(joining)

    @workflow.signal(name=LEAVE)
    def leave(self, session_id: str, workflow_id: str) -> None:
        """Let a workflow wait no longer."""
        gone = session_id, workflow_id
        self._joining = [one for one in self._joining if (one.session_id, one.workflow_id) != gone]
        for page in self._pages:
            page.leave(session_id, workflow_id)

    def _has_work(self) -> bool:
        return bool(self._joining) or self._is_history_long()

    def _is_history_long(self) -> bool:
        """Return whether to begin anew: not while somebody is being told something."""
        info = workflow.info()
        is_long = info.get_current_history_length() >= self._max_events
        return not self._telling and (is_long or info.is_continue_as_new_suggested())

    def _everybody(self) -> list[Subscription]:
        return [*(one for page in self._pages for one in page.everybody()), *self._joining]

    def _place(self) -> None:
        """Put those who join on pages: with others who wait for the same session, or where there is room."""
        joining, self._joining = self._joining, []
        for one in joining:
            known = (page for page in self._pages if one.session_id in page.states)
            room = (page for page in self._pages if len(page.states) < PAGE)
            page = next(known, None) or next(room, None)
            if page is None:
                page = Page()
                self._pages.append(page)
            page.add(one)
            if not page.is_looked_at:
                page.is_looked_at = True
                asyncio.create_task(self._watch(page))  # noqa: RUF006 - the event loop is the workflow's

    async def _watch(self, page: Page) -> None:
        """Look at a page as long as anybody waits for what is on it: once a tick, whoever comes and goes."""
        while page.states:
            page.is_stale = False
            looking = asyncio.ensure_future(self._look(dict(page.states)))
            await workflow.wait_condition(lambda looking=looking: looking.done() or page.is_stale)
            if not looking.done():  # the look goes on for a tick, and then takes the others along
                with suppress(TimeoutError):
                    await workflow.wait_condition(looking.done, timeout=self._tick)
            if not looking.done():
                looking.cancel()
                continue
            await self._tell(page, looking.result())
            await workflow.sleep(self._tick)
        page.is_looked_at = False

    async def _look(self, states: dict[str, str]) -> dict[str, str]:
        """Look until something changes; give what did."""
        try:
            changed: dict[str, str] = await workflow.execute_activity(
                LOOK,
                states,
                result_type=dict[str, str],
                start_to_close_timeout=timedelta(minutes=10),
                heartbeat_timeout=timedelta(seconds=15),
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=self._tick), backoff_coefficient=1.0
                ),
                summary=f"{len(states)} sessions",
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                return {}
            return dict.fromkeys(states, "unknown")  # a fault of ours: let them look for themselves
        return changed

    async def _tell(self, page: Page, changed: dict[str, str]) -> None:
        """Tell everybody what is new to them."""
        news = [(caller, one, changed[one]) for one in changed for caller in page.remove(one)]
        self._telling += 1
        await asyncio.gather(*(self._tell_one(*one) for one in news))
        self._telling -= 1

    @staticmethod
    async def _tell_one(caller: str, session_id: str, state: str) -> None:
        with suppress(ApplicationError):  # it may be gone
            handle = workflow.get_external_workflow_handle(caller)
            await handle.signal(NEWS, args=[session_id, state])
