"""Insights: an analysis is asked for, and is there a while later."""

from __future__ import annotations

from typing import Any

from ...api import insights
from ..measures import messages_from, size_of
from ..session_filters import filtered_sessions, full_session
from ..world import SessionRecord, World

ANALYSIS_SECONDS = 60.0
"""How long an analysis takes."""


def get_session_insights(world: World, call: insights.GetSessionInsights) -> dict[str, Any]:
    """Return a session with its insights."""
    return _with_insights(world, world.session(call.session_id))


def list_session_insights(world: World, call: insights.ListSessionInsights) -> dict[str, Any]:
    """List sessions with their insights."""
    return filtered_sessions(world, call, _with_insights)


def generate_session_insights(world: World, call: insights.GenerateSessionInsights) -> dict[str, Any]:
    """Begin an analysis; there is one at most."""
    record = world.session(call.session_id)
    is_new = record.analysis_at is None
    if is_new:
        record.analysis_at = world.now + ANALYSIS_SECONDS
    return {"session_id": record.session_id, "status": "started" if is_new else "already_exists"}


def _with_insights(world: World, record: SessionRecord) -> dict[str, Any]:
    is_analysed = record.analysis_at is not None and record.analysis_at <= world.now
    return full_session(world, record) | {
        "num_user_messages": messages_from(record, "user"),
        "num_devin_messages": messages_from(record, "devin"),
        "session_size": size_of(record, world.now),
        "analysis": _analysis(record) if is_analysed else None,
    }


def _analysis(record: SessionRecord) -> dict[str, Any]:
    """Return what this world knows: a question of Devin's shows that the prompt left something open."""
    questions = [m["message"] for m in record.messages if m["source"] == "devin" and m["message"][-1] == "?"]
    issues = [_issue(n, question) for n, question in enumerate(questions, 1)]
    said = [{"title": m["source"], "description": m["message"]} for m in record.messages]
    return {
        "classification": {"category": record.category, "confidence": 1.0 if record.category else 0.0},
        "issues": issues,
        "action_items": [_action(issue) for issue in issues],
        "timeline": said,
        "suggested_prompt": _suggestion(record, issues) if issues else None,
        "note_usage": {"good_usages": [], "bad_usages": []},
    }


def _issue(number: int, question: str) -> dict[str, Any]:
    impact = "Devin waited for an answer."
    return {"id": f"issue-{number}", "issue": question, "impact": impact, "label": "Open question"}


def _action(issue: dict[str, Any]) -> dict[str, Any]:
    action = f"Answer in the prompt: {issue['issue']}"
    return {"action_item": action, "issue_id": issue["id"], "type": "prompt_improvement"}


def _suggestion(record: SessionRecord, issues: list[dict[str, Any]]) -> dict[str, Any]:
    feedback = {"details": "Devin had to ask for it.", "excerpt": record.prompt}
    return {
        "original_prompt": record.prompt,
        "suggested_prompt": f"{record.prompt} (Say: {issues[0]['issue']})",
        "feedback_items": [feedback | {"summary": i["issue"], "issue_id": i["id"]} for i in issues],
    }
