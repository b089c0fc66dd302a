"""Operations of the Devin REST API as self-describing tools with typed input and output.

Names are imported on first use, so that `import devin_tools` costs next to nothing. Every tool
and output of `devin_tools.api` and `devin_tools.tasks` can be imported from here too.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .moved import keep_old_names, moved_name

if TYPE_CHECKING:  # `devin-tools generate` writes it
    # generated:models
    from .api import ActionItem as ActionItem
    from .api import ActiveUserCounts as ActiveUserCounts
    from .api import ActiveUsers as ActiveUsers
    from .api import AcusByProduct as AcusByProduct
    from .api import Analysis as Analysis
    from .api import AppendSessionTags as AppendSessionTags
    from .api import ArchiveSession as ArchiveSession
    from .api import Attachment as Attachment
    from .api import AttachmentPage as AttachmentPage
    from .api import Classification as Classification
    from .api import Consumption as Consumption
    from .api import ConsumptionDay as ConsumptionDay
    from .api import CountByOrigin as CountByOrigin
    from .api import CountBySize as CountBySize
    from .api import CreatedSession as CreatedSession
    from .api import CreateKnowledgeNote as CreateKnowledgeNote
    from .api import CreatePlaybook as CreatePlaybook
    from .api import CreateSchedule as CreateSchedule
    from .api import CreateSecret as CreateSecret
    from .api import CreateSession as CreateSession
    from .api import DeleteKnowledgeNote as DeleteKnowledgeNote
    from .api import DeletePlaybook as DeletePlaybook
    from .api import DeleteSchedule as DeleteSchedule
    from .api import DeleteSecret as DeleteSecret
    from .api import DownloadAttachment as DownloadAttachment
    from .api import FeedbackItem as FeedbackItem
    from .api import GenerateSessionInsights as GenerateSessionInsights
    from .api import GetActiveUsers as GetActiveUsers
    from .api import GetDailyActiveUsers as GetDailyActiveUsers
    from .api import GetDailyConsumption as GetDailyConsumption
    from .api import GetKnowledgeNote as GetKnowledgeNote
    from .api import GetMember as GetMember
    from .api import GetMonthlyActiveUsers as GetMonthlyActiveUsers
    from .api import GetPlaybook as GetPlaybook
    from .api import GetPullRequestMetrics as GetPullRequestMetrics
    from .api import GetPullRequestReview as GetPullRequestReview
    from .api import GetRepositoryIndexing as GetRepositoryIndexing
    from .api import GetSchedule as GetSchedule
    from .api import GetSearchMetrics as GetSearchMetrics
    from .api import GetSelf as GetSelf
    from .api import GetServiceUserDailyConsumption as GetServiceUserDailyConsumption
    from .api import GetSession as GetSession
    from .api import GetSessionDailyConsumption as GetSessionDailyConsumption
    from .api import GetSessionInsights as GetSessionInsights
    from .api import GetSessionMetrics as GetSessionMetrics
    from .api import GetSessionTags as GetSessionTags
    from .api import GetUsageMetrics as GetUsageMetrics
    from .api import GetUserDailyConsumption as GetUserDailyConsumption
    from .api import GetWeeklyActiveUsers as GetWeeklyActiveUsers
    from .api import IdpRoleAssignment as IdpRoleAssignment
    from .api import IndexedRepositories as IndexedRepositories
    from .api import IndexedRepository as IndexedRepository
    from .api import IndexedRepositoryPage as IndexedRepositoryPage
    from .api import IndexingStatus as IndexingStatus
    from .api import IndexJob as IndexJob
    from .api import IndexRepositories as IndexRepositories
    from .api import IndexRepository as IndexRepository
    from .api import InsightsGeneration as InsightsGeneration
    from .api import Issue as Issue
    from .api import KnowledgeFolder as KnowledgeFolder
    from .api import KnowledgeFolders as KnowledgeFolders
    from .api import KnowledgeNote as KnowledgeNote
    from .api import KnowledgeNotePage as KnowledgeNotePage
    from .api import ListChildSessions as ListChildSessions
    from .api import ListIdpMembers as ListIdpMembers
    from .api import ListIndexedRepositories as ListIndexedRepositories
    from .api import ListKnowledgeFolders as ListKnowledgeFolders
    from .api import ListKnowledgeNotes as ListKnowledgeNotes
    from .api import ListMembers as ListMembers
    from .api import ListOrganizations as ListOrganizations
    from .api import ListPlaybooks as ListPlaybooks
    from .api import ListRepositories as ListRepositories
    from .api import ListSchedules as ListSchedules
    from .api import ListSecrets as ListSecrets
    from .api import ListSessionAttachments as ListSessionAttachments
    from .api import ListSessionInsights as ListSessionInsights
    from .api import ListSessionMessages as ListSessionMessages
    from .api import ListSessions as ListSessions
    from .api import Member as Member
    from .api import MemberPage as MemberPage
    from .api import Message as Message
    from .api import MessagePage as MessagePage
    from .api import NewSession as NewSession
    from .api import NoteUsage as NoteUsage
    from .api import OnSession as OnSession
    from .api import Organization as Organization
    from .api import OrganizationPage as OrganizationPage
    from .api import PlannedSchedule as PlannedSchedule
    from .api import Playbook as Playbook
    from .api import PlaybookPage as PlaybookPage
    from .api import Principal as Principal
    from .api import Prompt as Prompt
    from .api import PullRequest as PullRequest
    from .api import PullRequestMetrics as PullRequestMetrics
    from .api import ReplaceSessionTags as ReplaceSessionTags
    from .api import Repository as Repository
    from .api import RepositoryPage as RepositoryPage
    from .api import RepositoryToIndex as RepositoryToIndex
    from .api import ReviewStatus as ReviewStatus
    from .api import Role as Role
    from .api import RoleAssignment as RoleAssignment
    from .api import SavedFile as SavedFile
    from .api import Saving as Saving
    from .api import Schedule as Schedule
    from .api import SchedulePage as SchedulePage
    from .api import SchedulePlaybook as SchedulePlaybook
    from .api import SearchMetrics as SearchMetrics
    from .api import Secret as Secret
    from .api import SecretPage as SecretPage
    from .api import SendMessage as SendMessage
    from .api import SentMessage as SentMessage
    from .api import Session as Session
    from .api import SessionFilters as SessionFilters
    from .api import SessionInsights as SessionInsights
    from .api import SessionInsightsPage as SessionInsightsPage
    from .api import SessionMetrics as SessionMetrics
    from .api import SessionOptions as SessionOptions
    from .api import SessionPage as SessionPage
    from .api import SessionSecret as SessionSecret
    from .api import SuggestedPrompt as SuggestedPrompt
    from .api import TagList as TagList
    from .api import TerminateSession as TerminateSession
    from .api import TimelineEntry as TimelineEntry
    from .api import TriggerPullRequestReview as TriggerPullRequestReview
    from .api import UnarchiveSession as UnarchiveSession
    from .api import UnindexRepositories as UnindexRepositories
    from .api import UnindexRepository as UnindexRepository
    from .api import UnindexRepositoryBranch as UnindexRepositoryBranch
    from .api import UpdatedKnowledgeNote as UpdatedKnowledgeNote
    from .api import UpdatedPlaybook as UpdatedPlaybook
    from .api import UpdateKnowledgeNote as UpdateKnowledgeNote
    from .api import UpdatePlaybook as UpdatePlaybook
    from .api import UpdateSchedule as UpdateSchedule
    from .api import UploadAttachment as UploadAttachment
    from .api import UploadedFile as UploadedFile
    from .api import UsageMetrics as UsageMetrics
    from .api import UsedNote as UsedNote
    from .errors import Ambiguous as Ambiguous
    from .errors import ApiError as ApiError
    from .errors import BadDeclaration as BadDeclaration
    from .errors import BadRequest as BadRequest
    from .errors import BadRules as BadRules
    from .errors import BadSignature as BadSignature
    from .errors import Busy as Busy
    from .errors import Conflict as Conflict
    from .errors import ConnectionFailed as ConnectionFailed
    from .errors import ConnectionLost as ConnectionLost
    from .errors import DevinToolsError as DevinToolsError
    from .errors import DuplicateTool as DuplicateTool
    from .errors import FileFault as FileFault
    from .errors import FileTaken as FileTaken
    from .errors import Forbidden as Forbidden
    from .errors import Hint as Hint
    from .errors import InvalidArguments as InvalidArguments
    from .errors import MissingSetting as MissingSetting
    from .errors import NetworkError as NetworkError
    from .errors import NotFound as NotFound
    from .errors import PluginError as PluginError
    from .errors import RateLimited as RateLimited
    from .errors import Refused as Refused
    from .errors import ServerFault as ServerFault
    from .errors import SinkFailed as SinkFailed
    from .errors import Unauthenticated as Unauthenticated
    from .errors import UnexpectedResponse as UnexpectedResponse
    from .errors import UnknownTool as UnknownTool
    from .errors import UnreadableEvent as UnreadableEvent
    from .errors import UsageError as UsageError
    from .tasks import BugFix as BugFix
    from .tasks import DownloadedFile as DownloadedFile
    from .tasks import DownloadedFiles as DownloadedFiles
    from .tasks import DownloadSessionAttachments as DownloadSessionAttachments
    from .tasks import Event as Event
    from .tasks import FannedOut as FannedOut
    from .tasks import FanOut as FanOut
    from .tasks import FanOutRow as FanOutRow
    from .tasks import Finding as Finding
    from .tasks import Fix as Fix
    from .tasks import FixBug as FixBug
    from .tasks import HandedOff as HandedOff
    from .tasks import Handoff as Handoff
    from .tasks import NotHandedOver as NotHandedOver
    from .tasks import PullRequestReview as PullRequestReview
    from .tasks import Resumption as Resumption
    from .tasks import Review as Review
    from .tasks import ReviewPullRequest as ReviewPullRequest
    from .tasks import RowError as RowError
    from .tasks import RunTask as RunTask
    from .tasks import SettledSession as SettledSession
    from .tasks import TaskOutput as TaskOutput
    from .tasks import TypedTaskOutput as TypedTaskOutput
    from .tasks import Waited as Waited
    from .tasks import WaitedSessions as WaitedSessions
    from .tasks import WaitOptions as WaitOptions
    from .tasks import WaitSession as WaitSession
    from .tasks import WaitSessions as WaitSessions
    # end

if TYPE_CHECKING:
    from .catalog import Catalog as Catalog
    from .catalog import load_catalog as load_catalog
    from .client import AsyncClient as AsyncClient
    from .client import Client as Client
    from .declarations import describe as describe
    from .export.providers.toolbox import Toolbox as Toolbox
    from .hookspecs import hookimpl as hookimpl
    from .settings import Settings as Settings
    from .simulator import Simulator as Simulator
    from .spec import Spec as Spec
    from .tasks.run_task import expecting as expecting
    from .tool import Output as Output
    from .tool import Tool as Tool
    from .version import __version__ as __version__

_HOMES = {
    "catalog": ("Catalog", "load_catalog"),
    "client": ("AsyncClient", "Client"),
    "declarations": ("describe",),
    "export.providers.toolbox": ("Toolbox",),
    "hookspecs": ("hookimpl",),
    "settings": ("Settings",),
    "simulator": ("Simulator",),
    "spec": ("Spec",),
    "tasks.run_task": ("expecting",),
    "tool": ("Output", "Tool"),
    "version": ("__version__",),
}
keep_old_names()

_HOME = {name: module for module, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # type checkers read the imports above; this would make every name Any

    def __getattr__(name: str) -> Any:
        if name == "__all__":
            return sorted(_homes())
        home = _HOME.get(name) or _homes().get(name)
        if home is None:
            return moved_name(__name__, name)
        value = globals()[name] = getattr(import_module(f".{home}", __name__), name)
        return value

    def _homes() -> dict[str, str]:
        """Return where each name is defined."""
        from .errors import __all__ as raisable
        from .public_names import MODELS, names_in

        raised = {name: "errors" for name in raisable if name[0].isupper()}
        return _HOME | names_in(MODELS) | raised

    def __dir__() -> list[str]:
        return __getattr__("__all__")
