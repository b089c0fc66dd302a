"""`for_every` tries every case, names every one that a law does not hold for, and never passes on none."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

import pytest
from support.laws import for_every


def told(law: Any, **fixtures: Any) -> str:
    with pytest.raises(pytest.fail.Exception) as caught:
        law(**fixtures)
    return str(caught.value)


def test_every_case_is_tried_and_every_offender_is_named() -> None:
    tried = []

    @for_every("number", lambda: range(20))
    def law(number: int) -> None:
        tried.append(number)
        if number % 2:
            raise ValueError(f"{number} is odd")

    text = told(law)
    assert tried == list(range(20))
    assert text.startswith("10 of 20 cases:")
    assert all(f"{number} is odd" in text for number in range(1, 20, 2))


def test_an_assertion_a_failure_and_an_error_are_all_offences() -> None:
    @for_every("kind", lambda: ["assert", "fail", "error", "none"])
    def law(kind: str) -> None:
        assert kind != "assert"
        if kind == "fail":
            pytest.fail("failed")
        if kind == "error":
            raise KeyError(kind)

    assert told(law).startswith("3 of 4 cases:")


@pytest.mark.parametrize("cases", [list, lambda: iter(())], ids=["list", "iterator"])
def test_a_law_with_no_case_does_not_pass(cases: Any) -> None:
    @for_every("case", cases)
    def law(case: Any) -> None:
        pass

    with pytest.raises(AssertionError, match="no case"):
        law()


def test_a_skip_in_a_case_is_a_skip_and_no_offence() -> None:
    @for_every("case", lambda: [1])
    def law(case: int) -> None:
        pytest.skip("not here")

    with pytest.raises(pytest.skip.Exception):
        law()


def pairs() -> Iterable[tuple[str, int]]:
    return [("a", 1), ("b", 2)]


@for_every("name, number", pairs)
def test_cases_of_several_parts_and_fixtures_go_together(
    name: str, number: int, request: pytest.FixtureRequest
) -> None:
    assert (name, number) in pairs()
    assert request.node.name == "test_cases_of_several_parts_and_fixtures_go_together"


def test_the_test_asks_for_its_fixtures_alone() -> None:
    law = test_cases_of_several_parts_and_fixtures_go_together
    assert list(inspect.signature(law).parameters) == ["request"]
