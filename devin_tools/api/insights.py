"""What went well and badly in sessions. Facts: docs.devin.ai, session insights.

An analysis quotes prompts, messages and code, so that all its text counts as written by others.
"""

from __future__ import annotations

from typing import Annotated, Any

from ..paging import Detailed, Items, Page, Paged
from ..tool import WRITE, Output, Tool
from ..wire import GET, POST
from .session import SESSION, SESSIONS, OnSession, Session
from .sessions import SessionFilters
from .shared.fields import UNTRUSTED, Untrusted, known

SIZES = ("xs", "s", "m", "l", "xl")


class Classification(Output):
    """What kind of work a session was."""

    category: str | None = None
    """The category."""

    confidence: float | None = None
    """How sure that is."""

    programming_languages: list[str] | None = None
    """The languages it was about."""

    tools_and_frameworks: list[str] | None = None
    """The tools and frameworks it was about."""


class Issue(Output):
    """Something that held a session up."""

    id: str | None = None
    """The name by which other parts of the analysis refer to it."""

    issue: Untrusted | None = None
    """What it was."""

    impact: Untrusted | None = None
    """What it led to."""

    label: Untrusted | None = None
    """A short name for it."""


class ActionItem(Output):
    """Something to do so that the next session goes better."""

    action_item: Untrusted | None = None
    """What to do."""

    issue_id: str | None = None
    """The issue it is about."""

    type: (
        Annotated[str, known("machine_setup", "repo_config", "knowledge", "prompt_improvement", "other")]
        | None
    ) = None
    """Where to do it."""


class TimelineEntry(Output):
    """A part of what happened."""

    title: Untrusted | None = None
    """What it was."""

    description: Untrusted | None = None
    """What happened in it."""

    color: str | None = None
    """The colour that the web app shows it in."""

    issue_id: str | None = None
    """The issue it is about."""


class FeedbackItem(Output):
    """Something to say about a prompt."""

    summary: Untrusted | None = None
    """What it is, in short."""

    details: Untrusted | None = None
    """What it is, at length."""

    excerpt: Untrusted | None = None
    """The part of the prompt that it is about."""

    issue_id: str | None = None
    """The issue it led to."""


class SuggestedPrompt(Output):
    """How the prompt could have been put."""

    original_prompt: Untrusted | None = None
    """The prompt as it was."""

    suggested_prompt: Untrusted | None = None
    """A better one."""

    feedback_items: list[FeedbackItem] | None = None
    """What is better about it."""


class UsedNote(Output):
    """A knowledge note that a session used."""

    note_id: str | None = None
    """The id of the note."""

    reason: Untrusted | None = None
    """Why using it was good or bad."""

    message: Untrusted | None = None
    """What was said with it."""


class NoteUsage(Output):
    """How knowledge notes served."""

    good_usages: list[UsedNote] | None = None
    """The notes that helped."""

    bad_usages: list[UsedNote] | None = None
    """The notes that did not."""


class Analysis(Output):
    """What an analysis of a session found. Each part can be missing."""

    classification: Classification | None = None
    """What kind of work it was."""

    issues: list[Issue] | None = None
    """What held it up."""

    action_items: list[ActionItem] | None = None
    """What to do about that."""

    timeline: list[TimelineEntry] | None = None
    """What happened, in order."""

    suggested_prompt: SuggestedPrompt | None = None
    """How the prompt could have been put."""

    note_usage: NoteUsage | None = None
    """How knowledge notes served."""

    skill_usage: Annotated[Any, UNTRUSTED] = None
    """How skills served. The API does not document its form."""


class SessionInsights(Session):
    """A session with its measures, and its analysis once there is one."""

    num_user_messages: int | None = None
    """How many messages its user wrote."""

    num_devin_messages: int | None = None
    """How many messages Devin wrote."""

    session_size: Annotated[str, known(*SIZES)] | None = None
    """How large it is, from its ACUs and messages."""

    analysis: Analysis | None = None
    """What an analysis found; null until `devin_generate_session_insights` has made one."""


class SessionInsightsPage(Page[SessionInsights]):
    """One page of sessions with their insights."""

    insights: Items[SessionInsights]
    """The sessions of this page, each with its insights."""


class InsightsGeneration(Output):
    """Whether an analysis was begun."""

    session_id: str
    """The session."""

    status: Annotated[str, known("already_exists", "started")] | None = None
    """`already_exists` when there is one; anything else says that it is being made."""


class GetSessionInsights(OnSession, Detailed[SessionInsights]):
    """Read how large a session was, and what an analysis of it found.

    `analysis` is null until `devin_generate_session_insights` was called and its work is done.
    """

    route = GET(SESSION + "/insights", permission="ViewOrgSessions")
    keywords = (
        "why was it slow, what went wrong, lessons learned, post-mortem, retro, quality, difficulty, size "
        "XS to XL, how could the prompt be better, feedback, timeline, issues it met, what could it have "
        "done better, how did it go, how did that run go, was it too big"
    )


class ListSessionInsights(SessionFilters, Paged[SessionInsightsPage]):
    """List sessions with their insights, newest first, one page per call.

    Takes the filters of `devin_list_sessions`: a session must pass each of them.
    """

    route = GET(SESSIONS + "/insights", permission="ViewOrgSessions")
    keywords = (
        "which runs went badly, compare sizes and outcomes, XL jobs, quality overview, retrospectives, "
        "export evaluations, scores, classified, rated work"
    )
    examples = ({"limit": 20}, {"tags": ["team:payments"], "is_archived": False})


class GenerateSessionInsights(OnSession, Tool[InsightsGeneration]):
    """Let a session be analysed, unless it was already.

    The answer comes at once: read the insights until `analysis` is filled. The API does not say
    whether it costs anything.
    """

    route = POST(SESSION + "/insights/generate", permission="ManageOrgSessions")
    effect = WRITE.idempotent()
    # The vendor's pages do not name the permission; other writes to sessions need this one.
    keywords = (
        "evaluate it, rate it, do a post-mortem, retrospective, find out what went wrong, start the "
        "assessment, score, work out lessons from a run, why did it go pear-shaped"
    )
