"""Requests that strangers and models make up: each is refused in the one shape, and the API hears nothing."""

from __future__ import annotations

import json
import os
from itertools import product
from typing import Any

import httpx
from support.laws import for_every
from support.served_apps import KEY, TOKEN, ask, kind, over, simulated

from devin_tools import Simulator
from devin_tools.server import App, Console

LIST, CREATE = "devin_list_sessions", "devin_create_session"
JSON = {"Content-Type": "application/json"}
SECRET = [{"key": "K", "value": "env:HOME"}]


def furnished(simulator: Simulator, **more: Any) -> App:
    """Serve with all the doors there are."""
    return simulated(simulator, console=Console(is_simulated=False), **more)


def nested(times: int) -> str:
    return '{"x":' * times + "1" + "}" * times


BODIES: dict[tuple[str, str], int] = {
    (LIST, '{"limit": Infinity}'): 400,
    (LIST, '{"limit": -Infinity}'): 400,
    (LIST, '{"limit": 1e999}'): 422,
    (LIST, '{"limit": -1e999}'): 422,
    (LIST, '{"limit": -0}'): 422,
    (LIST, '{"limit": %s}' % ("9" * 4000)): 422,
    (LIST, '{"limit": %s}' % ("9" * 5000)): 400,
    (LIST, '{"limit": %s}' % ("[" * 900 + "]" * 900)): 422,
    (LIST, '{"limit": 1, "limit": 0}'): 422,
    (LIST, '{"limit": "@/etc/passwd"}'): 422,
    (LIST, "null"): 400,
    (LIST, "1"): 400,
    (LIST, '{"limit": 1}{"limit": 1}'): 400,
    (LIST, nested(100_000)): 400,
    ("devin_get_session", '{"session_id": "../../v3/self"}'): 422,
    ("devin_get_session", '{"session_id": "%2e%2e/self"}'): 422,
    (CREATE, '{"prompt": "a", "max_acu_limit": 1, "maxAcuLimit": 999}'): 422,
    (CREATE, '{"prompt": "a", "structured_output_schema": {"type": "object", "maximum": 1e999}}'): 422,
    (CREATE, json.dumps({"prompt": "a", "structured_output_schema": '{"maximum": NaN}'})): 422,
    (CREATE, json.dumps({"prompt": "a", "structured_output_schema": '{"a":' * 50_000})): 422,
}  # fmt: skip


@for_every("name, body, status", lambda: ((*asked, status) for asked, status in BODIES.items()))
def test_a_body_that_means_harm_is_refused(simulator: Simulator, name: str, body: str, status: int) -> None:
    got = ask(simulated(simulator), name, body.encode(), headers=JSON)
    assert (got.status_code, kind(got)) == (status, "usage" if status == 400 else "invalid_arguments")
    assert not simulator.requests


PERSONS = [
    {"session_secrets": SECRET},
    {"sessionSecrets": SECRET},
    {"sessionSecrets": None, "session_secrets": SECRET},
    {"session_secrets": [{"key": "K", "value": "file:/etc/passwd"}]},
    {"bypass_approval": True},
    {"bypassApproval": True},
]


@for_every("given", lambda: PERSONS)
def test_no_spelling_of_what_only_a_person_may_fill_is_taken(simulator: Simulator, given: Any) -> None:
    got = ask(simulated(simulator), CREATE, {"prompt": "a"} | given)
    assert (got.status_code, kind(got)) == (422, "invalid_arguments")
    assert "HOME" not in got.text and "passwd" not in got.text
    assert not simulator.requests


