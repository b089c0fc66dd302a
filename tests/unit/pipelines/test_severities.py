"""One scale for how bad something is, whatever a vendor calls it."""

from __future__ import annotations

import pytest

from devin_tools.pipelines.severities import label_severity, priority_of, severity_of


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        (0, 0), (4.0, 4), ("3", 3), ("SEV-1", 1), ("Critical", 0),
        (True, None), (5, None), (2.5, None), ("x" * 41, None), (["high"], None), ("purple", None),
        ("1 - Critical", 0), ("2-High", 1), ("P1 - Critical", 0), ("Critical (P1)", 0), ("Severity 1", 1),
        ("severity: 0", 0), ("Priority 1", 0), ("not critical", None), ("very high", None),
        ("error 404", None), ("level 5", None), ("-", None), ("Not classified", None),
    ],
)  # fmt: skip
def test_a_severity_is_a_number_or_a_known_word_and_nothing_else(word: object, severity: int | None) -> None:
    assert severity_of(word) == severity


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        (1, 0), (5, 4), ("2", 1), (" 3 ", 2), ("P1", 0), ("SEV-1", 0), ("p0", 0), (0, 0), ("Highest", 0),
        ("lowest", 4),
        ("high", 1), (6, None), (True, None), (1.5, None), ("", None), ("99", None), (None, None),
        ([1], None), ("purple", None), ("1 - Critical", 0), ("P2: High", 1), ("Priority 1", 0),
    ],
)  # fmt: skip
def test_a_number_called_a_priority_counts_from_1(value: object, severity: int | None) -> None:
    assert priority_of(value) == severity


@pytest.mark.parametrize(
    ("label", "severity"),
    [
        ("P2", 1), ("priority: high", 1), ("priority/1", 0), ("prio-3", 2), ("severity: 1", 1),
        ("sev/critical", 0), ("critical", 0), ("1", None), ("bug", None), ("priority:", None),
        ("priority: soon", None),
    ],
)  # fmt: skip
def test_a_label_is_a_severity_where_it_says_so(label: str, severity: int | None) -> None:
    assert label_severity(label) == severity
