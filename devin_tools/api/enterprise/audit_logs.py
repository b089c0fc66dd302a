"""What was done in an enterprise, and by whom. Facts: docs.devin.ai, audit logs."""

from __future__ import annotations

from typing import Annotated, Any

from ...paging import Items, Page
from ...tool import READ, Output
from ...wire import GET
from ..shared.fields import UNTRUSTED, Text, Untrusted, known
from ..shared.log_period import PagedLog
from .organizations import OnOrganization

PERMISSION = "ManageEnterpriseSettings"

AUDIT_ACTIONS = (
    *("login", "create_session", "terminate_session", "send_message", "add_member", "delete_member"),
    *(
        "assign_roles",
        "create_service_user_api_key",
        "revoke_service_user_api_key",
        "create_org",
        "delete_org",
    ),
    *("update_org_settings", "update_enterprise_settings", "trigger_automation"),
)
"""Some of more than a hundred."""


class AuditLog(Output):
    """One thing that was done."""

    audit_log_id: str
    """The id of the entry."""

    action: Annotated[str, known(*AUDIT_ACTIONS)] | None = None
    """What was done."""

    created_at: int | None = None
    """When it was done, in Unix seconds."""

    data: Annotated[dict[str, Any] | None, UNTRUSTED] = None
    """More about it. What is in there depends on the action, and can be text that anybody wrote."""

    org_id: str | None = None
    """The organisation it was done in; null for the enterprise."""

    user_id: str | None = None
    """The user who did it."""

    user_email: Untrusted | None = None
    """That user's mail address."""

    service_user_id: str | None = None
    """The service user who did it."""

    service_user_name: Untrusted | None = None
    """That service user's name."""


class AuditLogPage(Page[AuditLog]):
    """One page of the audit log."""

    audit_logs: Items[AuditLog]
    """The entries of this page."""


class ListAuditLogs(PagedLog[AuditLogPage]):
    """List what was done in the enterprise and by whom, one page per call.

    The entries hold mail addresses and text that anybody may have written.
    `devin_export_audit_logs` saves them to a file, and goes on where it ended.
    """

    route = GET("/v3/enterprise/audit-logs", permission=PERMISSION)
    effect = READ.private()
    keywords = (
        "who changed the settings, activity trail, history of the company, compliance, forensics, "
        "investigate, whodunnit, who turned off, who did that, who switched on, when was it changed, "
        "track, trace, someone deleted it, find out who, who deleted it, who invited him, who logged in"
    )
    examples = ({"limit": 50}, {"action": "login", "order": "asc", "time_after": 1767225600})

    action: Annotated[Text, known(*AUDIT_ACTIONS)] | None = None
    """Only what was done under this name."""


class ListOrganizationAuditLogs(OnOrganization, ListAuditLogs):
    """List what was done in one organisation and by whom, one page per call.

    The entries hold mail addresses and text that anybody may have written.
    """

    route = GET("/v3/enterprise/organizations/{org_id}/audit-logs", permission=PERMISSION)
    keywords = (
        "who changed settings in that team, activity trail, history of a workspace, who deleted our notes "
        "in this team, who did that in the other team, who switched it off there"
    )
    examples = (
        {"org_id": "org-0123456789abcdef0123456789abcdef", "limit": 50},
        {"org_id": "org-0123456789abcdef0123456789abcdef", "order": "asc", "time_after": 1767225600},
    )
