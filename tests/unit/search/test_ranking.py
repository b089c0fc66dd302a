"""Texts ranked by their words."""

from __future__ import annotations

import pytest

from devin_tools.search.ranking import Ranking


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    ranking = Ranking([{"list": 1.0, "note": 1.0}, {"list": 1.0, "key": 1.0}, {"list": 1.0}])
    assert ranking.rarity("note") > ranking.rarity("list") > 0
    assert ranking.rarity("nothing") > ranking.rarity("note")
    assert ranking.knows("list") and not ranking.knows("nothing")


def test_a_text_has_the_score_of_the_best_of_some_words() -> None:
    ranking = Ranking([{"stop": 1.0, "end": 4.0}, {"end": 4.0, "other": 1.0}, {"other": 5.0}])
    both = ranking.scores(["stop", "end"])
    assert both.keys() == {0, 1}
    assert both[0] == max(ranking.scores(["stop"])[0], ranking.scores(["end"])[0])
    assert ranking.scores(["nothing"]) == {} == ranking.scores([])


def test_a_word_counts_more_where_it_weighs_more_and_less_in_a_long_text() -> None:
    ranking = Ranking([{"key": 4.0, "x": 1.0}, {"key": 1.0, "x": 4.0}, {"key": 4.0, "y": 40.0}])
    scores = ranking.scores(["key"])
    assert scores[0] > scores[1] and scores[0] > scores[2]


@pytest.mark.parametrize("texts", [[], [{}], [{}, {}]])
def test_nothing_has_no_scores(texts: list[dict[str, float]]) -> None:
    assert Ranking(texts).scores(["key"]) == {}
