"""Insights: an analysis is asked for, and is there a while later."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...api import insights
from ..measures import size_of
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
    messages = Counter(message["source"] for message in record.messages)
    return full_session(world, record) | {
        "num_user_messages": messages["user"],
        "num_devin_messages": messages["devin"],
        "session_size": size_of(record, world.now),
        "analysis": _analysis(record) if is_analysed else None,
    }


def _analysis(record: SessionRecord) -> dict[str, Any]:
    """Return what this world knows: a question of Devin's shows that the prompt left something open."""
    questions = [m["message"] for m in record.messages if m["source"] == "devin" and m["message"][-1] == "?"]
    issues = {f"issue-{number}": question for number, question in enumerate(questions, 1)}
    return {
        "classification": {
            "category": record.category,
            "confidence": 1.0 if record.category else 0.0,
            "programming_languages": ["Python"],
            "tools_and_frameworks": ["pytest"],
        },
        "issues": [
            {
                "id": issue_id,
                "issue": question,
                "impact": "Devin waited for an answer.",
                "label": "Open question",
            }
            for issue_id, question in issues.items()
        ],
        "action_items": [
            {
                "action_item": f"Answer in the prompt: {question}",
                "issue_id": issue_id,
                "type": "prompt_improvement",
            }
            for issue_id, question in issues.items()
        ],
        "timeline": [{"title": m["source"], "description": m["message"]} for m in record.messages],
        "suggested_prompt": _suggestion(record.prompt, issues) if issues else None,
        "note_usage": {"good_usages": [], "bad_usages": []},
    }


def _suggestion(prompt: str, issues: dict[str, str]) -> dict[str, Any]:
    feedback = {"details": "Devin had to ask for it.", "excerpt": prompt}
    return {
        "original_prompt": prompt,
        "suggested_prompt": f"{prompt} (Say: {next(iter(issues.values()))})",
        "feedback_items": [
            feedback | {"summary": question, "issue_id": issue_id} for issue_id, question in issues.items()
        ],
    }
