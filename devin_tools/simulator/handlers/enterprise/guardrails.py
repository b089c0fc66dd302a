"""Guardrail violations: samples, as nobody sets up guardrails here."""

from __future__ import annotations

from itertools import islice
from typing import Any

from ....api.enterprise import guardrails
from ....api.shared.fields import bare_id
from ...session_filters import within
from ...world import World
from .audit_logs import page_in_order

VIOLATIONS = "GuardrailViolation"

GUARDRAILS = (
    ("guardrail-secrets", "No keys in prompts", "flagged", "The message may hold a key.", 0.72),
    ("guardrail-scope", "Work only", "blocked", "The message does not ask for work on a repository.", 0.91),
)


def list_guardrail_violations(world: World, call: guardrails.ListGuardrailViolations) -> dict[str, Any]:
    """List the violations of all organisations."""
    return _page(world, call, None)


def list_organization_violations(world: World, call: guardrails.ListOrganizationViolations) -> dict[str, Any]:
    """List the violations of one organisation."""
    world.organizations.find(call.org_id)
    return _page(world, call, call.org_id)


def _page(world: World, call: Any, org_id: str | None) -> dict[str, Any]:
    session_id = None if call.session_id is None else bare_id(call.session_id)

    def passes(row: dict[str, Any]) -> bool:
        return (
            org_id in (None, row["org_id"])
            and session_id in (None, row["session_id"])
            and call.guardrail_id in (None, row["guardrail_id"])
            and within(row["created_at"], call.time_after, call.time_before)
        )

    return page_in_order(world, world.store(VIOLATIONS, None).all(), call, passes)


def add_sample_violations(world: World) -> None:
    """Add one for each guardrail, in the first sample sessions."""
    for number, record in enumerate(islice(world.sessions.values(), len(GUARDRAILS)), 1):
        guardrail_id, name, action, reasoning, score = GUARDRAILS[number - 1]
        row = {
            "violation_id": number,
            "event_id": record.messages[0]["event_id"],
            "guardrail_id": guardrail_id,
            "guardrail_name": name,
            "org_id": record.org_id,
            "action_taken": action,
            "reasoning": reasoning,
            "user_message": record.prompt,
            "confidence_score": score,
            "created_at": int(record.created_at),
            "session_id": record.session_id,
        }
        world.store(VIOLATIONS, None).add(str(number), row)
