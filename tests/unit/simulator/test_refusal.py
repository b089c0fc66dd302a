"""Requests that the simulated API does not take: wrong ids, bodies and queries."""

from __future__ import annotations

import json

import httpx
import pytest
from support.laws import for_every
from support.simulated_api import Api

from devin_tools import Simulator


@pytest.fixture
def api(simulator: Simulator) -> Api:
    return Api(simulator)


@pytest.mark.parametrize("suffix", ["", "/messages", "/attachments", "/tags"])
def test_a_path_needs_the_id_of_a_session_that_exists(api, suffix):
    path = api.create()
    bare = path.removeprefix("/sessions/devin-")
    assert api("GET", path + suffix)[0] == 200
    assert api("GET", f"/sessions/{bare}{suffix}")[0] == 200  # as answers give it
    for wrong in (
        bare.upper(),
        f"devin-{bare}0",
        "devin-",
        "devin-a%2Fb",
        "%20",
        "%00",
        f"devin-devin-{bare}",
    ):
        status, problem = api("GET", f"/sessions/{wrong}{suffix}")
        assert (status, problem["detail"]) == (404, "Session not found")


WRONG_BODIES = [
    ({}, "prompt"),
    ({"prompt": None}, "prompt"),
    ({"prompt": 7}, "prompt"),
    ({"prompt": "x", "tags": "a,b"}, "tags"),
    ({"prompt": "x", "tags": [1]}, "tags"),
    ({"prompt": "x", "max_acu_limit": 0}, "max_acu_limit"),
    ({"prompt": "x", "max_acu_limit": "5"}, "max_acu_limit"),
    ({"prompt": "x", "max_acu_limit": 1.5}, "max_acu_limit"),
    ({"prompt": "x", "resumable": None}, "resumable"),
    ({"prompt": "x", "resumable": "yes"}, "resumable"),
    ({"prompt": "x", "repos": "acme/shop"}, "repos"),
    ({"prompt": "x", "devin_mode": "warp"}, "devin_mode"),
    ({"prompt": "x", "attachment_urls": ["ftp://x"]}, "attachment_urls"),
    ({"prompt": "x", "session_secrets": [{"key": "", "value": "v"}]}, "session_secrets"),
    ({"prompt": "x", "session_secrets": [{"key": "K"}]}, "session_secrets"),
    ({"prompt": "x", "structured_output_schema": {"type": "no such"}}, "structured_output_schema"),
    ({"prompt": "x", "structured_output_schema": {"$ref": "https://a/b"}}, "structured_output_schema"),
    ({"prompt": "x", "structured_output_schema": {"x": "y" * 65_536}}, "structured_output_schema"),
]  # fmt: skip


@for_every("body, field", lambda: WRONG_BODIES)
def test_a_wrong_body_is_refused_by_field_and_creates_nothing(api, body, field):
    status, problem = api("POST", "/sessions", body)
    assert status == 422
    assert [error["loc"][:2] for error in problem["errors"]] == [["body", field]]
    assert not api.simulator.world.sessions


def test_a_wrong_body_is_refused_before_a_wrong_path(api):
    status, problem = api("POST", "/sessions/%20/messages", {})
    assert status == 422
    assert [error["loc"] for error in problem["errors"]] == [["body", "message"]]


def test_bounds_of_this_package_are_none_of_the_api(api):
    """Empty text, ids without their prefix, more tags than a tag endpoint takes: no document forbids them."""
    for query in ({"session_ids": "0" * 32}, {"tags": ""}, {"created_after": 10**15}, {"user_ids": "a b"}):
        assert api("GET", "/sessions", **query)[0] == 200
    assert api("GET", "/knowledge/notes", search="")[0] == 200
    key = {"key": "K", "value": "v", "brand_new": 1}
    api.create(prompt="", tags=["t"] * 51, session_secrets=[key], playbook_id="")
    index = {"repositories": [{"repository_path": "acme/shop", "brand_new": 1}]}
    beta = f"/v3beta1/organizations/{api.simulator.world.org_id}/repositories"
    assert api("PUT", f"{beta}/indexing", index)[0] == 200
    assert api("GET", f"{beta}/acme%2Fshop/indexing")[0] == 200


STRICT = [
    ("GET", "/sessions/{bare}", {}, 404),
    ("GET", "/sessions", {"session_ids": "{bare}"}, 422),
    ("GET", "/sessions", {"parent_session_id": "{bare}"}, 422),
]  # fmt: skip


@for_every("method, path, query, status", lambda: STRICT)
def test_strict_ids_want_the_prefix_everywhere(method, path, query, status):
    api = Api(Simulator(strict_ids=True))
    bare = api.create().removeprefix("/sessions/devin-")
    for text, expected in ((bare, status), (f"devin-{bare}", 200)):
        asked = {name: value.format(bare=text) for name, value in query.items()}
        assert api(method, path.format(bare=text), **asked)[0] == expected


