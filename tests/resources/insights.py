"""What went well and badly in sessions."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from .sessions import SESSION

ANALYSIS = {
    "classification": {
        "category": "bug_fixing",
        "confidence": 0.9,
        "programming_languages": ["Python"],
        "tools_and_frameworks": ["pytest"],
    },
    "issues": [{"id": "issue-1", "issue": "No lock file", "impact": "Slow set-up", "label": "Set-up"}],
    "action_items": [{"action_item": "Commit one", "issue_id": "issue-1", "type": "repo_config"}],
    "timeline": [
        {"title": "Set-up", "description": "It installed.", "color": "green", "issue_id": "issue-1"}
    ],
    "suggested_prompt": {
        "original_prompt": "Fix it.",
        "suggested_prompt": "Fix the flaky checkout test.",
        "feedback_items": [{"summary": "Vague", "details": "It.", "excerpt": "it", "issue_id": "issue-1"}],
    },
    "note_usage": {
        "good_usages": [{"note_id": "note-1", "reason": "It helped", "message": "How tests run"}],
        "bad_usages": [],
    },
    "skill_usage": {"used": ["testing"]},
}
INSIGHTS = SESSION | {
    "num_user_messages": 2,
    "num_devin_messages": 5,
    "session_size": "m",
    "analysis": ANALYSIS,
}
LARGEST: dict[str, Any] = {
    "SessionInsights": INSIGHTS,
    "SessionInsightsPage": page(INSIGHTS, INSIGHTS | {"session_id": "0" * 32, "analysis": None}),
    "InsightsGeneration": {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c", "status": "already_exists"},
}
SMALLEST: dict[str, Any] = {
    "SessionInsights": {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c", "analysis": {}},
    "SessionInsightsPage": {"items": [{"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"}]},
    "InsightsGeneration": {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},
}
UNTRUSTED = {
    "ActionItem": {"action_item"},
    "Analysis": {"skill_usage"},
    "FeedbackItem": {"summary", "details", "excerpt"},
    "Issue": {"issue", "impact", "label"},
    "SessionInsights": {"title", "tags", "structured_output"},
    "SuggestedPrompt": {"original_prompt", "suggested_prompt"},
    "TimelineEntry": {"title", "description"},
    "UsedNote": {"reason", "message"},
}


def cases() -> Cases:
    first = yield Case("devin_list_session_insights", "first_page", {"limit": 2})
    yield Case("devin_list_session_insights", "second_page", {"limit": 2, "after": first.end_cursor})
    yield Case(
        "devin_list_session_insights", "filtered", {"origins": ["api"], "is_archived": False, "limit": 1}
    )
    on = {"session_id": f"devin-{first.insights[0].session_id.removeprefix('devin-')}"}
    yield Case("devin_get_session_insights", "not_analysed", on)
    yield Case("devin_get_session_insights", "not_found", {"session_id": "devin-" + "0" * 32})
    yield Case("devin_generate_session_insights", "started", on)
    yield Case("devin_generate_session_insights", "already_exists", on)
    yield Case("devin_get_session_insights", "analysed", on, after=90)
