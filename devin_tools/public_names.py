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
        GetSelf ListOrganizations Organization OrganizationPage Principal
    """,
    "api.attachments": """
        Attachment AttachmentPage DownloadAttachment ListSessionAttachments SavedFile Saving
        UploadAttachment UploadedFile
    """,
    "api.consumption": """
        AcusByProduct Consumption ConsumptionDay GetDailyConsumption GetServiceUserDailyConsumption
        GetSessionDailyConsumption GetUserDailyConsumption
    """,
    "api.create_session": """
        CreateSession NewSession Prompt SessionOptions SessionSecret
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
        GetUsageMetrics GetWeeklyActiveUsers PullRequestMetrics SearchMetrics SessionMetrics
        UsageMetrics
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
    "tasks.fan_out": """
        FanOut FanOutRow FannedOut RowError
    """,
    "tasks.fix_bug": """
        BugFix Fix FixBug
    """,
    "tasks.hand_off": """
        HandedOff Handoff NotHandedOver
    """,
    "tasks.review_pull_request": """
        Finding PullRequestReview Review ReviewPullRequest
    """,
    "tasks.run_task": """
        RunTask TaskOutput TypedTaskOutput
    """,
    "tasks.session_events": """
        Event
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
