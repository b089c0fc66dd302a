"""Sessions: read, list, archive and end them.

Facts: docs.devin.ai/v3-openapi.yaml. Answers carry bare ids; paths want `devin-` before them.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..paging.brief import Detailed
from ..paging.pages import Paged
from ..tool import READ, WRITE, Input, Tool
from ..wire import DELETE, GET, POST, Flow
from .session_models import Category, Origin, Session, SessionPage
from .shared.fields import Id, SessionId, Tags, Text, UnixSeconds

__all__ = [
    "SESSION",
    "SESSIONS",
    "ArchiveSession",
    "GetSession",
    "ListChildSessions",
    "ListSessions",
    "OnSession",
    "SessionFilters",
    "TerminateSession",
    "UnarchiveSession",
]

SESSIONS = "/v3/organizations/{org_id}/sessions"
SESSION = SESSIONS + "/{session_id}"


class OnSession(Input):
    """The argument of every tool that acts on one session."""

    session_id: SessionId
    """Which session: bare hex, `devin-...`, or the session's URL."""


class GetSession(OnSession, Detailed, Tool[Session]):
    """Read one session: its state, pull requests and structured output."""

    route = GET(SESSION)
    permission = "ViewOrgSessions"
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},)


class SessionFilters(Input):
    """Which sessions to list: one must pass each filter that is given."""

    session_ids: Annotated[list[SessionId], Field(min_length=1)] | None = None
    """Only these sessions."""

    tags: Annotated[Tags, Field(min_length=1)] | None = None
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


class ListSessions(SessionFilters, Paged, Tool[SessionPage]):
    """List sessions, newest first, one page per call.

    Filters combine: a session must pass each of them. The API has no filter by status, and does
    not say whether archived sessions are listed when `is_archived` is left out.
    """

    route = GET(SESSIONS)
    permission = "ViewOrgSessions"
    examples = ({"limit": 20}, {"tags": ["team:payments"], "is_archived": False})


class ListChildSessions(OnSession, Paged, Tool[SessionPage]):
    """List the sessions that a session spawned, newest first, one page per call.

    The API does not say whether archived ones are listed when `is_archived` is left out.
    """

    effect = READ
    permission = "ViewOrgSessions"
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},)

    is_archived: bool | None = None
    """Only archived (true) or only unarchived (false) sessions."""

    def flow(self) -> Flow[SessionPage]:
        """List the sessions whose parent this one is; the API has no path of its own for them."""
        rest = self.model_dump(exclude_unset=True, exclude={"session_id"})
        return (yield from ListSessions(parent_session_id=self.session_id, **rest).flow())


class ArchiveSession(OnSession, Tool[Session]):
    """Archive a session: put it to sleep and out of the way.

    It stays readable; `devin_unarchive_session` brings it back.
    """

    route = POST(SESSION + "/archive")
    effect = WRITE.idempotent().reversible()
    permission = "ManageOrgSessions"
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},)


class UnarchiveSession(OnSession, Tool[Session]):
    """Bring an archived session back, so that it can change and wake again.

    The sessions it spawned stay as they are.
    """

    route = POST(SESSION + "/unarchive")
    effect = WRITE.idempotent().reversible()
    permission = "ManageOrgSessions"
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},)


class TerminateSession(OnSession, Tool[Session]):
    """End a session for good.

    It can never be resumed. To stop one reversibly, archive it.
    """

    route = DELETE(SESSION)
    permission = "ManageOrgSessions"
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},)

    archive: bool = False
    """Whether to archive it as well, which keeps it for reference."""
