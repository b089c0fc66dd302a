"""One scale for how bad something is, whatever a vendor calls it."""

from __future__ import annotations

import pytest

from devin_tools.pipelines.severities import severity_of


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        (0, 0), (4.0, 4), ("3", 3), ("SEV-1", 1), ("Critical", 0),
        (True, None), (5, None), (2.5, None), ("x" * 41, None), (["high"], None), ("purple", None),
    ],
)  # fmt: skip
def test_a_severity_is_a_number_or_a_known_word_and_nothing_else(word: object, severity: int | None) -> None:
    assert severity_of(word) == severity
