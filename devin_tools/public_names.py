"""Where each exported name is defined, so that it can be imported without the others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from .moved import moved_name

MODELS: dict[str, str] = {
    # generated:models
    "api.account": """
        GetSelf Principal
    """,
    "api.attachments": """
        Attachment AttachmentPage DownloadAttachment IntoFolder ListSessionAttachments SavedFile
        Saving UploadAttachment UploadedFile
    """,
    "api.automation": """
        Automation AutomationAction AutomationActor AutomationEvents AutomationIdentity
        AutomationPage AutomationRun AutomationTemplate AutomationTemplates AutomationTrigger
        AutomationWebhook ProfileSelection
    """,
    "api.automation_parts": """
        ActionNotifications ActionSession AllowedHost AutomationConcurrency AutomationLimits
        AutomationNotifications AutomationSecurityProfile AutomationSessionSettings AutomationTools
        ConditionGroup EmailNotification InvocationLimit NetworkPolicy NewAction NewTrigger RunAs
        SlackChannel SlackMonitor SlackNotification SlackPlace TeamsChannel TeamsPlace
        TriggerCondition TriggerConditions TriggerReply
    """,
    "api.automations": """
        CreateAutomation DeleteAutomation GetAutomation GetAutomationEvents ListAutomationTemplates
        ListAutomations UpdateAutomation
    """,
    "api.blueprints": """
        Blueprint BlueprintFile BlueprintFileList BlueprintList CreateBlueprint DeleteBlueprint
        DeleteBlueprintFile GetBlueprint GetBlueprintContents ListBlueprintFiles ListBlueprints
        NewBlueprint OnBlueprint PresignedDownload UpdateBlueprint UploadBlueprintFile
    """,
    "api.builds": """
        Build BuildPage CancelBuild GetBuild GetBuildLogs ListBuilds OnBuild PinBuild StartBuild
        UnpinBuild
    """,
    "api.code_scan_profiles": """
        CodeScanProfile CodeScanProfileDetails CodeScanProfilePage CreateCodeScanProfile
        GetCodeScanProfile ListCodeScanProfiles UpdateCodeScanProfile
    """,
    "api.code_scans": """
        AutoScan CodeScan CodeScanFinding CodeScanFindingPage CodeScanMetrics CodeScanPage
        DisableAutoScan EnableAutoScan FindingSnippet GetCodeScanMetrics ListCodeScanFindings
        ListCodeScans RemediateFinding Remediation ScanProfile SetCodeScanProfile StartCodeScan
        StartIngestionScan
    """,
    "api.consumption": """
        AcusByProduct Consumption ConsumptionDay GetDailyConsumption GetServiceUserConsumption
        GetSessionDailyConsumption GetUserDailyConsumption
    """,
    "api.create_session": """
        CreateSession NewSession Prompt SessionOptions SessionSecret
    """,
    "api.enterprise.acu_limits": """
        AcuLimit AcuLimitPage ListAcuLimits RemoveOrganizationAcuLimit SetOrganizationAcuLimit
    """,
    "api.enterprise.api_keys": """
        CreateServiceUserKey ListServiceUserKeys NewServiceUserKey RevokeServiceUserKey
        RotateServiceUserKey ServiceUserKey ServiceUserKeyPage
    """,
    "api.enterprise.audit_logs": """
        AuditLog AuditLogPage ListAuditLogs ListOrganizationAuditLogs
    """,
    "api.enterprise.blueprints": """
        CreateEnterpriseBlueprint DeleteEnterpriseBlueprint DeleteEnterpriseBlueprintFile
        GetEnterpriseBlueprint GetEnterpriseBlueprintContents ListEnterpriseBlueprintFiles
        ListEnterpriseBlueprints UpdateEnterpriseBlueprint UploadEnterpriseBlueprintFile
    """,
    "api.enterprise.code_scan_profiles": """
        GetEnterpriseScanProfile ListEnterpriseScanProfiles ScansOverOrganizations
    """,
    "api.enterprise.code_scans": """
        DisableEnterpriseAutoScan EnableEnterpriseAutoScan GetEnterpriseScanMetrics
        ListEnterpriseFindings ListEnterpriseScans RemediateEnterpriseFinding
        SetEnterpriseScanProfile StartEnterpriseIngestionScan StartEnterpriseScan
    """,
    "api.enterprise.consumption": """
        BillingCycle BillingCyclePage GetEnterpriseConsumption GetEnterpriseServiceUserAcus
        GetEnterpriseSessionAcus GetEnterpriseUserAcus GetOrganizationConsumption ListBillingCycles
    """,
    "api.enterprise.git": """
        ClearGitPermissions CreateGitPermissions DeleteGitPermission GitConnection GitConnectionPage
        GitConnectionRepository GitConnectionRepositoryPage GitPermission GitPermissionPage
        GitPermissionToGive GitPermissions ListGitConnectionRepositories ListGitConnections
        ListGitPermissions ReplaceGitPermissions UpdateGitPermission
    """,
    "api.enterprise.guardrails": """
        GuardrailViolation GuardrailViolationPage ListGuardrailViolations ListOrganizationViolations
    """,
    "api.enterprise.idp_groups": """
        AddOrganizationIdpGroup AssignIdpGroupRole GetIdpGroup GetOrganizationIdpGroup IdpGroup
        IdpGroupPage ListIdpGroups ListOrganizationIdpGroups ListRegisteredIdpGroups
        RegisterIdpGroups RegisteredIdpGroup RegisteredIdpGroupPage RegisteredIdpGroups
        RemoveIdpGroup RemoveOrganizationIdpGroup UnregisterIdpGroup UpdateIdpGroup
        UpdateOrganizationIdpGroup
    """,
    "api.enterprise.infrastructure": """
        GetQueue Hypervisor HypervisorPage ListHypervisors QueueStatus
    """,
    "api.enterprise.ip_access": """
        AppendIpRanges ClearIpAccessList GetIpAccessList IpAccessList ReplaceIpRanges
    """,
    "api.enterprise.knowledge": """
        CreateEnterpriseNote DeleteEnterpriseNote GetEnterpriseNote ListEnterpriseFolders
        ListEnterpriseNotes UpdateEnterpriseNote
    """,
    "api.enterprise.metrics": """
        CategoryCount CategoryMetrics GetEnterpriseActiveUsers GetEnterpriseCategoryMetrics
        GetEnterpriseDau GetEnterpriseMau GetEnterprisePrMetrics GetEnterpriseSearchMetrics
        GetEnterpriseSessionMetrics GetEnterpriseUsageMetrics GetEnterpriseWau
        GetOrganizationUsageMetrics SubcategoryCount
    """,
    "api.enterprise.organization_tags": """
        AllowedTags AppendAllowedTags ClearAllowedTags ClearDefaultTag DefaultTag GetAllowedTags
        GetDefaultTag RemoveAllowedTag ReplaceAllowedTags SetDefaultTag
    """,
    "api.enterprise.organizations": """
        CreateOrganization DeleteOrganization GetGroupLimits GetOrganization GroupLimit GroupLimits
        GroupToLimit ListOrganizations OnOrganization Organization OrganizationPage
        ReplaceGroupLimits ReplacedGroupLimits UpdateOrganization
    """,
    "api.enterprise.playbooks": """
        CreateEnterprisePlaybook DeleteEnterprisePlaybook GetEnterprisePlaybook
        ListEnterprisePlaybooks UpdateEnterprisePlaybook
    """,
    "api.enterprise.reviews": """
        GetEnterprisePrReview TriggerEnterprisePrReview
    """,
    "api.enterprise.roles": """
        GetRole ListRoles RoleDetail RolePage
    """,
    "api.enterprise.service_users": """
        AddOrganizationServiceUser AssignServiceUserRole CreateEnterpriseServiceUser GetServiceUser
        ListOrganizationServiceUsers ListServiceUsers OnServiceUser RemoveOrganizationServiceUser
        RemoveServiceUser ServiceUserPage UpdateOrganizationServiceUser UpdateServiceUser
    """,
    "api.enterprise.sessions": """
        AppendEnterpriseSessionTags GenerateEnterpriseInsights GetEnterpriseInsights
        GetEnterpriseSession GetEnterpriseSessionTags ListEnterpriseAttachments
        ListEnterpriseInsights ListEnterpriseMessages ListEnterpriseSessions
        ReplaceEnterpriseSessionTags SendEnterpriseMessage
    """,
    "api.enterprise.users": """
        AddOrganizationUser EnterpriseUser EnterpriseUserPage GetEnterpriseUser InviteUsers
        InvitedUsers ListEnterpriseIdpUsers ListEnterpriseUsers ListOrganizationIdpUsers
        ListOrganizationUsers RemoveEnterpriseUser RemoveOrganizationUser UpdateEnterpriseUser
        UpdateOrganizationUser
    """,
    "api.insights": """
        ActionItem Analysis Classification FeedbackItem GenerateSessionInsights GetSessionInsights
        InsightsGeneration Issue ListSessionInsights NoteUsage SessionInsights SessionInsightsPage
        SuggestedPrompt TimelineEntry UsedNote
    """,
    "api.knowledge": """
        CreateKnowledgeNote DeleteKnowledgeNote GetKnowledgeNote KnowledgeFolder KnowledgeFolders
        KnowledgeNote KnowledgeNotePage ListKnowledgeFolders ListKnowledgeNotes UpdateKnowledgeNote
        UpdatedKnowledgeNote
    """,
    "api.members": """
        GetMember IdpRoleAssignment ListIdpMembers ListMembers Member MemberPage Role RoleAssignment
    """,
    "api.messages": """
        ListSessionMessages Message MessagePage SendMessage SentMessage
    """,
    "api.metrics": """
        ActiveUserCounts ActiveUsers CountByOrigin CountBySize GetActiveUsers GetDailyActiveUsers
        GetMonthlyActiveUsers GetPullRequestMetrics GetSearchMetrics GetSessionMetrics
        GetUsageMetrics GetWeeklyActiveUsers MetricsPeriod PullRequestMetrics SearchMetrics
        SessionMetrics UsageMetrics
    """,
    "api.outposts": """
        ClaimOutpostSession ListOutpostSessions ListOutposts Outpost OutpostEvent OutpostMetadata
        OutpostPage OutpostSession OutpostSessionMetadata OutpostSessionSpec OutpostSessionStatus
        OutpostSessions OutpostSpec OutpostStatus ReleaseOutpostSession
    """,
    "api.playbooks": """
        CreatePlaybook DeletePlaybook GetPlaybook ListPlaybooks Playbook PlaybookPage UpdatePlaybook
        UpdatedPlaybook
    """,
    "api.repositories": """
        GetRepositoryIndexing IndexJob IndexRepositories IndexRepository IndexedRepositories
        IndexedRepository IndexedRepositoryPage IndexingStatus ListIndexedRepositories
        ListRepositories Repository RepositoryPage RepositoryToIndex UnindexRepositories
        UnindexRepository UnindexRepositoryBranch
    """,
    "api.reviews": """
        GetPullRequestReview ReviewStatus TriggerPullRequestReview
    """,
    "api.schedules": """
        CreateSchedule DeleteSchedule GetSchedule ListSchedules PlannedSchedule Schedule
        SchedulePage SchedulePlaybook UpdateSchedule
    """,
    "api.secrets": """
        CreateSecret DeleteSecret ListSecrets Secret SecretPage
    """,
    "api.service_users": """
        CreateServiceUser NewServiceUser ServiceUser
    """,
    "api.session": """
        CreatedSession OnSession PullRequest Session
    """,
    "api.sessions": """
        ArchiveSession GetSession ListChildSessions ListSessions SessionFilters SessionPage
        TerminateSession UnarchiveSession
    """,
    "api.tags": """
        AppendSessionTags GetSessionTags ReplaceSessionTags TagList
    """,
    "tasks.download_attachments": """
        DownloadSessionAttachments DownloadedFile DownloadedFiles
    """,
    "tasks.export_audit_logs": """
        AuditLogExport ExportAuditLogs
    """,
    "tasks.fan_out": """
        FanOut FanOutRow FannedOut RowError
    """,
    "tasks.fix_bug": """
        BugFix Fix FixBug
    """,
    "tasks.hand_off": """
        HandedOff Handoff NotHandedOver
    """,
    "tasks.report_spend": """
        ReportSpend
    """,
    "tasks.review_pull_request": """
        Finding PullRequestReview Review ReviewPullRequest
    """,
    "tasks.rotate_key": """
        RotateKeyIntoFile RotatedKey
    """,
    "tasks.run_task": """
        RunTask TaskOutput TypedTaskOutput
    """,
    "tasks.session_events": """
        Event
    """,
    "tasks.spend_figures": """
        OrganizationSpend SessionSpend SpendReport UserSpend WithLimit
    """,
    "tasks.wait_session": """
        Resumption WaitOptions WaitSession Waited
    """,
    "tasks.wait_sessions": """
        SettledSession WaitSessions WaitedSessions
    """,
    # end
}
"""Calls, outputs and their parts, by the module of each: the root of the package exports them too."""

HELPERS: dict[str, str] = {
    # generated:helpers
    "api.attachments": """
        parts_of
    """,
    "api.automations": """
        lacks
    """,
    "api.messages": """
        messages_of
    """,
    "tasks.fan_out": """
        row_of
    """,
    "tasks.run_task": """
        expecting
    """,
    "tasks.session_events": """
        SessionDiff
    """,
    "tasks.wait_session": """
        cut pause_before_look poll_intervals settle sleep_until
    """,
    "tasks.wait_sessions": """
        SessionWatchlist
    """,
    # end
}
"""What else the modules of operations and tasks define for others."""


def names_in(table: dict[str, str], package: str = "") -> dict[str, str]:
    """Return the module of each name of a table, within `package`."""
    return {name: home for home, names in table.items() if home.startswith(package) for name in names.split()}


def lazy_names(package: str, *more: tuple[str, Iterable[str]]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package: it imports a name when it is first asked for."""
    inside = package.partition(".")[2]
    homes = names_in(MODELS, f"{inside}.") | names_in(HELPERS, f"{inside}.")
    homes |= {name: f"{inside}.{module}" for module, names in more for name in names}
    modules = {home.rpartition(".")[2] for home in homes.values()}

    def get(name: str) -> Any:
        if name in modules:
            return import_module(f"{package}.{name}")
        if name not in homes:
            return moved_name(package, name)
        value = getattr(import_module(f"devin_tools.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return get
