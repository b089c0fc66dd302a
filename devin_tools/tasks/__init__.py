"""Composed tools: what takes several requests, or a long time. One module each.

This package is also the built-in plugin, for the operations too; it comes through the same door as any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .. import api
from ..api.shared.discovery import exported, models_in, modules_in, tools_of
from ..hookspecs import hookimpl
from ..moved import moved_name
from ..tool import Tool

MODULES: tuple[ModuleType, ...] = modules_in(__name__, __path__)
MODELS = models_in(exported(MODULES))
"""What the root of the package exports of these: calls, outputs and their parts."""

if TYPE_CHECKING:  # type checkers read imports, and no computed list; `devin-tools generate` writes them
    # generated:modules
    from .download_attachments import DownloadedFile as DownloadedFile
    from .download_attachments import DownloadedFiles as DownloadedFiles
    from .download_attachments import DownloadSessionAttachments as DownloadSessionAttachments
    from .fan_out import AGAIN as AGAIN
    from .fan_out import FannedOut as FannedOut
    from .fan_out import FanOut as FanOut
    from .fan_out import FanOutRow as FanOutRow
    from .fan_out import RowError as RowError
    from .fan_out import row_of as row_of
    from .fix_bug import BugFix as BugFix
    from .fix_bug import Fix as Fix
    from .fix_bug import FixBug as FixBug
    from .hand_off import HandedOff as HandedOff
    from .hand_off import Handoff as Handoff
    from .hand_off import NotHandedOver as NotHandedOver
    from .review_pull_request import Finding as Finding
    from .review_pull_request import PullRequestReview as PullRequestReview
    from .review_pull_request import Review as Review
    from .review_pull_request import ReviewPullRequest as ReviewPullRequest
    from .run_task import RunTask as RunTask
    from .run_task import TaskOutput as TaskOutput
    from .run_task import TypedTaskOutput as TypedTaskOutput
    from .run_task import expecting as expecting
    from .session_events import Event as Event
    from .session_events import SessionDiff as SessionDiff
    from .wait_session import Resumption as Resumption
    from .wait_session import Waited as Waited
    from .wait_session import WaitOptions as WaitOptions
    from .wait_session import WaitSession as WaitSession
    from .wait_session import cut as cut
    from .wait_session import poll_intervals as poll_intervals
    from .wait_session import read_deadline as read_deadline
    from .wait_session import settle as settle
    from .wait_session import sleep_until as sleep_until
    from .wait_sessions import SessionWatchlist as SessionWatchlist
    from .wait_sessions import SettledSession as SettledSession
    from .wait_sessions import WaitedSessions as WaitedSessions
    from .wait_sessions import WaitSessions as WaitSessions
    # end
else:
    _exported = exported(MODULES)
    globals().update(_exported)
    __all__ = sorted(_exported)

    def __getattr__(name: str) -> Any:
        return moved_name(__name__, name)


@hookimpl
def devin_tools_provide_tools() -> Iterable[type[Tool[Any]]]:
    """Return every operation and every composed tool, in the order of the names of their modules."""
    return tools_of(sorted((*api.MODULES, *MODULES), key=lambda module: module.__name__.rpartition(".")[2]))
