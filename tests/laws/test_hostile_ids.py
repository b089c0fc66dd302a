"""Nothing a caller says can leave its place in the URL, or take the key to another host."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tools import routed

from devin_tools import Catalog, Client, Spec, Tool, describe
from devin_tools.api.shared.fields import Id
from devin_tools.codec import encode
from devin_tools.errors import InvalidArguments, MissingSetting
from devin_tools.tool import Output
from devin_tools.wire import GET, Request

pytestmark = pytest.mark.usefixtures("catalog")  # it is built before a test begins

HOSTILE = st.one_of(
    st.sampled_from(
        [
            "", " ", ".", "..", "/", "x/../../enterprise", "../x", "a?b", "a#b", "a%2fb", "..%2f..",
            "a\\b", "a;b", "devin-", "devin-..", "devin-/x", "-", "{org_id}", "a\nb", "a\r\nHost: evil",
            "a\x00b", "a\tb", "é", "\u2024\u2024", "\uff0f..", "x" * 300, "devin-" + "x" * 300,
            "//evil.example/sessions/a", "https://evil.example/", "https://evil.example/enterprise/a",
            "https://a/sessions/../enterprise", "https://a/sessions/..", "https://a/sessions/%2e%2e",
            "https://a/sessions/a/b", "https://a/sessions/a?x=/../b", "https://[", "http://",
            "https://evil\u2100b/sessions/x", "javascript:alert(1)/sessions/a",
        ]
    ),
    st.text(max_size=300),
    st.text("./\\%?#:@ \t\r\n\x00{}ax", max_size=12),
)  # fmt: skip


class Thing(Output):
    """Something with an opaque id."""


class GetThing(Tool[Thing]):
    """Read a thing by an id of a kind other than a session's."""

    route = GET("/v3/organizations/{org_id}/things/{thing_id}/parts")
    examples = ({"thing_id": "thing-1"},)

    thing_id: Id
    """Which thing."""


class GetRawThing(Tool[Thing]):
    """Read a thing by any text at all, as a careless plugin might."""

    route = GET("/v3/organizations/{org_id}/raw/{text}/parts")
    examples = ({"text": "x"},)

    text: str
    """Which thing."""


def url_of(request: Request, **settings: Any) -> httpx.URL:
    """Return the URL a client really sends to."""
    seen: list[httpx.URL] = []

    def answer(sent: httpx.Request) -> httpx.Response:
        seen.append(sent.url)
        return httpx.Response(200, json={})

    def flow() -> Any:
        yield request

    settings = {"api_key": "cog_key", "org_id": "org-sample"} | settings
    with Client(transport=httpx.MockTransport(answer), guards=(), **settings) as client:
        client.drive(flow())
    return seen[0]


def assert_it_stays_in_place(url: httpx.URL, template: str) -> None:
    """Check that a path has the segments of its template: one a field, or more where slashes stay."""
    assert (url.scheme, url.host, url.query) == ("https", "api.devin.ai", b"")
    path = url.raw_path.decode("ascii")
    parts = [
        (r"[^/]+(/[^/]+)*" if ":path}" in part else r"[^/]+") if "{" in part else re.escape(part)
        for part in template.split("/")
    ]
    assert re.fullmatch("/".join(parts), path)
    assert {"", ".", ".."}.isdisjoint(path.split("/")[1:])


def with_ids() -> list[tuple[Spec, str]]:
    """Return every field that is put into a path, with its tool."""
    specs = [*routed(), describe(GetThing), describe(GetRawThing)]
    return [(spec, place.field) for spec in specs for place in spec.places if place.where == "path"]


def stays_in_place(spec: Spec, field: str, hostile: str) -> None:
    assert spec.route is not None
    try:
        call = spec.tool.model_validate(spec.examples[0] | {field: hostile})
        request = encode(spec.route, call)
    except ValueError as error:  # pydantic's error is one
        assert "evil" not in str(error)
        return
    except InvalidArguments as error:
        assert "evil" not in str(error)
        return
    url = url_of(replace(request, query=(), file=None))
    assert_it_stays_in_place(url, spec.route.path)
    if request.method != "GET":  # as a host before the API may read it
        assert {".", ".."}.isdisjoint(re.split(r"[/\\]", unquote(url.raw_path.decode("ascii"))))


@settings(max_examples=120)
@given(place=st.deferred(lambda: st.sampled_from(with_ids())), hostile=HOSTILE)
def test_a_hostile_id_never_changes_the_path(place: tuple[Spec, str], hostile: str) -> None:
    stays_in_place(*place, hostile)


@settings(max_examples=60)
@given(hostile=HOSTILE)
def test_a_hostile_id_never_changes_the_path_of_a_careless_tool(hostile: str) -> None:
    for tool in (GetThing, GetRawThing):
        [place] = [place for place in describe(tool).places if place.where == "path"]
        stays_in_place(describe(tool), place.field, hostile)


@pytest.mark.parametrize(
    "hostile",
    ["x/../../enterprise", "a?b", "", "..", "a\x00b", "x" * 300, "https://evil.example/enterprise/a"],
)
def test_the_worst_ids_are_refused_outright(hostile: str, catalog: Catalog) -> None:
    with pytest.raises(InvalidArguments, match="session_id"):
        catalog.call("devin_get_session", {"session_id": hostile})


@pytest.mark.parametrize(
    "pasted",
    [
        "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
        "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
        " devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c\n",
        "https://app.devin.ai/sessions/4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
        "https://app.devin.ai/sessions/devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c/?tab=shell#top",
        "https://acme.devinenterprise.com/org/x/sessions/4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
    ],
)
def test_an_id_is_taken_as_people_paste_it(pasted: str, catalog: Catalog) -> None:
    call: Any = catalog.call("devin_get_session", {"session_id": pasted})
    assert call.session_id == "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"


@settings(max_examples=120)
@given(hostile=st.one_of(HOSTILE, HOSTILE.map("org-{}".format)))
def test_a_hostile_organisation_never_changes_the_path(hostile: str) -> None:
    template = "/v3/organizations/{org_id}/sessions"
    try:
        url = url_of(Request("GET", template), org_id=hostile)
    except MissingSetting as error:
        assert "evil" not in str(error)
        return
    assert_it_stays_in_place(url, template)


@settings(max_examples=120)
@given(hostile=st.one_of(HOSTILE, HOSTILE.map("https://api.devin.ai{}".format)))
def test_a_hostile_base_url_never_takes_the_key_elsewhere(hostile: str) -> None:
    try:
        url = url_of(Request("GET", "/v3/self"), base_url=hostile)
    except MissingSetting as error:
        assert "evil" not in str(error)
        return
    assert url.scheme == "https"
    assert str(url).startswith(hostile.rstrip("/").lower()[:20])
    assert url.raw_path.endswith(b"/v3/self")
    assert b".." not in url.raw_path and url.query == b"" and url.fragment == ""
