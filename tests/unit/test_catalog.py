"""The catalog: tools by name, and calls from plain arguments."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devin_tools import Catalog, describe
from devin_tools.api import CreateSession, GetSession
from devin_tools.catalog import load_catalog
from devin_tools.errors import InvalidArguments, UnknownTool


def test_every_tool_of_the_built_in_pack_is_there_without_a_problem(catalog: Catalog) -> None:
    assert catalog.problems == []
    assert len(catalog) == len(list(catalog)) >= 13
    assert {catalog.origins[spec.name] for spec in catalog} == {"devin-tools"}
    assert catalog.spec("devin_get_session") is describe(GetSession)
    assert "manifest" in catalog.exporters


def test_a_call_is_built_from_plain_arguments(catalog: Catalog) -> None:
    arguments = json.loads('{"prompt": "x", "tags": "a, b", "maxAcuLimit": 3}')
    assert catalog.call("devin_create_session", arguments) == CreateSession(
        prompt="x", tags=["a", "b"], max_acu_limit=3
    )


def test_building_a_call_leaves_the_arguments_as_they_were(catalog: Catalog) -> None:
    arguments = {"prompt": "x", "tags": ["a"]}
    call: Any = catalog.call("devin_create_session", arguments)
    assert arguments == {"prompt": "x", "tags": ["a"]}
    assert call.tags == ["a"]


def test_an_unknown_name_is_answered_with_the_nearest_ones(catalog: Catalog) -> None:
    with pytest.raises(UnknownTool, match="No tool is called 'devin_get_sesion'") as caught:
        catalog.call("devin_get_sesion", {})
    assert "Did you mean devin_get_session" in caught.value.hint


def test_a_name_like_no_other_is_answered_with_the_way_to_see_them_all(catalog: Catalog) -> None:
    with pytest.raises(UnknownTool) as caught:
        catalog.spec("q" * 9999)
    assert "devin-tools list" in caught.value.hint_for("cli") and len(str(caught.value)) < 200


def test_wrong_arguments_are_all_named_and_none_repeated(catalog: Catalog) -> None:
    arguments = {"max_acu_limit": 0, "tags": ["ok", ""], "secret": "hunter2", "title": {"x": "hunter2"}}
    with pytest.raises(InvalidArguments) as caught:
        catalog.call("devin_create_session", arguments)
    error = caught.value
    assert {item["path"] for item in error.details} == {
        "prompt",
        "max_acu_limit",
        "tags[1]",
        "secret",
        "title",
    }
    assert all(item["reason"] for item in error.details)
    assert error.message.startswith("The arguments do not fit devin_create_session: prompt: ")
    assert error.tool == "devin_create_session"
    assert "hunter2" not in str(error) + repr(error.as_dict())
    assert error.__cause__ is None and error.__context__ is None


def test_the_message_names_the_first_five_places_and_the_details_all(catalog: Catalog) -> None:
    with pytest.raises(InvalidArguments) as caught:
        catalog.call("devin_get_self", {f"extra_{n}": n for n in range(20)})
    assert len(caught.value.details) == 20
    assert caught.value.message.count("extra_") == 5


@pytest.mark.parametrize("missing", ["devin_get_session", "devin_send_message", "devin_append_session_tags"])
def test_a_missing_argument_is_named(catalog: Catalog, missing: str) -> None:
    with pytest.raises(InvalidArguments, match="session_id: Field required"):
        catalog.call(missing, {})


@pytest.mark.parametrize("parts", ["handlers", "exporters", "readers", "sinks"])
def test_what_plugins_provide_is_a_dictionary_but_for_its_type(parts: str) -> None:
    found: Any = getattr(load_catalog(plugins=()), parts)
    names = [*found]
    assert names and names == [*found.copy()] == [*(found | {})] == [*({} | found)]
    assert repr(found) == repr(dict(found))
    found["mine"] = found[names[0]]
    assert found.pop("mine") is found[names[0]] and "mine" not in found and len(found) == len(names)
    assert ({names[0]: None} | found)[names[0]] is found[names[0]]
    assert (found | {names[0]: None})[names[0]] is None
