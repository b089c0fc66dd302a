"""Laws of the keywords: each tool has some, and they say what its name and its summary do not."""

from __future__ import annotations

from collections import Counter

from support.laws import for_every
from support.tools import tools

from devin_tools import Spec
from devin_tools.search.finder import Finder
from devin_tools.search.words import words_of

FEWEST, MOST = 2, 20
LONGEST = 40
"""Characters of a phrase: what somebody says in one breath."""
LEAST = 3
"""Words that the keywords of a tool say beside its name and its summary."""

every_tool = for_every("spec", tools)


@every_tool
def test_every_tool_has_some_keywords_and_they_are_short(spec: Spec) -> None:
    assert FEWEST <= len(spec.keywords) <= MOST
    assert [phrase for phrase in spec.keywords if len(phrase) > LONGEST or phrase != phrase.strip()] == []
    assert len(set(spec.keywords)) == len(spec.keywords)


@every_tool
def test_keywords_say_what_the_name_and_the_summary_do_not(spec: Spec) -> None:
    known = {*words_of(spec.name), *words_of(spec.summary)}
    assert len(set(words_of(" ".join(spec.keywords))) - known) >= LEAST


def test_every_tool_has_a_phrase_that_leads_to_it_alone() -> None:
    led_to = Counter(phrase for spec in tools() for phrase in {*map(said, spec.keywords)})
    assert [spec.name for spec in tools() if min(led_to[said(one)] for one in spec.keywords) > 1] == []


def said(phrase: str) -> str:
    return " ".join(words_of(phrase))


def test_every_tool_is_found_by_one_of_its_phrases() -> None:
    finder = Finder(tools())
    assert [
        spec.name for spec in tools() if not any(is_found(finder, spec, one) for one in spec.keywords)
    ] == []


def is_found(finder: Finder, spec: Spec, phrase: str) -> bool:
    return spec in finder.find(phrase).specs
