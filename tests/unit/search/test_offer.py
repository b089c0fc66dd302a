"""What a model is shown and what it finds; a call of a meta tool is one of the tool that it names."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.laws import for_every
from support.tools import built_in

from devin_tools.errors import DevinToolsError, InvalidArguments, UnknownTool, UsageError
from devin_tools.model_input import for_models
from devin_tools.presets import CORE, chosen_for_models
from devin_tools.search.areas import by_area, listed_names
from devin_tools.search.meta_tools import CallRead, CallWrite, FindTools
from devin_tools.search.offer import CALL_READ, CALL_WRITE, FIND, SCHEMA_BUDGET, Offer

META = [FIND.name, CALL_READ.name, CALL_WRITE.name]


@pytest.fixture(scope="module")
def offer() -> Offer:
    return Offer(for_models(built_in()))


def test_every_tool_is_either_shown_or_found(offer: Offer) -> None:
    assert set(offer.loaded) == CORE and not offer.loaded.keys() & offer.deferred.keys()
    assert list(offer.specs) == [spec.name for spec in for_models(built_in())]
    assert offer.loaded.keys() | offer.deferred.keys() == offer.specs.keys()
    assert [spec.name for spec in offer.listed] == [*offer.loaded, *META]


def test_a_list_that_only_reads_has_nothing_that_writes() -> None:
    offer = Offer(chosen_for_models(preset="observe", catalog=built_in()))
    assert [spec.name for spec in offer.meta] == META[:2]


def test_what_is_shown_can_be_any_choice_of_what_there_is() -> None:
    tools = ["devin_get_session", "devin_get_self"]
    assert list(Offer(for_models(built_in()), loaded=tools).loaded) == ["devin_get_self", "devin_get_session"]
    with pytest.raises(UnknownTool):
        Offer(for_models(built_in()), loaded="devin_get_sesion")
    assert Offer([]).listed == [Offer([]).find_tool, CALL_READ]


def test_meta_tools_say_what_they_do_in_the_marks_of_any_tool(offer: Offer) -> None:
    find, read, write = offer.meta
    assert find.effect.only_reads and read.effect.only_reads
    assert not write.effect.only_reads and write.effect.needs_consent
    assert not {spec.name for spec in offer.meta} & set(built_in().specs)


def test_the_areas_stand_in_the_description_of_the_find_tool(offer: Offer) -> None:
    areas = by_area(offer)
    assert [*areas] == sorted(areas) and {"sessions", "code scans"} <= areas.keys()
    assert all(area in offer.find_tool.description for area in areas)
    assert "members" not in Offer([built_in().spec("devin_get_self")]).find_tool.description


def test_an_area_is_one_of_an_organisation_and_of_its_enterprise() -> None:
    found = by_area(
        [built_in().spec(name) for name in ("devin_list_sessions", "devin_list_enterprise_sessions")]
    )
    assert [*found] == ["sessions"] and len(found["sessions"]) == 2


def test_words_find_tools_with_the_arguments_of_each_and_how_to_call_it(offer: Offer) -> None:
    found = offer.search({"query": "terminate a session", "limit": 2})
    assert found.tools[0].name == "devin_terminate_session" and len(found.tools) == 2
    first = found.tools[0]
    assert first.call_with == CALL_WRITE.name and first.effect == "destroy"
    assert first.input_schema is not None and "session_id" in first.input_schema["properties"]
    for name, how in (("get_self", CALL_READ.name), ("send_message", "devin_send_message")):
        rows = offer.search(json.dumps({"query": name})).tools
        assert [row.call_with for row in rows if row.name == f"devin_{name}"] == [how]


def test_names_bring_the_arguments_of_those_tools(offer: Offer) -> None:
    found = offer.search({"names": ["devin_get_self", "devin_list_secrets"]})
    assert [row.name for row in found.tools] == ["devin_get_self", "devin_list_secrets"]
    assert all(row.input_schema for row in found.tools) and found.fits


def test_schemas_stop_where_an_answer_would_be_too_long(offer: Offer) -> None:
    names = [spec.name for spec in offer][:20]
    found = offer.search({"names": names})
    shown = [row.input_schema for row in found.tools if row.input_schema]
    assert len(found.tools) == 20 and 0 < len(shown) < 20
    assert sum(len(json.dumps(schema)) for schema in shown) <= SCHEMA_BUDGET


def test_one_tool_is_shown_however_long_its_schema_is(offer: Offer) -> None:
    for spec in offer:
        found = offer.search({"names": [spec.name]})
        assert found.tools[0].input_schema, spec.name


def test_a_schema_that_is_over_the_bound_by_itself_is_shown_first_or_alone() -> None:
    every = Offer(spec for spec in built_in() if not spec.missing_from_models)
    long = [spec for spec in every if len(json.dumps(spec.source.inline_input())) > SCHEMA_BUDGET]
    assert long
    for spec in every:
        assert every.search({"names": [spec.name]}).tools[0].input_schema is not None, spec.name
    rows = every.search({"names": [long[0].name, "devin_get_self"]}).tools
    assert [row.input_schema is None for row in rows] == [False, True]


def test_what_only_a_person_may_fill_is_not_in_a_schema(offer: Offer) -> None:
    kept = [spec for spec in offer if spec.user_only]
    assert kept
    for spec in kept:
        row = offer.search({"names": [spec.name]}).tools[0]
        assert row.input_schema and not row.input_schema["properties"].keys() & spec.user_only


def test_nothing_asked_for_is_a_list_of_all_names_by_area(offer: Offer) -> None:
    found = offer.search(None)
    assert not found.tools and found.note.endswith(listed_names(offer))
    assert all(name in found.note for name in offer.specs)
    assert offer.search({"query": " ", "names": []}) == found
    assert offer.search({"query": "", "names": ["devin_get_self"]}).fits


def test_it_says_when_nothing_fits(offer: Offer) -> None:
    found = offer.search({"query": "book a flight to Berlin"})
    assert not found.fits and "no tool" in found.note


def test_it_says_that_nothing_was_found_where_there_is_nothing_to_look_at(offer: Offer) -> None:
    found = offer.search({"query": "zqx"})
    assert (found.tools, found.fits) == ([], False)
    assert found.note.startswith("No tool has any of these words") and "None of these" not in found.note


@for_every(
    "name, arguments",
    lambda: [
        (FIND.name, {"names": ["devin_nothing"]}),
        (CALL_READ.name, {"name": "devin_nothing"}),
        (CALL_WRITE.name, {"name": CALL_READ.name}),
        (CALL_READ.name, {"name": CALL_READ.name, "arguments": {"name": "devin_get_self"}}),
        (CALL_READ.name, {"name": FIND.name, "arguments": {}}),
        (CALL_READ.name, {"name": "devin_list_audit_logs"}),
    ],
)
def test_a_tool_that_is_not_offered_is_unknown(name: str, arguments: Any, offer: Offer) -> None:
    with pytest.raises(UnknownTool):
        offer.search(arguments) if name == FIND.name else offer.inner(name, arguments)


def test_a_tool_that_is_not_offered_is_still_what_a_call_means(offer: Offer) -> None:
    for name in (CALL_READ.name, CALL_WRITE.name):
        assert offer.meant(name, {"name": "devin_list_audit_logs"}) == ("devin_list_audit_logs", {})


@for_every("name", lambda: [FIND.name, CALL_READ.name, CALL_WRITE.name])
def test_a_meta_tool_that_is_named_to_another_is_said_to_be_called_directly(name: str, offer: Offer) -> None:
    asked = [
        lambda: offer.meant(CALL_READ.name, {"name": name, "arguments": {}}),
        lambda: offer.inner(CALL_WRITE.name, {"name": name, "arguments": {}}),
        lambda: offer.search({"names": [name]}),
    ]
    for ask in asked:
        with pytest.raises(UnknownTool) as caught:
            ask()
        assert "not offered" not in caught.value.message and name in caught.value.message
        assert "are called directly" in caught.value.hint_for("model")


def test_a_meta_tool_that_is_not_listed_is_unknown_to_the_others() -> None:
    reads = Offer([spec for spec in for_models(built_in()) if spec.effect.only_reads])
    with pytest.raises(UnknownTool, match="You were not offered"):
        reads.inner(CALL_READ.name, {"name": CALL_WRITE.name})


def test_the_error_of_an_unknown_name_says_how_tools_are_found_where_any_has_to_be(offer: Offer) -> None:
    told = offer.unknown("devin_get_sesion").hint_for("model")
    assert "devin_get_session" in told and FIND.name in told
    assert FIND.name not in Offer(for_models(built_in()), loaded="*").unknown("x").hint_for("model")


@for_every(
    "arguments",
    lambda: [
        *({}, None, "[]", "{", {"name": 3}, {"name": "devin_get_session", "arguments": []}),
        {"name": "devin_get_session", "session_id": "devin-1"},
        {"name": "devin_terminate_session", "arguments": {"session_id": "devin-1"}},
    ],
)
def test_a_call_that_cannot_be_read_is_refused(arguments: Any, offer: Offer) -> None:
    with pytest.raises(InvalidArguments) as caught:
        offer.inner(CALL_READ.name, arguments)
    assert "arguments" in caught.value.hint_for("model") or "devin_call_write" in caught.value.hint
    assert "devin-1" not in json.dumps(caught.value.as_dict("model"))


def test_a_meta_call_is_a_call_of_the_tool_that_it_names(offer: Offer) -> None:
    for arguments in ({"session_id": "devin-1"}, '{"session_id": "devin-1"}'):
        given = {"name": "devin_get_session", "arguments": arguments}
        for form in (given, json.dumps(given)):
            assert offer.inner(CALL_READ.name, form) == ("devin_get_session", {"session_id": "devin-1"})
            assert offer.inner(CALL_WRITE.name, form) == ("devin_get_session", {"session_id": "devin-1"})
    for blank in ("", " ", None):
        for given in ({"name": "devin_get_self", "arguments": blank}, {"name": "devin_get_self"}):
            for form in (given, json.dumps(given)):
                assert offer.inner(CALL_READ.name, form) == ("devin_get_self", {}), "as in a direct call"
    assert offer.inner("devin_get_session", "{}") == ("devin_get_session", "{}")
    assert offer.inner(CALL_READ.name, {"name": "devin_get_self"}) == ("devin_get_self", {})


def test_what_goes_on_with_a_call_is_a_call_that_the_model_can_make(offer: Offer) -> None:
    rest = {"name": "devin_wait_sessions", "arguments": {"session_ids": ["devin-1"]}}
    shown = offer.readable({"resume_with": rest, "left": 1})
    assert shown == {"left": 1, "resume_with": {"name": CALL_READ.name, "arguments": rest}}
    assert offer.inner(**shown["resume_with"]) == tuple(rest.values())
    own = {"name": "devin_wait_session", "arguments": {"session_id": "devin-1"}}
    for content in ({"resume_with": own}, {"resume_with": None}, {"other": 1}):
        assert offer.readable(content) == content


@for_every(
    "call",
    lambda: [FindTools(), CallRead(name="devin_get_self"), CallWrite(name="devin_get_self")],
)
def test_a_client_runs_none_of_them(call: Any) -> None:
    with pytest.raises(DevinToolsError) as caught:
        call.flow()
    assert isinstance(caught.value, UsageError) and "dispatch" in caught.value.hint_for("python")


def test_a_model_reads_and_gives_the_names_that_it_was_shown() -> None:
    names = {"devin_get_self": "me", FIND.name: "find", CALL_READ.name: "read", CALL_WRITE.name: "write"}
    offer = Offer(for_models(built_in()), names=names)
    (row,) = offer.search({"names": ["me"]}).tools
    assert (row.name, row.call_with) == ("me", "read")
    assert " me" in offer.search(None).note and "devin_get_self" not in offer.search(None).note
    assert offer.inner(CALL_READ.name, {"name": "me"}) == ("devin_get_self", {})
    assert offer.to_call("devin_get_self", {}) == {
        "name": "read",
        "arguments": {"name": "me", "arguments": {}},
    }
    for refused in (
        lambda: offer.search({"names": ["devin_get_self"]}),
        lambda: offer.inner(CALL_READ.name, {"name": "devin_get_self"}),
    ):
        with pytest.raises(UnknownTool) as caught:
            refused()
        assert "find finds tools" in caught.value.hint_for("model")
