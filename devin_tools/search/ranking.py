"""Texts ranked by how well they answer a query: BM25 over weighted fields. Pure, and knows no tools.

The formula is that of BM25F (Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields,
2004): the counts of a word in the fields of a text are added up by their weights before they saturate.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Ranking"]

SATURATION, LENGTH = 1.8, 0.4
"""How soon more of the same word counts for nothing (k1), and how much long texts are held back (b)."""


class Ranking:
    """An index of texts, each as words with what they weigh there."""

    def __init__(self, texts: Sequence[Mapping[str, float]]):
        lengths = [sum(text.values()) for text in texts]
        average = sum(lengths) / len(texts) if texts else 1.0
        holding = Counter(word for text in texts for word in text)
        self._size = len(texts)
        self._weights = {
            word: math.log(1 + (self._size - held + 0.5) / (held + 0.5)) for word, held in holding.items()
        }
        self._scores: dict[str, dict[int, float]] = {word: {} for word in holding}
        for number, text in enumerate(texts):
            slack = SATURATION * (1 - LENGTH + LENGTH * lengths[number] / (average or 1.0))
            for word, count in text.items():
                share = count * (SATURATION + 1) / (count + slack)
                self._scores[word][number] = share * self._weights[word]

    def rarity(self, word: str) -> float:
        """Return what a word tells apart: 0 for one in every text, most for one in none."""
        return self._weights.get(word, math.log(1 + (self._size + 0.5) / 0.5))

    def knows(self, word: str) -> bool:
        """Return whether any text has a word."""
        return word in self._scores

    def words(self) -> Iterable[str]:
        """Return all words of the texts."""
        return self._scores.keys()

    def scores(self, words: Iterable[str]) -> dict[int, float]:
        """Return the score of each text that has one of some words, by the best of them."""
        found: dict[int, float] = {}
        for word in words:
            for number, score in self._scores.get(word, {}).items():
                if score > found.get(number, 0.0):
                    found[number] = score
        return found
