"""Values out of a body from outside, in whatever form senders write them."""

from __future__ import annotations

from typing import Any

import pytest

from devin_tools.errors import UnreadableEvent
from devin_tools.pipelines.body import Body


@pytest.mark.parametrize(
    ("value", "number"), [(31, 31), (31.0, 31), (" 31 ", 31), (None, 7), ("", 7), ("9" * 30, -1)]
)
def test_a_whole_number_is_read_in_each_of_its_forms(value: Any, number: int) -> None:
    assert Body({"line": value}, form="standard").number("line", 7) == number


@pytest.mark.parametrize("value", [31.5, float("inf"), True, "first", [31]])
def test_what_is_not_a_whole_number_is_refused_with_its_place(value: Any) -> None:
    with pytest.raises(UnreadableEvent, match=r"at\.line must be a whole number"):
        Body({"line": value}, "at", form="standard").number("line")
