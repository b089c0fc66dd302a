"""The workflow that polls all sessions that others wait for: one for each organisation."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

from ..activity_options import HEARTBEAT_SECONDS
from ..driver import is_history_long
from ..names import JOINED, LEAVE, LOOK, NEWS, POLLER
from ..payloads import PollerInput, Subscription

PAGE_SIZE = 200
"""How many sessions one list request shows."""

GATHERING_SECONDS = 1.0
"""Seconds in which others subscribe, before polling begins: one request then serves all of them."""

IDLE_SECONDS = 600.0
"""Seconds after which a poller that nobody needs ends."""


@dataclass
class PolledPage:
    """Sessions that one list request shows, with the workflows that wait for each."""

    states: dict[str, str] = field(default_factory=dict)
    callers: dict[str, set[str]] = field(default_factory=dict)
    is_stale: bool = False
    """Whether somebody came or went since the running activity began."""
    is_polled: bool = False

    def add(self, subscription: Subscription) -> None:
        """Add a workflow that waits."""
        self.states[subscription.session_id] = subscription.state
        self.callers.setdefault(subscription.session_id, set()).add(subscription.workflow_id)
        self.is_stale = True

    def remove(self, session_id: str) -> list[str]:
        """Remove a session; return the workflows that waited for it."""
        self.states.pop(session_id, None)
        return sorted(self.callers.pop(session_id, ()))

    def leave(self, session_id: str, workflow_id: str) -> None:
        """Remove a workflow, and its session when nobody else waits for that."""
        callers = self.callers.get(session_id, set())
        callers.discard(workflow_id)
        if session_id in self.callers and not callers:
            self.remove(session_id)
            self.is_stale = True

    def subscriptions(self) -> list[Subscription]:
        """Return a subscription for each workflow that waits."""
        return [
            Subscription(session_id, self.states[session_id], caller)
            for session_id, callers in self.callers.items()
            for caller in sorted(callers)
        ]


@workflow.defn(name=POLLER, sandboxed=False)
class Poller:
    """Polls for all workflows that wait, and signals each a new state once; who waits on subscribes again."""

    @workflow.init
    def __init__(self, polling: PollerInput) -> None:
        self._tick = polling.tick_seconds
        self._max_events = polling.max_events
        self._new = list(polling.waiting)
        self._pages: list[PolledPage] = []
        self._signals = 0
        """How many pages have signals on their way."""

    @workflow.run
    async def run(self, polling: PollerInput) -> None:
        """Poll until nobody has waited for a while."""
        while True:
            is_needed = any(page.states for page in self._pages)
            try:
                await workflow.wait_condition(self._has_work, timeout=None if is_needed else IDLE_SECONDS)
            except TimeoutError:
                return
            if self._is_history_long():
                waiting = [*(one for page in self._pages for one in page.subscriptions()), *self._new]
                workflow.continue_as_new(PollerInput(self._tick, self._max_events, waiting))
            await workflow.sleep(GATHERING_SECONDS)
            self._place()

    @workflow.signal(name=JOINED)
    def join(self, subscription: Subscription) -> None:
        """Subscribe a workflow."""
        self._new.append(subscription)

    @workflow.signal(name=LEAVE)
    def leave(self, session_id: str, workflow_id: str) -> None:
        """Unsubscribe a workflow."""
        gone = session_id, workflow_id
        self._new = [one for one in self._new if (one.session_id, one.workflow_id) != gone]
        for page in self._pages:
            page.leave(session_id, workflow_id)

    def _has_work(self) -> bool:
        return bool(self._new) or self._is_history_long()

    def _is_history_long(self) -> bool:
        """Return whether to continue as new: not while a signal is on its way."""
        return not self._signals and is_history_long(self._max_events)

    def _place(self) -> None:
        """Put new subscriptions on the pages of their sessions, or on one that has room."""
        new, self._new = self._new, []
        for one in new:
            known = (page for page in self._pages if one.session_id in page.states)
            room = (page for page in self._pages if len(page.states) < PAGE_SIZE)
            page = next(known, None) or next(room, None)
            if page is None:
                page = PolledPage()
                self._pages.append(page)
            page.add(one)
            if not page.is_polled:
                page.is_polled = True
                asyncio.create_task(self._poll(page))  # noqa: RUF006 - the event loop is the workflow's

    async def _poll(self, page: PolledPage) -> None:
        """Poll a page as long as anybody waits for what is on it: once a tick, whoever comes and goes.

        The activity has the states as they were when it began. When somebody comes or goes it is replaced,
        but only at the next tick: a thousand who come one by one cost no more requests than one.
        """
        while page.states:
            page.is_stale = False
            activity = asyncio.ensure_future(self._changed(dict(page.states)))
            await workflow.wait_condition(lambda activity=activity: activity.done() or page.is_stale)
            if not activity.done():  # it goes on for a tick, and then the next one takes the others along
                with suppress(TimeoutError):
                    await workflow.wait_condition(activity.done, timeout=self._tick)
            if not activity.done():
                activity.cancel()
                continue
            await self._signal(page, activity.result())
            await workflow.sleep(self._tick)
        page.is_polled = False

    async def _changed(self, states: dict[str, str]) -> dict[str, str]:
        """Return the new states of sessions once some have changed."""
        try:
            changed: dict[str, str] = await workflow.execute_activity(
                LOOK,
                states,
                result_type=dict[str, str],
                start_to_close_timeout=timedelta(minutes=10),
                heartbeat_timeout=timedelta(seconds=HEARTBEAT_SECONDS),
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=self._tick), backoff_coefficient=1.0
                ),
                summary=f"{len(states)} sessions",
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                return {}
            return dict.fromkeys(states, "unknown")  # an error of ours: let them read for themselves
        return changed

    async def _signal(self, page: PolledPage, changed: dict[str, str]) -> None:
        """Signal the new states to the workflows that wait for them."""
        news = [(caller, one, changed[one]) for one in changed for caller in page.remove(one)]
        self._signals += 1
        await asyncio.gather(*(self._signal_one(*one) for one in news))
        self._signals -= 1

    @staticmethod
    async def _signal_one(caller: str, session_id: str, state: str) -> None:
        with suppress(ApplicationError):  # it may be gone
            handle = workflow.get_external_workflow_handle(caller)
            await handle.signal(NEWS, args=[session_id, state])
