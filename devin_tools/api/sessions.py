"""Sessions: read, list, archive and end them. Facts: docs.devin.ai/v3-openapi.yaml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..flow import Flow
from ..paging import Detailed, Items, Page, Paged
from ..tool import READ, WRITE, Input, Tool
from ..wire import DELETE, GET, POST
from .session import CATEGORIES as CATEGORIES
from .session import MODES as MODES
from .session import ORIGINS as ORIGINS
from .session import SESSION as SESSION
from .session import SESSIONS as SESSIONS
from .session import Category as Category
from .session import CreatedSession as CreatedSession
from .session import Mode as Mode
from .session import OnSession as OnSession
from .session import Origin as Origin
from .session import PullRequest as PullRequest
from .session import Session as Session
from .session import Status as Status
from .session import StatusDetail as StatusDetail
from .shared.fields import AnyTags, Id, SessionId, Text
from .shared.times import UnixSeconds


class SessionPage(Page[Session]):
    """One page of sessions."""

    sessions: Items[Session]
    """The sessions of this page."""


class GetSession(OnSession, Detailed[Session]):
    """Read one session: its state, pull requests and structured output."""

    route = GET(SESSION, permission="ViewOrgSessions")
    keywords = (
        "is it done yet, finished, how far is it, what is it doing now, progress, still running, stuck, "
        "check on the job, link to its PR, result, outcome, why did it stop, is it waiting for me, is it "
        "ready, any news, how is it going, update on it, what came out, did it work, where is the PR it "
        "promised"
    )


class SessionFilters(Input):
    """Which sessions to list: one must pass each filter that is given."""

    session_ids: Annotated[list[SessionId], Field(min_length=1)] | None = None
    """Only these sessions."""

    tags: Annotated[AnyTags, Field(min_length=1)] | None = None
    """Sessions with any of these tags; comma-separated text is accepted too."""

    playbook_id: Id | None = None
    """Sessions that follow this playbook."""

    origins: Annotated[list[Origin], Field(min_length=1)] | None = None
    """Sessions started from these places."""

    schedule_id: Id | None = None
    """Sessions that this schedule started."""

    automation_ids: Annotated[list[Id], Field(min_length=1)] | None = None
    """Sessions that these automations started."""

    parent_session_id: SessionId | None = None
    """Sessions that this session spawned."""

    user_ids: Annotated[list[Id], Field(min_length=1)] | None = None
    """Sessions of these users."""

    service_user_ids: Annotated[list[Id], Field(min_length=1)] | None = None
    """Sessions of these service users."""

    created_after: UnixSeconds | None = None
    """Created at or after this time, in Unix seconds."""

    created_before: UnixSeconds | None = None
    """Created at or before this time, in Unix seconds."""

    updated_after: UnixSeconds | None = None
    """Changed at or after this time, in Unix seconds."""

    updated_before: UnixSeconds | None = None
    """Changed at or before this time, in Unix seconds."""

    is_archived: bool | None = None
    """Only archived (true) or only unarchived (false) sessions."""

    category: Category | None = None
    """Sessions of this category."""

    repo_names: Annotated[list[Text], Field(min_length=1)] | None = None
    """Sessions that worked in these repositories, as `owner/repo`."""


class ListSessions(SessionFilters, Paged[SessionPage]):
    """List sessions, newest first, one page per call.

    Filters combine: a session must pass each of them. The API has no filter by status, and does
    not say whether archived sessions are listed when `is_archived` is left out.
    """

    route = GET(SESSIONS, permission="ViewOrgSessions")
    keywords = (
        "what is running, recent jobs, runs, history, what did Anna start this week, find the chat about "
        "the login bug, which are stuck or unfinished, overview of the work, search conversations by "
        "label, everything on that repo, what is everybody working on, what has it been up to, today, "
        "yesterday, last week, up to right now, at the moment, which went pear-shaped, what are the "
        "agents busy with, anything still going on"
    )
    examples = ({"limit": 20}, {"tags": ["team:payments"], "is_archived": False})


class ListChildSessions(OnSession, Paged[SessionPage]):
    """List the sessions that a session spawned, newest first, one page per call.

    The API does not say whether archived ones are listed when `is_archived` is left out.
    """

    effect = READ
    permission = "ViewOrgSessions"
    keywords = (
        "subtasks it kicked off, did it start helpers, sub-agents, subagents, workers, descendants, tree, "
        "spin-offs, what did the parent delegate"
    )

    is_archived: bool | None = None
    """Only archived (true) or only unarchived (false) sessions."""

    def flow(self) -> Flow[SessionPage]:
        """List the sessions whose parent this one is; the API has no path of its own for them."""
        rest = self.model_dump(exclude_unset=True, exclude={"session_id"})
        return (yield from ListSessions(parent_session_id=self.session_id, **rest).flow())


class ArchiveSession(OnSession, Tool[Session]):
    """Archive a session: put it to sleep and out of the way; it can come back.

    It stays readable; `devin_unarchive_session` brings it back.
    """

    route = POST(SESSION + "/archive", permission="ManageOrgSessions")
    effect = WRITE.idempotent().reversible()
    keywords = (
        "tidy up, declutter, hide it from the list, pause it, park it, suspend, shelve finished work, "
        "stop it for now, keep it, clean up old runs, sweep away, out of sight, clear the sidebar, do not "
        "lose them, keep for later"
    )


class UnarchiveSession(OnSession, Tool[Session]):
    """Bring an archived session back, so that it can change and wake again.

    The sessions it spawned stay as they are.
    """

    route = POST(SESSION + "/unarchive", permission="ManageOrgSessions")
    effect = WRITE.idempotent().reversible()
    keywords = (
        "restore it, undo archiving, I put it away by mistake, make it visible again, unhide, reopen a "
        "shelved one, wake it up, resume work, bring it back, hid the wrong one"
    )


class TerminateSession(OnSession, Tool[Session]):
    """End a session for good: it can never be resumed.

    To stop one reversibly, archive it.
    """

    route = DELETE(SESSION, permission="ManageOrgSessions")
    keywords = (
        "kill it, abort, cancel the run, it runs amok, shut it down, never mind, wrong task, it keeps "
        "burning money, halt, make it stop, right away, immediately, emergency, pull the plug, off the "
        "rails, forget about it, wrong ticket, no longer needed, going in circles, endless loop"
    )

    archive: bool = False
    """Whether to archive it as well, which keeps it for reference."""
