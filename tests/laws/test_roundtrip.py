"""What a call says survives the wire: it can be read back from the request it became."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.calls import calls, scope

from devin_tools import Catalog, Simulator, Spec, load_catalog
from devin_tools.codec import encode, recognise
from devin_tools.errors import InvalidArguments
from devin_tools.wire import Request, dump_json

ROUTED = [spec for spec in load_catalog(plugins=()) if spec.route is not None]
every_routed_tool = pytest.mark.parametrize("spec", ROUTED, ids=lambda spec: spec.name)
a_few = settings(max_examples=40)


def filled(request: Request) -> Request:
    return replace(request, path=request.path.replace("{org_id}", scope["org_id"]))


def over_the_wire(request: Request) -> Request:
    """Take a request through real URL text and real JSON bytes."""
    url = httpx.URL(f"https://api.devin.ai{request.path}?{urlencode(request.query)}")
    path, _, query = url.raw_path.decode("ascii").partition("?")
    body = None if request.body is None else json.loads(dump_json(request.body))
    return Request(request.method, path, tuple(parse_qsl(query, keep_blank_values=True)), body, request.file)


def sendable(spec: Spec, call: Any) -> Any:
    """Give the call without what steers this package and never travels."""
    sent = call.model_fields_set - {place.field for place in spec.places if place.where == "nowhere"}
    return spec.tool.model_validate({name: getattr(call, name) for name in sent})


@every_routed_tool
@a_few
@given(data=st.data())
def test_a_request_is_read_back_into_the_call_that_made_it(spec: Spec, data: st.DataObject) -> None:
    assert spec.route is not None
    call = data.draw(calls(spec.tool))
    request = filled(encode(spec.route, call))
    assert recognise(spec.route, spec.tool, request) == sendable(spec, call)
    assert recognise(spec.route, spec.tool, over_the_wire(request)) == sendable(spec, call)


def takes(spec: Spec, request: Request) -> bool:
    """Say whether a tool takes a request for a call of its own.

    A path can fit two routes, as `sessions/insights` fits that of a session; its id does not.
    """
    assert spec.route is not None
    try:
        return recognise(spec.route, spec.tool, request) is not None
    except InvalidArguments:
        return False


@every_routed_tool
@a_few
@given(data=st.data())
def test_a_request_is_read_as_no_other_tool(spec: Spec, data: st.DataObject) -> None:
    assert spec.route is not None
    request = filled(encode(spec.route, data.draw(calls(spec.tool))))
    assert [other.name for other in ROUTED if takes(other, request)] == [spec.name]


def naming(spec: Spec) -> Callable[[Any, Any], Any]:
    """Give a handler that answers with the name of its tool."""
    return lambda world, call: spec.name


NAMING = Catalog(
    specs={spec.name: spec for spec in ROUTED}, handlers={spec.tool: naming(spec) for spec in ROUTED}
)


@every_routed_tool
@a_few
@given(data=st.data())
def test_the_simulator_hands_a_request_to_the_tool_that_made_it(spec: Spec, data: st.DataObject) -> None:
    assert spec.route is not None
    simulator = Simulator(catalog=NAMING)
    request = encode(spec.route, data.draw(calls(spec.tool)))
    request = over_the_wire(replace(request, path=request.path.replace("{org_id}", simulator.world.org_id)))
    assert simulator.handle(request, "Bearer cog_any").json() == spec.name


@every_routed_tool
@a_few
@given(data=st.data())
def test_only_what_was_set_is_sent(spec: Spec, data: st.DataObject) -> None:
    assert spec.route is not None
    call = data.draw(calls(spec.tool))
    request = encode(spec.route, call)
    places = {place.wire: place for place in spec.places}
    sent = {places[name].field for name in [*dict(request.query), *(request.body or {})]}
    assert sent <= call.model_fields_set
    if request.body is not None:
        unsent = {place.field for place in spec.places if place.where == "nowhere"}
        assert sent | set(spec.route.placeholders) - {"org_id"} == call.model_fields_set - unsent


def optional_body_lists() -> Iterator[Any]:
    for spec in ROUTED:
        for place in spec.places:
            if (
                place.where == "body"
                and place.is_list
                and not spec.tool.model_fields[place.field].is_required()
            ):
                yield pytest.param(spec, place.field, id=f"{spec.name}-{place.field}")


@pytest.mark.parametrize(("spec", "field"), list(optional_body_lists()))
def test_absent_null_and_empty_stay_three_things(spec: Spec, field: str, catalog: Catalog) -> None:
    assert spec.route is not None
    given = {key: value for key, value in spec.examples[0].items() if key != field}
    forms = [given, given | {field: None}, given | {field: []}]
    bodies = [encode(spec.route, catalog.call(spec.name, form)).body for form in forms]
    assert [body is not None and body.get(field, "absent") for body in bodies] == ["absent", None, []]
