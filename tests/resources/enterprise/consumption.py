"""ACUs by day in the enterprise, and billing cycles."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

CYCLE = {"after": 1767254400, "before": 1769932800}

LARGEST: dict[str, Any] = {
    "BillingCyclePage": page(CYCLE, {"after": 1764576000, "before": 1767254400}),
}
UNTRUSTED = {"OrganizationSpend": {"name"}, "SessionSpend": {"title"}, "SpendReport": {"markdown"}}
SMALLEST: dict[str, Any] = {"BillingCyclePage": {"items": [CYCLE]}}


def cases() -> Cases:
    org_id = "org-5e0f0000000000000000000000000001"
    session = yield Case(
        "devin_create_session", "for_the_bill", {"prompt": "Say hello.", "max_acu_limit": 1}, live=False
    )
    yield Case("devin_get_enterprise_consumption", "all", {}, live=False, after=600)
    yield Case("devin_get_organization_consumption", "one", {"org_id": org_id}, live=False)
    yield Case("devin_get_organization_consumption", "unknown", {"org_id": "org-nowhere"}, live=False)
    yield Case(
        "devin_get_enterprise_session_acus", "one", {"session_id": f"devin-{session.session_id}"}, live=False
    )
    member = "google-oauth2|100000000000000000001"
    yield Case("devin_get_enterprise_user_acus", "one", {"user_id": member}, live=False)
    yield Case("devin_get_enterprise_user_acus", "unknown", {"user_id": "okta|nobody"}, live=False)
    own = {"service_user_id": "service-user-simulator"}
    yield Case("devin_get_enterprise_service_user_acus", "own", own, live=False)
    nobody = {"service_user_id": "service-user-of-nobody"}
    yield Case("devin_get_enterprise_service_user_acus", "unknown", nobody, live=False)
    yield Case("devin_list_billing_cycles", "newest", {"limit": 1}, live=False)
    december = {"time_after": 1764576000, "time_before": 1767254399, "top": 1}
    yield Case("devin_report_spend", "a_cycle", december, live=False)
