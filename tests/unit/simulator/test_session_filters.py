"""Lists of the simulated API: filters, pages, messages, files and tags."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.laws import for_every
from support.simulated_api import Api

from devin_tools import ListSessions, Simulator
from devin_tools.paging.pages import Paged
from devin_tools.simulator import session_filters as listing
from devin_tools.simulator.clock import EPOCH

T = int(EPOCH)
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def api(simulator: Simulator) -> Api:
    return Api(simulator)


@pytest.fixture
def three(api: Api) -> Api:
    """Return a world of three sleeping sessions: a, b, and c, which is archived."""
    for title, prompt, fields in (
        ("a", "Fix it.", {"tags": ["x", "red"], "playbook_id": "playbook-1", "create_as_user_id": "okta|1"}),
        ("b", "Add it.", {"tags": ["y"], "repos": ["acme/billing"]}),
        ("c", "Fix it.", {"tags": ["x"], "repos": ["acme/shop"]}),
    ):
        path = api.create(
            title=title, **{"repos": ["acme/shop", "acme/web"]} | fields, prompt=prompt + " #simulate:sleeps"
        )
        api.simulator.clock.step(100)
    assert api("POST", f"{path}/archive")[0] == 200
    return api


FILTERS: list[tuple[dict[str, Any], str]] = [
    ({}, "ba"),
    ({"is_archived": "false"}, "ba"),
    ({"is_archived": "true"}, "c"),
    ({"tags": "x"}, "a"),
    ({"tags": "x", "is_archived": "true"}, "c"),
    ({"tags": ["x", "y"]}, "ba"),
    ({"tags": "x,y"}, ""),
    ({"tags": "z"}, ""),
    ({"repo_names": "acme/shop"}, "a"),
    ({"repo_names": ["acme/billing", "acme/web"]}, "ba"),
    ({"repo_names": "acme"}, ""),
    ({"playbook_id": "playbook-1"}, "a"),
    ({"playbook_id": "playbook-2"}, ""),
    ({"user_ids": ["okta|1", "okta|2"]}, "a"),
    ({"user_ids": "okta|2"}, ""),
    ({"service_user_ids": "service-user-simulator"}, "ba"),
    ({"service_user_ids": "service-user-other"}, ""),
    ({"origins": ["slack", "api"]}, "ba"),
    ({"origins": "slack"}, ""),
    ({"category": "bug_fixing"}, "a"),
    ({"category": "feature_development"}, "b"),
    ({"category": "security"}, ""),
    ({"created_after": T + 1}, "b"),
    ({"created_after": T, "created_before": T}, "a"),
    ({"created_before": T - 1}, ""),
    ({"updated_after": T + 100}, "b"),
    ({"updated_before": T + 18}, "a"),
    ({"updated_before": T + 17}, ""),
    ({"updated_after": T + 300, "is_archived": "true"}, "c"),
    ({"session_ids": "devin-" + "0" * 32}, ""),
    ({"schedule_id": "sched-1"}, ""),
    ({"automation_ids": "automation-1"}, ""),
    ({"parent_session_id": "devin-" + "0" * 32}, ""),
    ({"tags": "x", "category": "feature_development"}, ""),
]


@for_every("query, titles", lambda: FILTERS)
def test_a_filter_lists_what_passes_it_newest_first(three, query, titles):
    assert three.listed(**query) == list(titles)


def test_every_filter_of_the_tool_is_tried_here():
    assert {
        name for query, _ in FILTERS for name in query
    } == ListSessions.model_fields.keys() - Paged.model_fields.keys()


def test_sessions_are_found_by_their_prefixed_ids(three):
    ids = [f"devin-{session_id}" for session_id in three.simulator.world.sessions]
    assert three.listed(session_ids=ids) == ["b", "a"]
    assert three.listed(session_ids=ids[0]) == ["a"]


def pages(api: Api, path: str, first: int, between: Any) -> list[dict[str, Any]]:
    """Walk over all pages, doing something `between` them."""
    walked: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while not walked or walked[-1]["has_next_page"]:
        status, page = api("GET", path, first=first, **cursor)
        assert status == 200, page
        walked.append(page)
        cursor = {"after": page["end_cursor"]}
        between()
    return walked


@pytest.mark.parametrize("first", range(1, 9))
def test_pages_hold_every_session_once_while_new_ones_arrive(api, first):
    before = [api.create(title=str(number)) for number in range(7)]
    walked = pages(api, "/sessions", first, between=lambda: api.create(title="late"))
    titles = [session["title"] for page in walked for session in page["items"]]
    assert titles == [str(number) for number in range(6, -1, -1)]
    assert len(walked) == -(-len(before) // first)
    assert all(len(page["items"]) == first for page in walked[:-1])
    assert [page["end_cursor"] for page in walked].index(None) == len(walked) - 1
    assert [page["total"] for page in walked] == [7 + number for number in range(len(walked))]


@pytest.mark.parametrize("first", [1, 2, 3, 200])
def test_pages_of_messages_run_oldest_first_and_end_with_what_arrived_meanwhile(api, first):
    path = api.create(prompt="0")
    for number in range(1, 5):
        api("POST", f"{path}/messages", {"message": str(number)})
    late = iter(["5", "6"])

    def say_more() -> None:
        for text in late:
            api("POST", f"{path}/messages", {"message": text})

    walked = pages(api, f"{path}/messages", first, between=say_more)
    messages = [message for page in walked for message in page["items"]]
    expected = "01234" if first == 200 else "0123456"
    assert [message["message"] for message in messages] == list(expected)
    assert len({message["event_id"] for message in messages}) == len(messages)
    assert all(message.keys() == {"event_id", "source", "message", "created_at"} for message in messages)


def test_a_cursor_works_for_its_own_list_only(api):
    path = api.create()
    api("POST", f"{path}/messages", {"message": "more"})
    cursor = api("GET", f"{path}/messages", first=1)[1]["end_cursor"]
    assert api("GET", f"{path}/messages", after=cursor)[0] == 200
    api.create()
    assert api("GET", "/sessions", after=cursor)[0] == 400


def test_a_page_is_filtered_after_its_cursor_too(api):
    for number in range(6):
        api.create(title=str(number), tags=["even" if number % 2 == 0 else "odd"])
    page = api("GET", "/sessions", first=2, tags="even")[1]
    assert [session["title"] for session in page["items"]] == ["4", "2"]
    assert api.listed(first=2, tags="even", after=page["end_cursor"]) == ["0"]


def test_a_page_without_a_size_holds_a_hundred(api):
    for _ in range(101):
        api.create()
    page = api("GET", "/sessions")[1]
    assert (len(page["items"]), page["has_next_page"]) == (100, True)
    assert len(api("GET", "/sessions", first=200)[1]["items"]) == 101


def test_a_very_long_list_is_not_counted(api, monkeypatch):
    monkeypatch.setattr(listing, "COUNTED_SESSIONS", 1)
    api.create()
    assert api("GET", "/sessions")[1]["total"] == 1
    api.create()
    assert api("GET", "/sessions")[1]["total"] is None


def test_files_come_as_a_bare_list(api):
    path = api.create()
    assert api("GET", f"{path}/attachments") == (200, [])
    api.simulator.clock.step(300)
    ((file,),) = api("GET", f"{path}/attachments")[1:]
    assert file.keys() == {"attachment_id", "name", "url", "source", "content_type"}
    assert re.fullmatch(rf"https://app\.devin\.ai/attachments/{UUID}/{file['name']}", file["url"])


def test_pull_requests_of_different_sessions_differ(api):
    paths = [api.create() for _ in range(3)]
    for _ in range(2):
        api.simulator.clock.step(300)
        for path in paths:
            api("POST", f"{path}/messages", {"message": "more"})
    api.simulator.clock.step(300)
    urls = [pr["pr_url"] for path in paths for pr in api("GET", path)[1]["pull_requests"]]
    assert len(set(urls)) == len(urls) == 9


def test_tags_are_kept_once_each_in_order(api):
    path = api.create(tags=["a", "b", "a"]) + "/tags"
    assert api("GET", path) == (200, {"tags": ["a", "b"]})
    assert api("POST", path, {"tags": ["c", "b"]}) == (200, {"tags": ["a", "b", "c"]})
    assert api("PUT", path, {"tags": ["z", "z"]}) == (200, {"tags": ["z"]})
    assert api("PUT", path, {"tags": []}) == (200, {"tags": []})


def test_a_session_holds_fifty_tags_at_most(api):
    path = api.create(tags=[f"t{number}" for number in range(49)]) + "/tags"
    assert api("POST", path, {"tags": ["t0", "last"]})[0] == 200
    assert api("POST", path, {"tags": ["more"]})[0] == 422
    assert len(api("GET", path)[1]["tags"]) == 50


def test_an_archived_session_keeps_its_tags_as_they_are(api):
    path = api.create(tags=["kept"])
    api("POST", f"{path}/archive")
    assert api("POST", f"{path}/tags", {"tags": ["more"]})[0] == 409
    assert api("PUT", f"{path}/tags", {"tags": []})[0] == 409
    assert api("GET", f"{path}/tags") == (200, {"tags": ["kept"]})
    api("POST", f"{path}/unarchive")
    assert api("PUT", f"{path}/tags", {"tags": []}) == (200, {"tags": []})
