"""Values out of a body from outside, in whatever form senders write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from devin_tools.errors import UnreadableEvent
from devin_tools.pipelines.payload import Body


@pytest.mark.parametrize(
    ("value", "number"), [(31, 31), (31.0, 31), (" 31 ", 31), (None, 7), ("", 7), ("9" * 30, -1)]
)
def test_a_whole_number_is_read_in_each_of_its_forms(value: Any, number: int) -> None:
    assert Body({"line": value}, form="standard").number("line", 7) == number


@pytest.mark.parametrize("value", [31.5, float("inf"), True, "first", [31]])
def test_what_is_not_a_whole_number_is_refused_with_its_place(value: Any) -> None:
    with pytest.raises(UnreadableEvent, match=r"at\.line must be a whole number"):
        Body({"line": value}, "at", form="standard").number("line")


def test_a_list_is_read_as_one_and_nothing_else_is() -> None:
    given = Body({"items": [1], "name": "x"}, form="standard")
    assert (given.list("items"), given.list("none")) == ([1], [])
    with pytest.raises(UnreadableEvent, match="none is missing"):
        given.list("none", required=True)
    with pytest.raises(UnreadableEvent, match="name must be a list"):
        given.list("name")


@pytest.mark.parametrize("value", ["2026-01-31", "2026-01-31T00:00:00Z", 1_769_817_600, " 1769817600000 "])
def test_a_time_is_read_in_each_of_its_forms(value: Any) -> None:
    assert Body({"at": value}, form="standard").time("at") == datetime(2026, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize("value", ["now", True, "9" * 30, 1e300, ["2026-01-31"], "2026-99-99"])
def test_what_is_not_a_time_is_refused(value: Any) -> None:
    with pytest.raises(UnreadableEvent, match="at must be a time"):
        Body({"at": value}, form="standard").time("at")
