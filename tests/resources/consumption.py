"""ACUs by day."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

from devin_tools import Client, CreateSession

DAY = {
    "date": 1767254400,
    "acus": 3.5,
    "acus_by_product": {"devin": 3.0, "cascade": 0.0, "terminal": 0.0, "review": 0.5},
}
LARGEST: dict[str, Any] = {"Consumption": {"total_acus": 3.5, "consumption_by_date": [DAY]}}
SMALLEST: dict[str, Any] = {"Consumption": {"total_acus": 0.0, "consumption_by_date": []}}


def furnish(client: Client) -> dict[str, Any]:
    client.run(CreateSession(prompt="Look.", create_as_user_id="okta|1"))
    return {"user_id": "okta|1"}


def cases() -> Cases:
    session = yield Case(
        "devin_create_session", "to_be_counted", {"prompt": "Say hello.", "max_acu_limit": 1}
    )
    session_id = "devin-" + session.session_id.removeprefix("devin-")
    yield Case("devin_get_daily_consumption", "all", {}, after=600)
    yield Case("devin_get_session_daily_consumption", "one", {"session_id": session_id})
    yield Case("devin_get_user_daily_consumption", "unknown", {"user_id": "okta|nobody"})
    yield Case("devin_get_service_user_consumption", "own", {"service_user_id": "service-user-simulator"})
