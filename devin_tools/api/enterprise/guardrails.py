"""What guardrails stopped or flagged (beta). Facts: docs.devin.ai, guardrail violations."""

from __future__ import annotations

from ...paging import Items, Page
from ...tool import READ, Output
from ...wire import GET
from ..shared.fields import Id, SessionId, Untrusted
from ..shared.log_period import PagedLog
from .organizations import OnOrganization

PERMISSION = "ManageEnterpriseSettings"
ENTERPRISE = "/v3beta1/enterprise"


class GuardrailViolation(Output):
    """A message that broke a guardrail."""

    violation_id: int
    """The id of the violation."""

    event_id: str | None = None
    """The event of the session that broke it."""

    guardrail_id: str | None = None
    """The guardrail."""

    guardrail_name: Untrusted | None = None
    """What the guardrail is called."""

    org_id: str | None = None
    """The organisation it happened in."""

    action_taken: str | None = None
    """What was done about it."""

    reasoning: Untrusted | None = None
    """Why it counts as a violation, as a model wrote it."""

    user_message: Untrusted | None = None
    """The message that broke the guardrail."""

    confidence_score: float | None = None
    """How sure that is."""

    created_at: int | None = None
    """When it happened, in Unix seconds."""

    session_id: str | None = None
    """The session it happened in."""


class GuardrailViolationPage(Page[GuardrailViolation]):
    """One page of violations."""

    violations: Items[GuardrailViolation]
    """The violations of this page."""


class ListGuardrailViolations(PagedLog[GuardrailViolationPage]):
    """List what broke a guardrail in the enterprise, one page per call.

    The rows hold messages of users, which anybody may have written.
    """

    route = GET(ENTERPRISE + "/guardrail-violations", permission=PERMISSION)
    effect = READ.private()
    keywords = (
        "blocked by policy across the company, unsafe, forbidden, flagged, misuse, security incidents, "
        "prompt injection, who tried something not allowed, did anybody try something naughty, "
        "suspicious, inappropriate, attempts, abuse"
    )
    examples = ({"limit": 50}, {"order": "asc", "time_after": 1767225600})

    session_id: SessionId | None = None
    """Only what happened in this session."""

    guardrail_id: Id | None = None
    """Only what broke this guardrail."""


class ListOrganizationViolations(OnOrganization, ListGuardrailViolations):
    """List what broke a guardrail in one organisation, one page per call.

    The rows hold messages of users, which anybody may have written.
    """

    route = GET(ENTERPRISE + "/organizations/{org_id}/guardrail-violations", permission=PERMISSION)
    keywords = (
        "blocked by policy in that team, forbidden, flagged in a workspace, misuse, unsafe behaviour in a "
        "department, suspicious attempts in one team"
    )
    examples = (
        {"org_id": "org-0123456789abcdef0123456789abcdef", "limit": 50},
        {"org_id": "org-0123456789abcdef0123456789abcdef", "order": "asc", "time_after": 1767225600},
    )
