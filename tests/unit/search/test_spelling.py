"""A word that is one letter from just one known word is read as it; any other is left as it is."""

from __future__ import annotations

import pytest
from support.tools import built_in

from devin_tools.search.finder import Finder
from devin_tools.search.query import read
from devin_tools.search.spelling import Spelling

KNOWN = ("repository", "terminat", "session", "project", "protein", "note", "schedul")


@pytest.mark.parametrize(
    ("word", "one"),
    [
        *(("repositry", "repository"), ("reposiitory", "repository"), ("repozitory", "repository")),
        *(("repositroy", "repository"), ("sessino", "session"), ("sesion", "session")),
        *(("session", "session"), ("terminal", "terminal"), ("protect", "protect"), ("prodein", "protein")),
        *(("xession", "xession"), ("notes", "notes"), ("nots", "nots"), ("sessions2", "sessions2"), ("", "")),
    ],
)
def test_one_letter_wrong_in_a_long_word(word: str, one: str) -> None:
    assert Spelling([one for one in KNOWN if one != "project"]).spelled(word) == one


def test_a_word_near_to_two_is_left() -> None:
    assert Spelling(["projects", "protects"]).spelled("proects") == "proects"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(("list the secrerts", "devin_list_secrets"), ("termniate the sesion", "devin_terminate_session")),
        *(("show me the repositries", "devin_list_repositories"), ("archvie it", "devin_archive_session")),
    ],
)
def test_a_tool_is_found_by_words_with_a_letter_wrong(query: str, name: str) -> None:
    found = Finder(built_in()).find(query)
    assert found.specs[0].name == name
    assert found.fits


def test_names_are_left_as_they_are_written() -> None:
    assert read("ask Sesion", lambda word: "session").parts[-1].words == ("sesion",)


@pytest.mark.parametrize(
    "query",
    ["supprimer le fichier", "zeige mir alle Rechnungen", "open a terminal", "protect the main branch"],
)
def test_other_languages_and_other_words_do_not_fit(query: str) -> None:
    assert not Finder(built_in()).find(query).fits
