"""Tools as they are compared: their words, and which are the same for other ones' things."""

from __future__ import annotations

from dataclasses import replace

from support.tools import built_in

from devin_tools.search.entries import Entry, entries_of, plain
from devin_tools.search.query import ONE, OWN, WHOLE


def entry(name: str) -> Entry:
    return next(one for one in entries_of(built_in()) if one.spec.name == name)


def test_a_word_weighs_by_where_it_stands() -> None:
    text = entry("devin_terminate_session").text
    assert text["terminat"] > text["end"] > 0 and "a" not in text


def test_what_a_tool_does_not_do_is_none_of_its_words() -> None:
    spec = replace(
        built_in().spec("devin_list_secrets"),
        keywords=(),
        summary="List secrets, oldest first. Values never come back.",
        description="List secrets, oldest first. Values never come back.",
    )
    (found,) = entries_of([spec])
    assert "valu" not in found.text and "oldest" in found.text


def test_twins_are_told_apart_by_whose_things_they_are_for() -> None:
    assert entry("devin_list_sessions").level == OWN
    assert entry("devin_list_enterprise_sessions").level == WHOLE
    assert entry("devin_list_audit_logs").level == WHOLE
    assert entry("devin_list_organization_audit_logs").level == ONE
    assert entry("devin_list_roles").level == "" == entry("devin_fan_out").level


def test_one_without_the_other_is_no_twin() -> None:
    (alone,) = entries_of([built_in().spec("devin_list_enterprise_sessions")])
    assert alone.level == ""


def test_a_path_that_names_one_thing_needs_an_id() -> None:
    assert entry("devin_get_session").needs_id and entry("devin_get_organization").needs_id
    assert not entry("devin_list_sessions").needs_id and not entry("devin_list_audit_logs").needs_id


def test_words_as_they_are_keep_one_from_many() -> None:
    assert plain("devin_index_repositories") == {"index", "repositories"} != plain("indexRepository")
