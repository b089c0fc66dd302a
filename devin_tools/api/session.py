"""A session: as the API shows it, and as the argument of whatever acts on one.

Facts: docs.devin.ai/v3-openapi.yaml. Answers carry bare ids; paths want `devin-` before them. A published
client has seen structured output as JSON text, `"null"` of a session without.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Json

from ..paging.brief import Abridged
from ..tool import Input, Output
from .shared.fields import UNTRUSTED, SessionId, Untrusted, also_named, known

SESSIONS = "/v3/organizations/{org_id}/sessions"
SESSION = SESSIONS + "/{session_id}"

MODES = ("normal", "fast", "lite", "ultra", "fusion")
ORIGINS = (
    "webapp", "slack", "teams", "api", "linear", "jira",
    "automation", "cli", "desktop", "code_scan", "other",
)  # fmt: skip
CATEGORIES = (
    "bug_fixing", "ci_cd_and_devops", "code_quality_and_security", "code_review",
    "code_review_and_analysis", "data_and_automation", "documentation_and_content",
    "feature_development", "migrations_and_upgrades", "other", "production_investigation",
    "refactoring_and_optimization", "research_and_exploration", "security", "unit_test_generation",
)  # fmt: skip
Mode = Annotated[str, known(*MODES)]
Origin = Annotated[str, known(*ORIGINS)]
Category = Annotated[str, known(*CATEGORIES)]
Status = Annotated[str, known("new", "claimed", "running", "exit", "error", "suspended", "resuming")]
StatusDetail = Annotated[
    str,
    known(
        "working", "waiting_for_user", "waiting_for_approval", "finished", "inactivity",
        "user_request", "usage_limit_exceeded", "out_of_credits", "out_of_quota",
        "no_quota_allocation", "payment_declined", "org_usage_limit_exceeded",
        "user_usage_limit_exceeded", "total_session_limit_exceeded", "contract_expired", "error",
    ),
]  # fmt: skip

StructuredOutput = Annotated[dict[str, Any], UNTRUSTED]


class PullRequest(Output):
    """A pull request that a session opened."""

    pr_url: str
    """Where the pull request is."""

    pr_state: Annotated[str, known("open", "merged", "closed", "draft")] | None = None
    """Its state, as the code host last reported it."""


class Session(Abridged):
    """A session as the API shows it. Only the id is certain to be there."""

    brief = frozenset(
        {
            "url", "status", "status_detail", "title", "updated_at", "acus_consumed", "tags",
            "pull_requests", "is_archived",
        }
    )  # fmt: skip

    session_id: str
    """The id, as the API sent it: usually 32 hex digits without `devin-`."""

    url: str | None = None
    """Where a person can watch the session."""

    status: Status | None = None
    """The lifecycle state. `running` with detail `finished` is the usual way to be done."""

    status_detail: StatusDetail | None = None
    """Why it is in that state. Filled by get and list only."""

    title: Untrusted | None = None
    """The title."""

    org_id: str | None = None
    """The organisation it belongs to."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed, in Unix seconds."""

    acus_consumed: float | None = None
    """ACUs spent so far: a running figure, not the billing one."""

    tags: list[Untrusted] = []
    """Its tags."""

    pull_requests: list[PullRequest] = []
    """The pull requests it opened."""

    structured_output: StructuredOutput | Json[StructuredOutput | None] | None = None
    """The latest structured output, following the schema given at creation. Get and list only."""

    playbook_id: str | None = None
    """The playbook it follows."""

    is_archived: bool = False
    """Whether it is archived: readable, but it cannot change or wake."""

    user_id: str | None = None
    """The user who created it, or on whose behalf it was created."""

    service_user_id: str | None = None
    """The service user who created it."""

    parent_session_id: str | None = None
    """The session that spawned it."""

    child_session_ids: list[str] | None = None
    """The sessions it spawned."""

    origin: Origin | None = None
    """Where it was started from."""

    category: Category | None = None
    """What kind of work it was judged to be. Get and list only."""

    subcategory: str | None = None
    """A finer category, as a display name. Get and list only."""

    devin_mode: Mode | None = None
    """The mode it runs in, after defaults."""

    automation_id: str | None = None
    """The automation that started it."""


class CreatedSession(Session):
    """The session of a create call."""

    from_flow = frozenset({"creation"})

    creation: Annotated[str, known("created", "adopted")] = "created"
    """Whether this call made it, or found it made already: after a lost answer, or by its key."""


PathSessionId = Annotated[SessionId, also_named("session_id", "devin_id")]


class OnSession(Input):
    """The argument of every tool that acts on one session."""

    session_id: PathSessionId
    """Which session: bare hex, `devin-...`, or the session's URL."""
