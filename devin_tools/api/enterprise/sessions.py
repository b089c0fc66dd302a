"""The sessions of all organisations of an enterprise. Facts: docs.devin.ai, and clients of these operations.

No operation of an enterprise starts, archives or ends a session: the paths of its organisation do.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ...flow import Flow
from ...locations import InQuery
from ...tool import READ, Input, arguments_of
from ...wire import GET, POST, PUT
from ..attachments import ListSessionAttachments
from ..insights import GenerateSessionInsights, GetSessionInsights, ListSessionInsights
from ..messages import ListSessionMessages, SendMessage
from ..session import OnSession, Session
from ..sessions import GetSession, ListSessions
from ..shared.fields import Id
from ..tags import AppendSessionTags, GetSessionTags, ReplaceSessionTags

SESSIONS = "/v3/enterprise/sessions"
SESSION = SESSIONS + "/{session_id}"
VIEW, MANAGE = "ViewAccountSessions", "ManageAccountSessions"

_EXAMPLE = "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"
ORGANIZATION = "org-0123456789abcdef0123456789abcdef"


class _OnAny(OnSession):
    org_id: Annotated[Id | None, InQuery()] = None
    """The organisation of the session, as `org-...`, if you know it. It can be left out: the API takes it
    as a hint, and does not say what it does with another one."""


class _OfOrganizations(Input):
    org_ids: Annotated[list[Id], Field(min_length=1)] | None = None
    """Sessions of these organisations, as `org-...`; left out, of all."""


class ListEnterpriseSessions(_OfOrganizations, ListSessions):
    """List sessions of all organisations, newest first, one page per call.

    Takes the filters of `devin_list_sessions`: a session must pass each of them. Older deployments ignore
    `category`, `is_archived`, `repo_names`, `automation_ids` and `parent_session_id`.
    """

    route = GET(SESSIONS, permission=VIEW)
    keywords = (
        "what is running across the company, recent jobs, history of all teams, find a run, whatever the "
        "workspace, who uses it for what, oversight, what are all agents busy with, everyone's jobs"
    )
    examples = ({"limit": 20}, {"org_ids": [ORGANIZATION], "tags": ["team:payments"]})


class ListEnterpriseInsights(_OfOrganizations, ListSessionInsights):
    """List sessions of all organisations with their insights, newest first.

    One page per call. Takes the filters of `devin_list_enterprise_sessions`: a session must pass each of
    them.
    """

    route = GET(SESSIONS + "/insights", permission=VIEW)
    keywords = (
        "which runs went badly company-wide, compare quality, sizes across teams, which jobs went wrong "
        "in all teams, post-mortems"
    )
    examples = ({"limit": 20}, {"org_ids": [ORGANIZATION], "is_archived": False})


class GetEnterpriseSession(_OnAny, GetSession):
    """Read one session of any organisation: its state, pull requests and output."""

    route = GET(SESSION, permission=VIEW)
    keywords = (
        "how far is another team's job, look up a run when only its id is known, status, PR of a run "
        "across the company, is the other team's job done, is it stuck elsewhere, its result"
    )


class ListEnterpriseMessages(_OnAny, ListSessionMessages):
    """List the messages of a session of any organisation, oldest first.

    One page per call.
    """

    route = GET(SESSION + "/messages", permission=VIEW)
    effect = READ.private()
    keywords = (
        "read another team's chat, conversation, transcript, history across the company, what was said in "
        "somebody's run, what did the agent tell them, log of another team's run"
    )
    examples = ({"session_id": _EXAMPLE, "limit": 50},)


class SendEnterpriseMessage(_OnAny, SendMessage):
    """Send a message to a session of any organisation.

    A suspended session is resumed by it, which spends ACUs of its organisation again; `resumed` in the
    output says so. An archived session accepts the message but does not wake. An ended one cannot be
    resumed.
    """

    route = POST(SESSION + "/messages", permission=MANAGE)
    keywords = (
        "write to another team's job, reply, answer, steer, correct a run anywhere, step in from outside, "
        "as an admin, tell another team's agent, give it instructions, feedback"
    )
    examples = ({"session_id": _EXAMPLE, "message": "Use the staging database, please."},)

    def _listing(self) -> ListSessionMessages:
        return ListEnterpriseMessages(**arguments_of(self, _OnAny), limit=200)

    def _seen(self) -> Flow[Session]:
        return GetEnterpriseSession(**arguments_of(self, _OnAny)).flow()


class ListEnterpriseAttachments(_OnAny, ListSessionAttachments):
    """List the files given to a session of any organisation or made by it."""

    route = GET(SESSION + "/attachments", permission=VIEW)
    keywords = (
        "documents from another team's job, artifacts, screenshots company-wide, what files did another "
        "team's agent make, deliverables, reports"
    )


class GetEnterpriseInsights(_OnAny, GetSessionInsights):
    """Read how large a session of any organisation was, and what its analysis found.

    `analysis` is null until `devin_generate_enterprise_insights` was called and its work is done.
    """

    route = GET(SESSION + "/insights", permission=VIEW)
    keywords = (
        "why did another team's job go wrong, post-mortem, quality across the company, lessons of another "
        "team's run, how could it be better, feedback"
    )


class GenerateEnterpriseInsights(_OnAny, GenerateSessionInsights):
    """Let a session of any organisation be analysed, unless it was already.

    The answer comes at once: read the insights until `analysis` is filled. The API does not say
    whether it costs anything.
    """

    route = POST(SESSION + "/insights/generate", permission=MANAGE)
    # The vendor's pages do not name the permission; other writes to sessions need this one.
    keywords = (
        "evaluate another team's job, post-mortem, assess, rate a run across the company, lessons, why "
        "did another team's run go wrong"
    )


class GetEnterpriseSessionTags(_OnAny, GetSessionTags):
    """Read the tags of a session of any organisation."""

    route = GET(SESSION + "/tags", permission=VIEW)
    keywords = (
        "labels on another team's job, see labels across the company, how is a run of another team "
        "labelled, marked"
    )


class AppendEnterpriseSessionTags(_OnAny, AppendSessionTags):
    """Add tags to a session of any organisation, keeping those it has.

    A tag it already has is not added twice. A session holds at most 50.
    """

    route = POST(SESSION + "/tags", permission=MANAGE)
    keywords = (
        "label, mark another team's job, attach a cost centre to any run, categorise, flag any run in the "
        "company"
    )
    examples = ({"session_id": _EXAMPLE, "tags": ["reviewed", "q4"]},)


class ReplaceEnterpriseSessionTags(_OnAny, ReplaceSessionTags):
    """Replace all tags of a session of any organisation; an empty list removes them.

    Tags that are not in the list are lost.
    """

    route = PUT(SESSION + "/tags", permission=MANAGE)
    keywords = (
        "relabel another team's job, strip, overwrite labels on any run, wrong labels in another team, "
        "untag, remove a label"
    )
    examples = ({"session_id": _EXAMPLE, "tags": ["done"]},)