class Sent:
    """An API that keeps the bodies it was sent."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"session_id": "abc"})


def test_of_a_field_that_is_written_twice_the_one_that_is_judged_is_the_one_that_is_sent() -> None:
    secret, api = f'"session_secrets": {json.dumps(SECRET)}', Sent()
    for second, status in ((secret, 422), ('"session_secrets": null', 200)):
        body = '{"prompt": "a", ' + secret + ", " + second + "}"
        assert ask(over(api), CREATE, body.encode(), headers=JSON).status_code == status
    assert [set(body) for body in api.bodies] == [{"prompt", "tags"}]


def test_what_names_a_file_or_a_variable_is_text_to_a_server() -> None:
    given, api = {"prompt": "@/etc/passwd", "title": "file:/etc/passwd", "tags": ["env:HOME"]}, Sent()
    assert ask(over(api, settings={"tag_creates": False}), CREATE, given).status_code == 200
    assert api.bodies == [given]


@for_every("where", lambda: ("run", "preview", "snippets"))
def test_the_page_for_people_reads_no_secret_of_the_server_either(simulator: Simulator, where: str) -> None:
    body = {"prompt": "a", "session_secrets": [{"key": "K", "value": "env:PATH"}, *SECRET]}
    path = f"/console/api/tools/{CREATE}/{where}"
    got = ask(furnished(simulator), path, body, method="POST", headers={"X-Devin-Confirm": "true"})
    assert os.environ["PATH"] not in got.text
    assert (where == "snippets") or got.status_code == 422
    assert not simulator.requests


PATHS: dict[str, int] = {
    f"//tools/{LIST}": 404,
    f"/tools/../tools/{LIST}": 401,
    "/tools/%64evin_list_sessions": 401,
    f"/tools/{LIST}/": 401,
    f"/tools/{LIST}%00": 401,
    f"/tools/{LIST}%0aX": 401,
    f"/tools/{LIST}?token={TOKEN}&access_token={TOKEN}": 401,
    f"/TOOLS/{LIST}": 404,
    "/healthz%0a": 404,
    "/console/api/about%0a": 405,
    "/tools/%2e%2e/console/api/about": 401,
    "/tools/..%2f..%2fhealthz": 401,
    "/console/api/%61bout": 405,
}


@for_every("path, status", PATHS.items)
def test_no_way_of_writing_a_path_leads_past_the_token(simulator: Simulator, path: str, status: int) -> None:
    got = ask(furnished(simulator), path, {}, method="POST", headers={"Authorization": ""})
    assert got.status_code == status and not simulator.requests


FILES = ["..%2f..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/app.py", "assets.py", "vendor/../../consent.py",
         "%2fetc/passwd", "vendor%5c..%5c..%5capp.py", "assets.py%00.js", "..;/app.py"]  # fmt: skip


@for_every("name", lambda: FILES)
def test_the_page_for_people_gives_out_no_file_but_its_own(simulator: Simulator, name: str) -> None:
    got = ask(furnished(simulator), f"/console/{name}")
    assert got.status_code == 404 and kind(got) == "not_found"


WORDS = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Host": "localhost",
    "X-Forwarded-Proto": "https",
    "Forwarded": "for=127.0.0.1;host=localhost",
    "X-Real-IP": "127.0.0.1",
    "X-Original-URL": "/healthz",
    "X-Rewrite-URL": "/healthz",
    "Authorization_": f"Bearer {TOKEN}",
    "X-Api-Key": TOKEN,
    "Cookie": f"token={TOKEN}",
}


@for_every("name", WORDS.keys)
def test_no_other_header_stands_for_the_token_or_for_the_host(simulator: Simulator, name: str) -> None:
    stranger = {name: WORDS[name], "Authorization": ""}
    assert ask(simulated(simulator), LIST, {}, headers=stranger).status_code == 401
    rebound = stranger | {"Host": "rebound.example"}
    assert ask(simulated(simulator, token=None), LIST, {}, headers=rebound).status_code == 403
    assert not simulator.requests


@for_every("name", lambda: ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"))
def test_no_header_makes_another_verb_of_a_request(simulator: Simulator, name: str) -> None:
    got = ask(simulated(simulator), LIST, method="GET", headers={name: "POST"})
    assert got.status_code == 405 and not simulator.requests


@for_every("verb", lambda: ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "HEAD", "FOO"))
def test_a_tool_is_called_by_post_alone(simulator: Simulator, verb: str) -> None:
    assert ask(simulated(simulator), LIST, method=verb).status_code == 405
    assert not simulator.requests


@for_every("value", lambda: [f"Bearer {TOKEN}, Bearer x", f"Bearer x, Bearer {TOKEN}", f"Bearer {KEY}"])
def test_a_token_among_other_words_is_none(simulator: Simulator, value: str) -> None:
    got = ask(simulated(simulator), LIST, {}, headers={"Authorization": value})
    assert got.status_code == 401 and not simulator.requests


TWICE = {
    "Authorization": (f"Bearer {TOKEN}", "Bearer CANARY"),
    "Host": ("127.0.0.1", "CANARY.example"),
    "Origin": ("http://127.0.0.1", "http://CANARY.example"),
    "Content-Type": ("application/json", "text/CANARY"),
    "X-Devin-Confirm": ("true", "CANARY"),
    "X-Hub-Signature-256": ("sha256=" + "0" * 64, "CANARY"),
}


@for_every(
    "name, is_reversed, path",
    lambda: product(TWICE, (False, True), (LIST, "/openapi.json", "/healthz", "/hooks/alerts", "/none")),
)
def test_a_header_with_one_value_that_came_twice_is_refused(
    simulator: Simulator, name: str, is_reversed: bool, path: str
) -> None:
    values = reversed(TWICE[name]) if is_reversed else TWICE[name]
    headers = [("Authorization", f"Bearer {TOKEN}")] * (name != "Authorization")
    headers += [(name, value) for value in values]
    got = ask(simulated(simulator, origins=("http://127.0.0.1",)), path, {}, method="POST", headers=headers)
    assert (got.status_code, kind(got)) == (400, "usage") and "CANARY" not in got.text
    assert "access-control-allow-origin" not in got.headers and not simulator.requests


MEDIA_TYPES = ["application/json, text/plain", "text/json", "application/jsonp", "multipart/form-data",
               "text/plain; application/json", "application/json+x"]  # fmt: skip


@for_every("media_type", lambda: MEDIA_TYPES)
def test_what_only_resembles_json_by_its_name_is_refused(simulator: Simulator, media_type: str) -> None:
    got = ask(simulated(simulator), LIST, b"{}", headers={"Content-Type": media_type})
    assert got.status_code == 415 and not simulator.requests


def test_a_packed_body_is_not_unpacked(simulator: Simulator) -> None:
    got = ask(simulated(simulator), LIST, b"\x1f\x8b", headers=JSON | {"Content-Encoding": "gzip"})
    assert got.status_code == 400 and not simulator.requests


HOSTS: dict[str, int] = {
    **dict.fromkeys(("LOCALHOST", "127.0.0.1:8765", "127.0.0.2", "[::1]:1"), 200),
    **dict.fromkeys(
        ("127.0.0.1.evil.example", "localhost.evil.example", "localhost.", "0.0.0.0", "127.1", "2130706433",
         "0x7f000001", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "localhost-evil.example"), 403,
    ),
    **dict.fromkeys(
        ("127.0.0.1@evil", "evil#127.0.0.1", "", "localhost:x", "127.0.0.1,evil", "localhost/evil",
         "localhost?x", "evil.example\\@localhost", "[::1", "localhost evil"), 400,
    ),
}  # fmt: skip


@for_every("host, status", HOSTS.items)
def test_without_a_token_only_names_of_this_machine_are_answered(
    simulator: Simulator, host: str, status: int
) -> None:
    before = len(simulator.requests)
    got = ask(simulated(simulator, token=None), LIST, {}, headers={"Host": host})
    assert got.status_code == status
    assert (len(simulator.requests) > before) is (status == 200)


PAGES: dict[tuple[str, str], int] = {
    **{("Sec-Fetch-Site", site): 403 for site in ("same-site", "cross-site", "CROSS-SITE", "made-up", "")},
    **{("Sec-Fetch-Site", site): 200 for site in ("none", "same-origin")},
    ("Origin", "http://127.0.0.1"): 200,
    **{
        ("Origin", origin): 403
        for origin in (
            "null", "", "http://localhost", "http://127.0.0.1:9999", "https://127.0.0.1", "file://",
            "http://127.0.0.1.evil", "HTTP://127.0.0.1", "http://127.0.0.1/", "http://127.0.0.1, http://evil",
        )
    },
}  # fmt: skip


@for_every("name, value, status", lambda: ((*header, status) for header, status in PAGES.items()))
def test_without_a_token_only_the_server_s_own_page_may_ask(
    simulator: Simulator, name: str, value: str, status: int
) -> None:
    before = len(simulator.requests)
    got = ask(furnished(simulator, token=None), LIST, {}, headers={name: value})
    assert got.status_code == status
    assert (len(simulator.requests) > before) is (status == 200)


def test_no_page_frames_the_console_and_no_cache_keeps_its_data(simulator: Simulator) -> None:
    page = ask(furnished(simulator, token=None), "/console/").headers
    assert page["x-frame-options"] == "DENY" and "frame-ancestors 'none'" in page["content-security-policy"]
    assert "require-trusted-types-for 'script'" in page["content-security-policy"]
    data = ask(furnished(simulator, token=None), "/console/api/about").headers
    assert data["cache-control"] == "no-store" and data["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in data


@for_every("times", lambda: range(110, 500, 13))
def test_a_schema_that_is_nested_deeply_is_refused_before_it_is_judged(
    simulator: Simulator, times: int
) -> None:
    schema = '{"properties": {"a": ' * (times // 2) + "{}" + "}}" * (times // 2)
    body = '{"prompt": "a", "structured_output_schema": ' + schema + "}"
    got = ask(simulated(simulator), CREATE, body.encode(), headers=JSON)
    assert (got.status_code, kind(got)) == (422, "invalid_arguments")
    assert got.json()["error"]["details"][0]["path"] == "structured_output_schema"
    assert not simulator.requests
