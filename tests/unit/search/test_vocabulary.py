"""What words and phrases may stand for; the thesaurus leads to words that tools have."""

from __future__ import annotations

from functools import cache
from unittest.mock import patch

from support.laws import for_every
from support.tools import tools

from devin_tools.search import vocabulary
from devin_tools.search.entries import entries_of
from devin_tools.search.thesaurus import ELSEWHERE, LEADS, NOUNS, PARAMETERS, VERBS
from devin_tools.search.vocabulary import (
    LONGEST_PHRASE,
    is_elsewhere,
    is_parameter,
    meanings,
    merged,
)
from devin_tools.search.words import phrases_of, pieces_of


def meant(said: str, is_lead: bool = False) -> set[tuple[str, ...]]:
    """Return what a text may stand for: of each meaning the first word of each group."""
    found = meanings(tuple(merged(pieces_of(said))), is_lead=is_lead)
    return {tuple(group[0] for group in meaning) for meaning in found}


@cache
def known() -> set[str]:
    return {word for entry in entries_of(tools()) for word in entry.text}


def test_a_word_or_a_phrase_stands_for_words_of_tools() -> None:
    assert ("terminat",) in meant("killing")
    assert ("terminat",) in meant("pull the plug")
    assert ("remov", "user") in meant("offboard")
    assert meant("xylophone") == set()


def test_a_verb_at_the_beginning_may_mean_more() -> None:
    assert ("append", "tag") not in meant("label")
    assert meant("label") < meant("label", is_lead=True)
    assert ("append", "tag") in meant("label", is_lead=True)


def test_some_words_are_one_together() -> None:
    assert merged(pieces_of("the pull requests of a service account")) == [
        *("the", "pr", "of", "a"),
        "serviceuser",
    ]
    assert merged(["pull"]) == ["pull"] and merged([]) == []


def test_what_is_elsewhere_and_what_is_a_parameter() -> None:
    assert is_elsewhere(("flight",)) and is_elsewhere(("credit", "card")) and not is_elsewhere(("session",))
    assert is_parameter(("yesterday",)) and not is_parameter(("session",))


@for_every("meant", lambda: [*VERBS, *NOUNS, *LEADS])
def test_what_is_meant_are_words_that_some_tool_has(meant: str) -> None:
    for phrase in phrases_of(meant.replace("+", ",")):
        assert {*merged(phrase)} & known(), phrase


@for_every("said", lambda: [*VERBS.values(), *NOUNS.values(), *LEADS.values(), ELSEWHERE, PARAMETERS])
def test_what_is_said_can_be_found_as_it_is_written(said: str) -> None:
    for phrase in phrases_of(said):
        assert 0 < len(merged(phrase)) <= LONGEST_PHRASE, phrase


def test_the_words_that_are_kept_are_those_of_the_texts() -> None:
    assert vocabulary.KEPT.read_text(encoding="utf-8") == vocabulary.kept()
    texts = (*VERBS.values(), *NOUNS.values(), *LEADS.values(), ELSEWHERE, PARAMETERS)
    read = vocabulary._phrases.__wrapped__
    with_kept = [read(text) for text in texts]
    with patch.object(vocabulary, "_kept", dict):
        assert [read(text) for text in texts] == with_kept
    with patch.object(vocabulary, "_read", side_effect=AssertionError("read")):
        assert [read(text) for text in texts] == with_kept


def test_a_text_that_is_not_kept_is_read() -> None:
    assert vocabulary._phrases("thirsty ficuses, water") == {("thirsty", "ficus"), ("water",)}
