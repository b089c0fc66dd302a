"""The operations of the API: one module per resource, models first and tools after them."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..moved import moved_name
from .shared.discovery import exported, models_in, modules_in

MODULES: tuple[ModuleType, ...] = modules_in(__name__, __path__)
MODELS = models_in(exported(MODULES))
"""What the root of the package exports of these: calls, outputs and their parts."""

if TYPE_CHECKING:  # type checkers read imports, and no computed list; `devin-tools generate` writes them
    # generated:modules
    from .account import GetSelf as GetSelf
    from .account import ListOrganizations as ListOrganizations
    from .account import Organization as Organization
    from .account import OrganizationPage as OrganizationPage
    from .account import Principal as Principal
    from .attachments import Attachment as Attachment
    from .attachments import AttachmentPage as AttachmentPage
    from .attachments import DownloadAttachment as DownloadAttachment
    from .attachments import ListSessionAttachments as ListSessionAttachments
    from .attachments import SavedFile as SavedFile
    from .attachments import Saving as Saving
    from .attachments import UploadAttachment as UploadAttachment
    from .attachments import UploadedFile as UploadedFile
    from .attachments import parts_of as parts_of
    from .consumption import AcusByProduct as AcusByProduct
    from .consumption import Consumption as Consumption
    from .consumption import ConsumptionDay as ConsumptionDay
    from .consumption import GetDailyConsumption as GetDailyConsumption
    from .consumption import GetServiceUserDailyConsumption as GetServiceUserDailyConsumption
    from .consumption import GetSessionDailyConsumption as GetSessionDailyConsumption
    from .consumption import GetUserDailyConsumption as GetUserDailyConsumption
    from .create_session import CreateSession as CreateSession
    from .create_session import NewSession as NewSession
    from .create_session import Prompt as Prompt
    from .create_session import SessionOptions as SessionOptions
    from .create_session import SessionSecret as SessionSecret
    from .insights import ActionItem as ActionItem
    from .insights import Analysis as Analysis
    from .insights import Classification as Classification
    from .insights import FeedbackItem as FeedbackItem
    from .insights import GenerateSessionInsights as GenerateSessionInsights
    from .insights import GetSessionInsights as GetSessionInsights
    from .insights import InsightsGeneration as InsightsGeneration
    from .insights import Issue as Issue
    from .insights import ListSessionInsights as ListSessionInsights
    from .insights import NoteUsage as NoteUsage
    from .insights import SessionInsights as SessionInsights
    from .insights import SessionInsightsPage as SessionInsightsPage
    from .insights import SuggestedPrompt as SuggestedPrompt
    from .insights import TimelineEntry as TimelineEntry
    from .insights import UsedNote as UsedNote
    from .knowledge import CreateKnowledgeNote as CreateKnowledgeNote
    from .knowledge import DeleteKnowledgeNote as DeleteKnowledgeNote
    from .knowledge import GetKnowledgeNote as GetKnowledgeNote
    from .knowledge import KnowledgeFolder as KnowledgeFolder
    from .knowledge import KnowledgeFolders as KnowledgeFolders
    from .knowledge import KnowledgeNote as KnowledgeNote
    from .knowledge import KnowledgeNotePage as KnowledgeNotePage
    from .knowledge import ListKnowledgeFolders as ListKnowledgeFolders
    from .knowledge import ListKnowledgeNotes as ListKnowledgeNotes
    from .knowledge import UpdatedKnowledgeNote as UpdatedKnowledgeNote
    from .knowledge import UpdateKnowledgeNote as UpdateKnowledgeNote
    from .members import GetMember as GetMember
    from .members import IdpRoleAssignment as IdpRoleAssignment
    from .members import ListIdpMembers as ListIdpMembers
    from .members import ListMembers as ListMembers
    from .members import Member as Member
    from .members import MemberPage as MemberPage
    from .members import Role as Role
    from .members import RoleAssignment as RoleAssignment
    from .messages import ListSessionMessages as ListSessionMessages
    from .messages import Message as Message
    from .messages import MessagePage as MessagePage
    from .messages import SendMessage as SendMessage
    from .messages import SentMessage as SentMessage
    from .messages import messages_of as messages_of
    from .metrics import ActiveUserCounts as ActiveUserCounts
    from .metrics import ActiveUsers as ActiveUsers
    from .metrics import CountByOrigin as CountByOrigin
    from .metrics import CountBySize as CountBySize
    from .metrics import GetActiveUsers as GetActiveUsers
    from .metrics import GetDailyActiveUsers as GetDailyActiveUsers
    from .metrics import GetMonthlyActiveUsers as GetMonthlyActiveUsers
    from .metrics import GetPullRequestMetrics as GetPullRequestMetrics
    from .metrics import GetSearchMetrics as GetSearchMetrics
    from .metrics import GetSessionMetrics as GetSessionMetrics
    from .metrics import GetUsageMetrics as GetUsageMetrics
    from .metrics import GetWeeklyActiveUsers as GetWeeklyActiveUsers
    from .metrics import PullRequestMetrics as PullRequestMetrics
    from .metrics import SearchMetrics as SearchMetrics
    from .metrics import SessionMetrics as SessionMetrics
    from .metrics import UsageMetrics as UsageMetrics
    from .playbooks import CreatePlaybook as CreatePlaybook
    from .playbooks import DeletePlaybook as DeletePlaybook
    from .playbooks import GetPlaybook as GetPlaybook
    from .playbooks import ListPlaybooks as ListPlaybooks
    from .playbooks import Playbook as Playbook
    from .playbooks import PlaybookPage as PlaybookPage
    from .playbooks import UpdatedPlaybook as UpdatedPlaybook
    from .playbooks import UpdatePlaybook as UpdatePlaybook
    from .repositories import GetRepositoryIndexing as GetRepositoryIndexing
    from .repositories import IndexedRepositories as IndexedRepositories
    from .repositories import IndexedRepository as IndexedRepository
    from .repositories import IndexedRepositoryPage as IndexedRepositoryPage
    from .repositories import IndexingStatus as IndexingStatus
    from .repositories import IndexJob as IndexJob
    from .repositories import IndexRepositories as IndexRepositories
    from .repositories import IndexRepository as IndexRepository
    from .repositories import ListIndexedRepositories as ListIndexedRepositories
    from .repositories import ListRepositories as ListRepositories
    from .repositories import Repository as Repository
    from .repositories import RepositoryPage as RepositoryPage
    from .repositories import RepositoryToIndex as RepositoryToIndex
    from .repositories import UnindexRepositories as UnindexRepositories
    from .repositories import UnindexRepository as UnindexRepository
    from .repositories import UnindexRepositoryBranch as UnindexRepositoryBranch
    from .reviews import GetPullRequestReview as GetPullRequestReview
    from .reviews import ReviewStatus as ReviewStatus
    from .reviews import TriggerPullRequestReview as TriggerPullRequestReview
    from .schedules import AGENTS as AGENTS
    from .schedules import NOTIFY as NOTIFY
    from .schedules import TYPES as TYPES
    from .schedules import CreateSchedule as CreateSchedule
    from .schedules import DeleteSchedule as DeleteSchedule
    from .schedules import GetSchedule as GetSchedule
    from .schedules import ListSchedules as ListSchedules
    from .schedules import PlannedSchedule as PlannedSchedule
    from .schedules import Schedule as Schedule
    from .schedules import SchedulePage as SchedulePage
    from .schedules import SchedulePlaybook as SchedulePlaybook
    from .schedules import UpdateSchedule as UpdateSchedule
    from .secrets import CreateSecret as CreateSecret
    from .secrets import DeleteSecret as DeleteSecret
    from .secrets import ListSecrets as ListSecrets
    from .secrets import Secret as Secret
    from .secrets import SecretPage as SecretPage
    from .sessions import CATEGORIES as CATEGORIES
    from .sessions import MODES as MODES
    from .sessions import ORIGINS as ORIGINS
    from .sessions import SESSION as SESSION
    from .sessions import SESSIONS as SESSIONS
    from .sessions import ArchiveSession as ArchiveSession
    from .sessions import CreatedSession as CreatedSession
    from .sessions import GetSession as GetSession
    from .sessions import ListChildSessions as ListChildSessions
    from .sessions import ListSessions as ListSessions
    from .sessions import OnSession as OnSession
    from .sessions import PullRequest as PullRequest
    from .sessions import Session as Session
    from .sessions import SessionFilters as SessionFilters
    from .sessions import SessionPage as SessionPage
    from .sessions import TerminateSession as TerminateSession
    from .sessions import UnarchiveSession as UnarchiveSession
    from .tags import AppendSessionTags as AppendSessionTags
    from .tags import GetSessionTags as GetSessionTags
    from .tags import ReplaceSessionTags as ReplaceSessionTags
    from .tags import TagList as TagList
    # end
else:
    _exported = exported(MODULES)
    globals().update(_exported)
    __all__ = sorted(_exported)

    def __getattr__(name: str) -> Any:
        return moved_name(__name__, name)
