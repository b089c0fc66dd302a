"""What broke a guardrail."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

VIOLATION = {
    "violation_id": 1,
    "event_id": "evt-1",
    "guardrail_id": "guardrail-secrets",
    "guardrail_name": "No keys in prompts",
    "org_id": "org-0123456789abcdef0123456789abcdef",
    "action_taken": "blocked",
    "reasoning": "The message holds a key.",
    "user_message": "Use this key.",
    "confidence_score": 0.9,
    "created_at": 1767225600,
    "session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
}

LARGEST: dict[str, Any] = {
    "GuardrailViolationPage": page(VIOLATION, VIOLATION | {"violation_id": 2, "session_id": None})
}
SMALLEST: dict[str, Any] = {"GuardrailViolationPage": {"items": [{"violation_id": 1}]}}
UNTRUSTED = {"GuardrailViolation": {"guardrail_name", "reasoning", "user_message"}}


def cases() -> Cases:
    org_id = "org-5e0f0000000000000000000000000001"
    yield Case("devin_list_guardrail_violations", "newest", {"limit": 1}, live=False)
    chosen = {"order": "asc", "guardrail_id": "guardrail-scope", "time_after": 1767225600}
    yield Case("devin_list_guardrail_violations", "of_one", chosen, live=False)
    yield Case("devin_list_organization_violations", "one", {"org_id": org_id}, live=False)
    yield Case("devin_list_organization_violations", "unknown", {"org_id": "org-nowhere"}, live=False)
