"""A path that is not there is answered with where the operation is, whichever version or scope was meant."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from devin_tools import Simulator

ORG = "/v3/organizations/{org_id}"
SESSION = f"{ORG}/sessions/{{session_id}}"


@pytest.fixture
def client(simulator: Simulator) -> httpx.Client:
    headers = {"authorization": "Bearer apk_of_v1"}
    return httpx.Client(transport=simulator.transport(), base_url="https://x", headers=headers)


def detail_of(client: httpx.Client, method: str, path: str, status: int = 404) -> Any:
    answer = client.request(method, path)
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["instance"]) == (status, status, path)
    return problem["detail"]


V1 = {
    ("POST", "/v1/sessions"): f"POST {ORG}/sessions",
    ("GET", "/v1/sessions"): f"GET {ORG}/sessions",
    ("GET", "/v1/session/devin-1"): f"GET {SESSION}",
    ("GET", "/v1/sessions/devin-1"): f"GET {SESSION}",
    ("POST", "/v1/session/devin-1/message"): f"POST {SESSION}/messages",
    ("POST", "/v1/sessions/devin-1/message"): f"POST {SESSION}/messages",
    ("PUT", "/v1/session/devin-1/tags"): f"PUT {SESSION}/tags",
    ("DELETE", "/v1/sessions/devin-1"): f"DELETE {SESSION}",
    ("POST", "/v1/attachments"): f"POST {ORG}/attachments",
    ("GET", "/v1/attachments/1/a.txt"): f"GET {ORG}/attachments/{{file_id}}/{{name}}",
    ("GET", "/v1/secrets"): f"GET {ORG}/secrets",
    ("GET", "/v1/knowledge"): f"GET {ORG}/knowledge/notes",
    ("PUT", "/v1/knowledge/note-1"): f"PUT {ORG}/knowledge/notes/{{note_id}}",
    ("POST", "/v1/playbooks"): f"POST {ORG}/playbooks",
    ("GET", "/beta/v1/sessions/devin-1"): f"GET {SESSION}",
    ("GET", "/v2/enterprise/consumption/daily"): f"GET {ORG}/consumption/daily",
}


@pytest.mark.parametrize(("asked", "place"), V1.items())
def test_an_older_version_is_named_whatever_the_key_with_the_place_in_v3(
    client: httpx.Client, asked: tuple[str, str], place: str
) -> None:
    detail = detail_of(client, *asked)
    assert f"no {'v2' if 'v2' in asked[1] else 'v1'}, which the vendor has deprecated" in detail
    assert f"this is {place} of v3, with a key that begins with cog_" in detail


def test_an_older_version_of_what_is_not_there_is_named_too(client: httpx.Client) -> None:
    for path in ("/v1", "/v1/", "/v2/enterprise/api-keys", "/v1/enterprise/audit-logs"):
        assert "docs/simulator.md" in detail_of(client, "GET", path)


PLACES = {
    ("GET", "/v3/sessions"): f"GET {ORG}/sessions",
    ("GET", "/sessions"): f"GET {ORG}/sessions",
    ("GET", "/organizations/org-1/sessions"): f"GET {ORG}/sessions",
    ("GET", "/v3/v3/organizations/org-1/sessions"): f"GET {ORG}/sessions",
    ("GET", "/v3/organizations/org-1/sessions/"): f"GET {ORG}/sessions",
    ("POST", "/v3beta1/organizations/org-1/sessions"): f"POST {ORG}/sessions",
    ("GET", "/v3/organizations/org-1/session/devin-1"): f"GET {SESSION}",
    ("POST", "/v3/organizations/org-1/sessions/devin-1/message"): f"POST {SESSION}/messages",
    ("POST", "/v3/organizations/org-1/sessions/devin-1/terminate"): f"DELETE {SESSION}",
    ("POST", "/v3/organizations/org-1/knowledge"): f"POST {ORG}/knowledge/notes",
    ("GET", "/v3/organizations/org-1/repositories"): "GET /v3beta1/organizations/{org_id}/repositories",
    ("GET", "/v3beta1/self"): "GET /v3/self",
}


@pytest.mark.parametrize(("asked", "place"), PLACES.items())
def test_a_path_that_is_written_otherwise_is_answered_with_the_place(
    client: httpx.Client, asked: tuple[str, str], place: str
) -> None:
    client.headers["authorization"] = "Bearer cog_any"
    assert detail_of(client, *asked) == f"Not Found: it is {place}"


def test_an_enterprise_is_answered_with_what_an_organisation_has(client: httpx.Client) -> None:
    client.headers["authorization"] = "Bearer cog_any"
    assert f"it is GET {ORG}/schedules" in detail_of(client, "GET", "/v3/enterprise/schedules")
    assert detail_of(client, "GET", "/v3/enterprise/robots").endswith("an enterprise has no such operation")


def test_other_paths_are_not_found_and_other_methods_are_named(client: httpx.Client) -> None:
    client.headers["authorization"] = "Bearer cog_any"
    for path in ("/v3/organizations/org-1/robots", "/", "/nowhere", "/v3/organizations"):
        assert detail_of(client, "GET", path) == "Not Found: the simulator has no such path"
    path = "/v3/organizations/org-1/sessions"
    assert detail_of(client, "DELETE", path, 405) == "Method Not Allowed: this path takes GET, POST"
    assert client.delete(path).headers["allow"] == "GET, POST"


def test_what_is_not_there_is_told_to_nobody_without_a_key(client: httpx.Client) -> None:
    detail = detail_of(client, "GET", "/v3/sessions", 401)
    assert "keys of v3 begin with cog_" in detail and "apk_of_v1" not in detail


def test_the_organisation_is_named_where_it_is_another(client: httpx.Client, simulator: Simulator) -> None:
    client.headers["authorization"] = "Bearer cog_any"
    detail = detail_of(client, "GET", "/v3/organizations/org-mine/sessions", 403)
    assert detail.endswith(f"on this organization; the simulator's own is {simulator.world.org_id}")
