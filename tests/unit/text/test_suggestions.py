"""An unknown name gets close ones as suggestions, or none."""

from __future__ import annotations

import pytest
from support.laws import for_every

from devin_tools.catalog import Catalog
from devin_tools.errors import InvalidArguments
from devin_tools.text.suggestions import did_you_mean, nearest, one_of

MEANT = {
    "create_session": "devin_create_session",
    "createSession": "devin_create_session",
    "devin-create-session": "devin_create_session",
    "sessions": "devin_list_sessions",
    "list-sessions": "devin_list_sessions",
    "sesions_list": "devin_list_sessions",
    "devin_sesion_get": "devin_get_session",
    "devin_get_sesion": "devin_get_session",
    "gti_session": "devin_get_session",
    "send_mesage": "devin_send_message",
    "knowledge": "devin_list_knowledge_notes",
    "handof": "devin_handoff",
}
NOTHING = (
    "devin_make_coffee",
    "make_coffee",
    "devin_nope",
    "nope",
    "devin",
    "devin_",
    "x",
    "",
    "___",
    "a" * 5000,
)
WORDS = {
    "chek": (("check", "try", "schema"), ["check"]),
    "observ": (("observe", "operate", "audit"), ["observe"]),
    "openai_chat": (("openai-chat", "openai-responses", "gemini"), ["openai-chat"]),
    "session_idd": (("session_id", "message"), ["session_id"]),
    "sessionid": (("session_id", "message"), ["session_id"]),
    "max_acu": (("max_acu_limit", "title"), ["max_acu_limit"]),
    "colour": (("column", "title"), []),
}


@for_every("name", lambda: MEANT)
def test_a_tool_that_was_meant_is_among_the_nearest(name: str, catalog: Catalog) -> None:
    assert MEANT[name] in nearest(name, catalog.specs)


@for_every("name", lambda: NOTHING)
def test_what_is_near_to_nothing_suggests_nothing(name: str, catalog: Catalog) -> None:
    assert not did_you_mean(name, catalog.specs)


@for_every("name", lambda: WORDS)
def test_it_is_the_same_of_few_names(name: str) -> None:
    known, meant = WORDS[name]
    assert nearest(name, known) == meant


def test_what_is_few_is_listed_too() -> None:
    assert one_of("slak", ["http", "slack"], "kinds") == "Did you mean slack? The kinds are: http, slack."
    assert one_of("q", ["http", "slack"], "kinds") == "The kinds are: http, slack."
    assert one_of("q", [], "kinds") == "There are no kinds."


def test_a_field_that_there_is_not_is_told_with_the_one_that_was_meant(catalog: Catalog) -> None:
    for given, meant in (("sesion_id", " (did you mean session_id?)"), ("colour", "")):
        try:
            catalog.call("devin_get_session", {"session_id": "a", given: "b"})
        except Exception as error:
            assert f"{given}: is not a field{meant}." in str(error)


def test_no_field_that_only_a_person_may_fill_is_suggested(catalog: Catalog) -> None:
    """A model would try it, and be refused."""
    for spec in catalog:
        for name in spec.user_only:
            given = {name[:-1]: "x", f"{name}s": "x"}
            with pytest.raises(InvalidArguments) as caught:
                catalog.call(spec.name, given)
            said = [each["reason"] for each in caught.value.details if each["path"] in given]
            assert len(said) == len(given) and not [reason for reason in said if name in reason], spec.name


@for_every("name", lambda: ["max_acu_limit", "maxAcuLimit"])
def test_a_field_that_is_given_by_two_names_is_told_as_that(catalog: Catalog, name: str) -> None:
    given = {"prompt": "x", name: 1, "max_acu_limit": 2, "maxAcuLimit": 3}
    with pytest.raises(InvalidArguments, match="max_acu_limit: is given twice, by two of its names"):
        catalog.call("devin_create_session", given)
