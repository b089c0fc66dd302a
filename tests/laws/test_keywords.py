"""Laws of the keywords: each tool has some, and they say what its name and its summary do not."""

from __future__ import annotations

from collections import defaultdict

from support.laws import for_every
from support.tools import tools

from devin_tools import Spec
from devin_tools.search.words import words_of

FEWEST, MOST = 2, 8
LONGEST = 40
"""Characters of a phrase: what somebody says in one breath."""

every_tool = for_every("spec", tools)


@every_tool
def test_every_tool_has_some_keywords_and_they_are_short(spec: Spec) -> None:
    assert FEWEST <= len(spec.keywords) <= MOST
    assert [phrase for phrase in spec.keywords if len(phrase) > LONGEST or phrase != phrase.strip()] == []


@every_tool
def test_every_phrase_has_a_word_that_the_name_and_the_summary_do_not_have(spec: Spec) -> None:
    known = {*words_of(spec.name), *words_of(spec.summary)}
    assert [phrase for phrase in spec.keywords if known.issuperset(words_of(phrase))] == []


def test_a_phrase_leads_to_one_tool() -> None:
    led_to = defaultdict(list)
    for spec in tools():
        for phrase in spec.keywords:
            led_to[" ".join(words_of(phrase))].append(spec.name)
    assert {phrase: names for phrase, names in led_to.items() if len(names) > 1} == {}
