"""Builds of an organisation's snapshots."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Build, Client, ListBuilds, StartBuild
from devin_tools.flow import Flow, Pause

BUILD: dict[str, Any] = {
    "build_id": "build-0123456789abcdef0123456789abcdef",
    "status": "succeeded",
    "trigger": "manual",
    "pinned": True,
    "started_at": 1767225605,
    "completed_at": 1767225725,
    "created_at": 1767225600,
    "updated_at": 1767229200,
    "triggered_by_user_id": "google-oauth2|1234567890",
}
SMALL = {"build_id": "build-1"}
WAITING = BUILD | {
    "build_id": "build-2",
    "status": "pending",
    "trigger": None,
    "pinned": False,
    "started_at": None,
    "completed_at": None,
    "triggered_by_user_id": None,
}
LARGEST: dict[str, Any] = {"Build": BUILD, "BuildPage": page(BUILD, WAITING)}
SMALLEST: dict[str, Any] = {"Build": SMALL, "BuildPage": {"items": []}}


def furnish(client: Client) -> dict[str, Any]:
    """Name a build that is done, and one that is young enough to be pinned."""
    young = client.drive(built())
    done = client.run(ListBuilds(active=True)).builds or [young]
    return {"build_id": done[0].build_id, "devin_pin_build.build_id": young.build_id}


def built() -> Flow[Build]:
    """Return a build that has just succeeded."""
    build = yield from StartBuild().flow()
    yield Pause(130.0)
    return build


def cases() -> Cases:
    build = yield Case("devin_start_build", "started", {})
    on = {"build_id": build.build_id}
    yield Case("devin_pin_build", "not_yet", on)
    yield Case("devin_get_build", "running", on, after=60)
    yield Case("devin_get_build_logs", "link", on, live=False)
    yield Case("devin_pin_build", "pinned", on, live=False, after=600)
    yield Case("devin_list_builds", "active", {"active": True, "limit": 5})
    yield Case("devin_cancel_build", "has_ended", on, live=False)
    yield Case("devin_unpin_build", "unpinned", on)
    yield Case("devin_unpin_build", "not_pinned", on)
    other = yield Case("devin_start_build", "to_cancel", {})
    yield Case("devin_cancel_build", "cancelled", {"build_id": other.build_id})
    yield Case("devin_list_builds", "cancelled", {"status": "cancelled", "limit": 5})
    yield Case("devin_get_build", "not_found", {"build_id": "build-none"})
