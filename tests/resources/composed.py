"""The tools that are made of others: a hand-over, a review, a bug fix, a fan-out, a rotation."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases
from support.kept import new_place

UNTRUSTED = {
    "BugFix": {"last_message", "structured_output", "structured_output_faults", "fix"},
    "FanOutRow": {"last_message", "structured_output", "structured_output_faults"},
    "HandedOff": {"title", "tags", "structured_output", "repository", "branch", "included"},
    "NotHandedOver": {"name"},
    "RotatedKey": {"api_key_name"},
    "PullRequestReview": {"last_message", "structured_output", "structured_output_faults", "review"},
}

HANDOFF = {"task": "Finish rounding the totals.", "folder": "shop", "max_acu_limit": 1}
REVIEW = {"pr_url": "https://github.com/acme/shop/pull/7", "focus": "Rounding.", "max_acu_limit": 1}
BUG = {"title": "Totals are a cent off", "description": "0.1 three times gives 0.31.", "max_acu_limit": 1}
FAN: dict[str, Any] = {
    "prompt": "Upgrade {item}.",
    "items": ["acme/shop", "acme/billing #simulate:fails", "acme/search #simulate:nothing_known"],
    "max_acu_total": 3,
    "max_parallel": 2,
    "idempotency_key": "cassette-fan",
}
ROTATION = {
    "service_user_id": "service-user-organization",
    "api_key_id": "apikey-00000000000000000000000000000002",
    "file": "../kept-key",
}


def furnish(client: object) -> dict[str, Any]:
    return {"devin_rotate_key_into_file.file": new_place()}


def cases() -> Cases:
    """Each spends ACUs, so none is recorded live."""
    yield Case("devin_handoff", "created", HANDOFF, live=False)
    yield Case("devin_review_pull_request", "finished", REVIEW | {"idempotency_key": "review"}, live=False)
    yield Case("devin_fix_bug", "finished", BUG | {"idempotency_key": "bug"}, live=False)
    yield Case("devin_fan_out", "finished", FAN, live=False)
    yield Case("devin_fan_out", "adopted", FAN, live=False)
    yield Case("devin_rotate_key_into_file", "rotated", ROTATION, live=False)
    yield Case("devin_rotate_key_into_file", "not_active", ROTATION | {"file": "../another-key"}, live=False)
