"""Outposts and their queues."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import ClaimOutpostSession, Client, CreateSession

OUTPOST: dict[str, Any] = {
    "metadata": {"outpost_id": "outpost-1", "account_id": "account-1", "created_at": 1_767_225_600},
    "spec": {"name": "acme-linux", "platform": "acme-linux", "description": "Machines of acme"},
    "status": {"queue_depth": 1, "active_claims": 2},
}
QUEUED: dict[str, Any] = {
    "metadata": {
        "session_id": "5e0f0000000000000000000000000001",
        "outpost_id": "outpost-1",
        "created_at": 1_767_225_600,
        "updated_at": 1_767_225_660,
    },
    "spec": {"kind": "new", "platform": "acme-linux", "remote_binary_sha": "5e0f"},
    "status": {
        "phase": "claimed",
        "acceptor_id": "worker-1",
        "claim_deadline": 1_767_225_960,
        "session_status": "running",
        "connect_token": "outpost_5e0f",
        "gateway_url": "wss://gateway.devin.ai/outposts",
    },
}
SMALL = {"metadata": {"session_id": "5e0f0000000000000000000000000001"}}
LARGEST: dict[str, Any] = {
    "OutpostPage": page(OUTPOST, OUTPOST | {"metadata": OUTPOST["metadata"] | {"outpost_id": "outpost-2"}}),
    "OutpostSessions": {"items": [QUEUED], "cursor": "7", "has_next_page": True, "total": 1},
    "OutpostSession": QUEUED,
    "Done": {},
}
SMALLEST: dict[str, Any] = {
    "OutpostPage": {"items": []},
    "OutpostSessions": {"items": []},
    "OutpostSession": SMALL,
    "Done": {},
}
ADDED_BY_FLOWS = {"Done": {"done"}}
UNTRUSTED = {"OutpostSpec": {"name", "description"}}

FIRST = f"outpost-{1:032x}"
ON_OUTPOST = {"prompt": "Build it.", "platform": "acme-linux"}


def furnish(client: Client) -> dict[str, Any]:
    waiting, held = (client.run(CreateSession(**ON_OUTPOST)).session_id for _ in range(2))
    client.run(ClaimOutpostSession(session_id=held, acceptor_id="worker-1"))
    return {
        "devin_claim_outpost_session.session_id": waiting,
        "devin_release_outpost_session.session_id": held,
    }


def cases() -> Cases:
    made = yield Case("devin_create_session", "on_outpost", ON_OUTPOST, live=False)
    on = {"session_id": made.session_id if made else "none", "acceptor_id": "worker-1"}
    other = on | {"acceptor_id": "worker-2"}
    yield Case("devin_list_outposts", "page", {}, live=False)
    yield Case(
        "devin_list_outpost_sessions", "pending", {"outpost_id": FIRST, "phase": "pending"}, live=False
    )
    yield Case("devin_claim_outpost_session", "claimed", on, live=False)
    yield Case("devin_claim_outpost_session", "held_by_another", other, live=False)
    yield Case("devin_release_outpost_session", "not_the_holder", other, live=False)
    yield Case("devin_release_outpost_session", "released", on, live=False)
    yield Case("devin_release_outpost_session", "gone", on | {"session_id": "a|b"}, live=False)
    yield Case("devin_list_outpost_sessions", "no_such_outpost", {"outpost_id": "outpost-none"}, live=False)
