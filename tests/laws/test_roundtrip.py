"""What a call says survives the wire: it can be read back from the request it became."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from support.calls import calls, scope
from support.laws import for_every
from support.tools import VERBS, examples, routed, with_verb

from devin_tools import Catalog, Simulator, Spec
from devin_tools.codec import encode, recognise
from devin_tools.errors import InvalidArguments
from devin_tools.wire import Request, dump_json

pytestmark = pytest.mark.usefixtures("catalog")  # it is built before a test begins

some = settings(max_examples=120)
"""Calls of any tool: so many in all, however many tools there are."""


def routed_calls() -> SearchStrategy[tuple[Spec, Any]]:
    return st.sampled_from(routed()).flatmap(lambda spec: st.tuples(st.just(spec), calls(spec.tool)))


def filled(request: Request) -> Request:
    return replace(request, path=request.path.replace("{org_id}", scope["org_id"]))


def over_the_wire(request: Request) -> Request:
    """Take a request through real URL text and real JSON bytes."""
    url = httpx.URL(f"https://api.devin.ai{request.path}?{urlencode(request.query)}")
    path, _, query = url.raw_path.decode("ascii").partition("?")
    body = None if request.body is None else json.loads(dump_json(request.body))
    return Request(request.method, path, tuple(parse_qsl(query, keep_blank_values=True)), body, request.file)


def sendable(spec: Spec, call: Any) -> Any:
    """Return the call without what steers this package and never travels."""
    sent = call.model_fields_set - {place.field for place in spec.places if place.where == "nowhere"}
    return spec.tool.model_validate({name: getattr(call, name) for name in sent})


def read_back(spec: Spec, call: Any) -> None:
    assert spec.route is not None
    request = filled(encode(spec.route, call))
    assert recognise(spec.route, spec.tool, request) == sendable(spec, call)
    assert recognise(spec.route, spec.tool, over_the_wire(request)) == sendable(spec, call)


@some
@given(made=st.deferred(routed_calls))
def test_a_request_is_read_back_into_the_call_that_made_it(made: tuple[Spec, Any]) -> None:
    read_back(*made)


def routed_examples() -> list[tuple[Spec, Mapping[str, Any]]]:
    return [(spec, example) for spec, example in examples() if spec.route is not None]


@for_every("spec, example", routed_examples)
def test_an_example_is_read_back_too(spec: Spec, example: Mapping[str, Any], catalog: Catalog) -> None:
    read_back(spec, catalog.call(spec.name, example))


def takes(spec: Spec, request: Request) -> bool:
    """Whether a tool takes a request for a call of its own.

    A path can fit two routes, as `sessions/insights` fits that of a session; its id does not.
    """
    assert spec.route is not None
    try:
        return recognise(spec.route, spec.tool, request) is not None
    except InvalidArguments:
        return False


@some
@given(made=st.deferred(routed_calls))
def test_a_request_is_read_as_no_other_tool(made: tuple[Spec, Any]) -> None:
    spec, call = made
    assert spec.route is not None
    request = filled(encode(spec.route, call))
    assert [other.name for other in routed() if takes(other, request)] == [spec.name]


def naming(spec: Spec) -> Callable[[Any, Any], Any]:
    """Return a handler that answers with the name of its tool."""
    return lambda world, call: spec.name


@cache
def naming_simulator() -> Simulator:
    specs = {spec.name: spec for spec in routed()}
    return Simulator(catalog=Catalog(specs=specs, handlers={s.tool: naming(s) for s in specs.values()}))


def handed_to_its_tool(spec: Spec, call: Any) -> None:
    assert spec.route is not None
    simulator = naming_simulator()
    request = encode(spec.route, call)
    request = over_the_wire(replace(request, path=request.path.replace("{org_id}", simulator.world.org_id)))
    assert simulator.handle(request, "Bearer cog_any").json() == spec.name


@some
@given(made=st.deferred(routed_calls))
def test_the_simulator_hands_a_request_to_the_tool_that_made_it(made: tuple[Spec, Any]) -> None:
    handed_to_its_tool(*made)


@pytest.mark.parametrize("verb", VERBS[:-1])
def test_the_simulator_hands_an_example_to_its_tool(verb: str, catalog: Catalog) -> None:
    @for_every("spec, example", lambda: [one for one in routed_examples() if with_verb(one[0], verb)])
    def it_does(spec: Spec, example: Mapping[str, Any]) -> None:
        handed_to_its_tool(spec, catalog.call(spec.name, example))

    it_does()


@some
@given(made=st.deferred(routed_calls))
def test_only_what_was_set_is_sent(made: tuple[Spec, Any]) -> None:
    spec, call = made
    assert spec.route is not None
    request = encode(spec.route, call)
    places = {place.wire: place for place in spec.places}
    sent = {places[name].field for name in [*dict(request.query), *(request.body or {})]}
    assert sent <= call.model_fields_set
    if request.body is not None:
        unsent = {
            place.field
            for place in spec.places
            if place.where == "nowhere" or (place.where == "query" and getattr(call, place.field) is None)
        }
        in_path = set(spec.route.placeholders) - set(spec.scope_names)
        assert sent | in_path == call.model_fields_set - unsent


def takes_null(spec: Spec, field: str) -> bool:
    return {"type": "null"} in spec.input_schema["properties"][field].get("anyOf", [])


def optional_body_lists() -> Iterator[tuple[Spec, str]]:
    for spec in routed():
        for place in spec.places:
            if (
                place.where == "body"
                and place.is_list
                and not spec.tool.model_fields[place.field].is_required()
                and takes_null(spec, place.field)
            ):
                yield spec, place.field


@for_every("spec, field", optional_body_lists)
def test_absent_null_and_empty_stay_three_things(spec: Spec, field: str, catalog: Catalog) -> None:
    assert spec.route is not None
    given = {key: value for key, value in spec.examples[0].items() if key != field}
    forms = [given, given | {field: None}, given | {field: []}]
    bodies = [encode(spec.route, catalog.call(spec.name, form)).body for form in forms]
    assert [body is not None and body.get(field, "absent") for body in bodies] == ["absent", None, []]
