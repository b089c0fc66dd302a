"""HTTP as plain values."""

from __future__ import annotations

import json

import pytest
from pydantic import SecretStr

from devin_tools.errors import InvalidArguments
from devin_tools.wire import DELETE, GET, PATCH, POST, PUT, Request, Response, dump_json

PATH = "/v3/organizations/{org_id}/sessions/{session_id}/tags"


@pytest.mark.parametrize(
    ("verb", "method", "sends_body"),
    [
        (GET, "GET", False),
        (POST, "POST", True),
        (PUT, "PUT", True),
        (PATCH, "PATCH", True),
        (DELETE, "DELETE", False),
    ],
)
def test_a_route_knows_its_verb_and_whether_a_body_goes_with_it(verb, method, sends_body) -> None:
    route = verb(PATH)
    assert (str(route), route.sends_body) == (f"{method} {PATH}", sends_body)


def test_a_route_knows_its_placeholders_in_order() -> None:
    assert GET(PATH).placeholders == ("org_id", "session_id")


def test_routes_are_values() -> None:
    assert GET(PATH) == GET(PATH) != POST(PATH)
    assert len({GET(PATH), GET(PATH)}) == 1


def test_a_pattern_takes_a_path_apart() -> None:
    match = GET(PATH).pattern.fullmatch("/v3/organizations/org-1/sessions/devin-2/tags")
    assert match and match.groupdict() == {"org_id": "org-1", "session_id": "devin-2"}


@pytest.mark.parametrize(
    "path",
    [
        "/v3/organizations/org-1/sessions/devin-2",
        "/v3/organizations/org-1/sessions/devin-2/tags/",
        "/v3/organizations/org-1/sessions//tags",
        "/v3/organizations/org-1/sessions/a/b/tags",
        "/v3/organizations/org-1/sessions/devin-2/tagsX",
    ],
)
def test_a_pattern_matches_no_other_path(path: str) -> None:
    assert GET(PATH).pattern.fullmatch(path) is None


def test_a_pattern_takes_dots_literally() -> None:
    assert GET("/v3.1/self").pattern.fullmatch("/v3x1/self") is None


def test_json_is_compact_and_reveals_secrets_only_in_the_bytes() -> None:
    body = {"a": [1, None, True], "é": {"secret": SecretStr("hunter2")}}
    assert "hunter2" not in repr(Request("POST", "/", body=body))
    assert dump_json(body) == b'{"a":[1,null,true],"\\u00e9":{"secret":"hunter2"}}'


def test_what_is_not_json_is_refused_without_showing_it() -> None:
    with pytest.raises(TypeError, match="a value of type set") as caught:
        dump_json({"a": {"hunter2"}})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_a_number_that_json_cannot_say_is_refused(odd: float) -> None:
    with pytest.raises(InvalidArguments, match="a number or a nesting that JSON cannot say"):
        dump_json({"a": odd})


def test_a_response_reads_its_json() -> None:
    assert Response(200, b'{"a": 1}').json() == {"a": 1}


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"\xff\xfe\xff", b"[" * 100_000])
def test_a_body_that_is_not_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        Response(200, body).json()


def test_a_number_of_any_size_is_read_as_python_reads_it() -> None:
    assert Response(200, json.dumps({"n": 2**70}).encode()).json() == {"n": 2**70}


def test_a_placeholder_of_several_segments_keeps_its_slashes() -> None:
    route = GET("/repositories/{repository_path:path}/indexing")
    assert route.placeholders == ("repository_path",)
    assert str(route) == "GET /repositories/{repository_path}/indexing"
    match = route.pattern.fullmatch("/repositories/acme/shop/indexing")
    assert match is not None and match["repository_path"] == "acme/shop"
    assert route.pattern.fullmatch("/repositories//indexing") is None
    assert route.keeps_slashes("repository_path") and not GET(PATH).keeps_slashes("session_id")


def test_a_removal_can_say_in_a_body_what_to_remove() -> None:
    assert DELETE(PATH, sends_body=True).sends_body and not DELETE(PATH).sends_body


def test_a_path_says_the_scope_of_its_key_and_whether_it_is_a_beta() -> None:
    paths = {
        "/v3/enterprise/roles": ("enterprise", False),
        "/v3beta1/enterprise/service-users": ("enterprise", True),
        "/v3/organizations/{org_id}/sessions": ("organization", False),
        "/v3/organizations/{org_id}/enterprise/x": ("organization", False),
        "/v3/enterprises": ("organization", False),
        "/opbeta/outposts": ("outposts", True),
        "/v3/self": ("organization", False),
    }
    assert {path: (GET(path).scope, GET(path).is_beta) for path in paths} == paths