def test_an_error_inside_a_list_says_which_item(api):
    _, problem = api(
        "POST",
        "/sessions",
        {"prompt": "x", "session_secrets": [{"key": "K", "value": "hidden!"}, {"key": "K"}]},
    )
    assert problem["errors"][0]["loc"] == ["body", "session_secrets", 1, "value"]
    assert "hidden!" not in json.dumps(problem)


@pytest.mark.parametrize("platform", ["amiga", "linux", "default", "my-pool"])
def test_an_unknown_platform_is_a_bad_request_that_lists_the_allowed(api, platform):
    status, problem = api("POST", "/sessions", {"prompt": "x", "platform": platform})
    assert (status, "inherit, windows" in problem["detail"]) == (400, True)
    assert api.create(platform="Windows")


def test_a_whole_number_may_be_written_with_a_point(api):
    assert api("POST", "/sessions", {"prompt": "x", "max_acu_limit": 5.0})[0] == 200
    assert api("POST", "/sessions", {"prompt": "x", "max_acu_limit": 5.5})[0] == 422


def test_unknown_keys_are_ignored(api):
    path = api.create(idempotent=True, snapshot_id=3, maxAcuLimit="no")
    assert api("GET", "/sessions", limit=1, devin_id="x", qs="{")[1]["total"] == 1
    assert api("POST", f"{path}/messages", {"message": "x", "session_id": 5})[0] == 200


WRONG_QUERIES = {
    "first": ["0", "201", "-1", "x", ""],
    "origins": ["teleport", "api,teleport"],
    "category": ["magic"],
    "is_archived": ["maybe"],
    "created_after": ["yesterday"],
}


@for_every("wire, value", lambda: [(k, v) for k, vs in WRONG_QUERIES.items() for v in vs])
def test_a_wrong_query_is_refused_under_its_wire_name(api, wire, value):
    status, problem = api("GET", "/sessions", **{wire: value})
    assert status == 422
    assert [error["loc"][:2] for error in problem["errors"]] == [["query", wire]]


WRONG_CURSORS = ["", "x", "é", "TGlzdA==", "TGlzdFNlc3Npb25zOi0x", "TGlzdFNlc3Npb25zOjFfMA=="]


@for_every("cursor", lambda: WRONG_CURSORS)
def test_a_cursor_that_no_page_gave_is_a_bad_request(api, cursor):
    status, problem = api("GET", "/sessions", after=cursor)
    assert (status, problem["detail"], problem["errors"]) == (400, "Invalid cursor in 'after'", None)


def test_only_json_bodies_are_read_and_only_where_one_is_wanted(simulator, api):
    path = f"/v3/organizations/{simulator.world.org_id}"
    headers = {"authorization": "Bearer cog_any"}
    with httpx.Client(transport=simulator.transport(), base_url="https://x", headers=headers) as client:
        assert client.post(f"{path}/sessions", data={"prompt": "x"}).status_code == 422
        assert client.post(f"{path}/sessions", content=b'{"prompt": "x"}').status_code == 422
        assert client.post(f"{path}/sessions", content=b"{", headers={"authorization": ""}).status_code == 401
        assert client.post(f"{path}/nowhere", content=b"{").status_code == 404
        assert not simulator.world.sessions
        kind = {"content-type": "Application/JSON; charset=utf-8"}
        assert client.post(f"{path}/sessions", content=b'{"prompt": "x"}', headers=kind).status_code == 200
        assert client.post(f"{path}{api.create()}/archive", content=b"{").status_code == 200


@pytest.mark.parametrize("unit", ["dau", "wau", "mau"])
@pytest.mark.parametrize("begin", [-(10**14), 10**14, 250_000_000_000])
def test_days_that_no_calendar_has_are_refused_or_counted(api, unit, begin):
    status, _ = api("GET", f"/metrics/{unit}", time_after=begin, time_before=begin + 1)
    assert status == (200 if begin == 250_000_000_000 else 422)


def test_what_people_may_write_in_text_is_not_the_api_s(api):
    path = api.create(tags=["keep"])
    for text in ('["ops"]', "ops", "[ops]", ["a", ["b"]]):
        status, problem = api("PUT", f"{path}/tags", {"tags": text})
        assert status == 422 and "tags" in json.dumps(problem)
    assert api("POST", "/sessions", {"prompt": "x", "structured_output_schema": "{}"})[0] == 422
    assert api("POST", "/sessions", {"prompt": "x", "repos": '["acme/shop"]'})[0] == 422
    assert "keep" in api("GET", f"{path}/tags")[1]["tags"]


def test_a_filter_in_a_query_is_the_text_that_it_is(api):
    api.create(tags=['["ops"]', "ops"])
    for text, count in (('["ops"]', 1), ("ops", 1), ('["keep"]', 0), ("null", 0), ("[ops", 0)):
        status, listed = api("GET", "/sessions", tags=text)
        assert (status, len(listed["items"])) == (200, count)
