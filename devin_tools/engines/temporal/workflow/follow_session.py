"""The workflow that follows a session that rules started, and the activity that tells of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow

from ....api.sessions import GetSession
from ....errors import DevinToolsError, NotFound
from ....pipelines.delivery import Outlet
from ....pipelines.follower import Follower, is_over
from ....pipelines.notifier import Notifier
from ....pipelines.rule_files import Rules
from ....tasks.shared.outcomes import judge
from ..activity import Activities, retry_later
from ..activity_options import ActivityOptions, state_of
from ..driver import ACTIVITY_SECONDS, perform_activity
from ..names import FOLLOW, NEWS, TELL
from ..payloads import Subscription
from ..poll_wait import LONGEST_WAIT, join

SETTLE_SECONDS = 3.0
"""Seconds that a new state must last: some pass at once."""

RETRY_SECONDS = 30.0
"""Seconds before what could not be told is told again."""


@workflow.defn(name=FOLLOW, sandboxed=False)
class FollowSession:
    """Tells of a session whenever it stands otherwise, until its end was told."""

    @workflow.init
    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self._has_news = False

    @workflow.run
    async def run(self, session_id: str) -> None:
        """Follow, as long as the session goes on."""
        while True:
            self._has_news = False
            terms = ActivityOptions(ACTIVITY_SECONDS, is_retried=True)
            got: dict[str, Any] = await perform_activity(TELL, session_id, dict, terms, session_id)
            if got["is_over"]:
                return
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(session_id)
            await self._await_news(got["state"])
            await workflow.sleep(timedelta(seconds=SETTLE_SECONDS))

    async def _await_news(self, state: str) -> None:
        await join(Subscription(self._session_id, state, workflow.info().workflow_id))
        with suppress(TimeoutError):
            await workflow.wait_condition(lambda: self._has_news, timeout=timedelta(seconds=LONGEST_WAIT))

    @workflow.signal(name=NEWS)
    def news(self, session_id: str, state: str) -> None:
        """Take news of the session from the poller."""
        self._has_news = True


class NotifyActivity:
    """The activity of workers that have the rules: they tell whom the rules name."""

    def __init__(self, activities: Activities, rules: Rules, outlet: Outlet | None = None):
        """Raise `BadRules` for a sink of the rules that is wrong."""
        self._activities = activities
        self._rules = rules
        self._teller = Notifier(rules, activities.catalog.sinks, outlet or Outlet())
        activities.closed_with.append(self._teller.aclose)

    @activity.defn(name=TELL)
    async def tell(self, session_id: str) -> dict[str, Any]:
        """Tell how a session stands, unless that was told; what fails is tried again later."""
        client = self._activities.client.client
        follower = Follower(client, self._rules, self._teller)
        try:
            session = await client.run(GetSession(session_id=session_id))
            is_told = judge(session) is None or await follower.tell(session)
            session = await client.run(GetSession(session_id=session_id)) if is_told else session
        except NotFound:
            return {"state": "", "is_over": True}
        except DevinToolsError as error:
            raise retry_later(RETRY_SECONDS) from error
        if not is_told:
            raise retry_later(RETRY_SECONDS)
        return {"state": state_of(session), "is_over": is_over(session)}
