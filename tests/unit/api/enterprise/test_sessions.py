"""Calls on sessions of any organisation: where their arguments travel, and how a lost message is found."""

from __future__ import annotations

from typing import Any

import pytest
from support.driving import Driver, ok

from devin_tools.api import (
    AppendEnterpriseSessionTags,
    GenerateEnterpriseInsights,
    GetEnterpriseSession,
    ListEnterpriseSessions,
    SendEnterpriseMessage,
)
from devin_tools.codec import encode
from devin_tools.errors import ConnectionLost, InvalidArguments
from devin_tools.wire import Request

HINT = {"session_id": "abc", "org_id": "org-1"}


def test_the_organisation_travels_in_the_query_of_writes_too() -> None:
    tagged = encode(AppendEnterpriseSessionTags.route, AppendEnterpriseSessionTags(**HINT, tags=["x"]))
    assert (tagged.query, tagged.body) == ((("org_id", "org-1"),), {"tags": ["x"]})
    assert tagged.path == "/v3/enterprise/sessions/devin-abc/tags"
    begun = encode(GenerateEnterpriseInsights.route, GenerateEnterpriseInsights(**HINT))
    assert (begun.query, begun.body) == ((("org_id", "org-1"),), None)
    read = encode(GetEnterpriseSession.route, GetEnterpriseSession(session_id="abc"))
    assert read.query == ()


def test_lists_name_several_organisations_by_repeated_keys() -> None:
    listed = encode(ListEnterpriseSessions.route, ListEnterpriseSessions(org_ids=["org-1", "a|b"]))
    assert listed.query == (("org_ids", "org-1"), ("org_ids", "a|b"))
    with pytest.raises(InvalidArguments, match="org_ids"):
        ListEnterpriseSessions(org_ids=[])


@pytest.mark.parametrize(("hint", "query"), [({}, ()), ({"org_id": "org-1"}, (("org_id", "org-1"),))])
def test_a_message_whose_answer_is_lost_is_looked_for_on_the_enterprise_s_paths(
    hint: dict[str, str], query: Any
) -> None:
    kept: list[dict[str, Any]] = []

    def answer(request: Request) -> Any:
        if request.method == "POST":
            said = (request.body or {})["message"]
            kept.append({"event_id": "e", "source": "user", "message": said, "created_at": int(driver.now)})
            return ConnectionLost("It broke.")
        if request.path.endswith("/messages"):
            return ok({"items": kept})
        return ok({"session_id": "abc", "status": "running"})

    driver = Driver(answer)
    sent = driver.run(SendEnterpriseMessage(session_id="abc", message="Go on.", **hint).flow())
    assert sent.delivery == "found" and len(driver.writes) == 1
    session = "/v3/enterprise/sessions/devin-abc"
    assert [request.path for request in driver.requests] == [f"{session}/messages"] * 2 + [session]
    assert all(set(query) <= set(request.query) for request in driver.requests)


def test_whether_a_message_wakes_a_session_is_read_on_the_enterprise_s_path() -> None:
    def answer(request: Request) -> Any:
        held = {"session_id": "abc", "status": "suspended", "status_detail": "out_of_quota"}
        return ok(held if request.method == "GET" else held | {"status_detail": None})

    driver = Driver(answer)
    sent = driver.run(SendEnterpriseMessage(session_id="abc", message="Go on.").flow())
    assert not sent.resumed
    assert driver.requests[-1].path == "/v3/enterprise/sessions/devin-abc"
