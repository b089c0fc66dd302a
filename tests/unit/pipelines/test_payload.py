"""Values out of a body from outside, in whatever form senders write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from devin_tools.errors import UnreadableEvent
from devin_tools.pipelines.payload import Body, build_alert


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


def test_what_nothing_asked_for_is_the_rest() -> None:
    body = Body(
        {
            "name": "a", "known": 1, "none": None, "empty": [],
            "flag": False, "list": ["a", 2], "objects": [{"a": 1}, 7], "deep": {"a": {"b": {"c": {"d": 1}}}},
            "part": {"read": 1, "left": 2},
        },
        form="standard", is_strict=False,
    )  # fmt: skip
    body.known("known")
    assert (body.get("name"), body.object("part").get("read")) == ("a", "1")
    assert [item.get("b") for item in body.objects("objects")] == [""]
    assert dict(body.rest()) == {
        "flag": "false", "list": "a, 2", "a": "1", "objects": "7", "deep.a.b.c": '{"d": 1}', "left": "2",
    }  # fmt: skip


def test_a_value_of_a_vendor_in_another_shape_counts_as_unknown() -> None:
    body = Body({"name": ["a"], "at": "soon", "line": "x", "list": 1, "object": 2}, form="x", is_strict=False)
    assert (body.get("name"), body.time("at"), body.number("line"), body.list("list")) == ("", None, None, [])
    assert not body.object("object").value
    assert dict(body.rest()) == {"name": "a", "at": "soon", "line": "x", "list": "1", "object": "2"}


def test_names_that_come_twice_are_counted() -> None:
    body = Body({"a": "1", "parts": [{"a": "2"}, {"a": "3"}, {"a": "3"}]}, form="x", is_strict=False)
    list(body.objects("parts"))
    alert = build_alert(body, severity=[], dimensions={"a": "1"}, name="n", source="s")
    assert alert.dimensions == {"a": "1", "a_2": "2", "a_3": "3", "a_4": "3"}


def test_names_with_dots_are_objects_within_each_other() -> None:
    body = Body({"rule.id": 1, "rule": "odd", "a.b.c": 2, "a.b": 3, "d": 4}, form="x")
    assert body.nested().value["rule"] == {"id": 1} and body.nested().value["d"] == 4


def test_what_stands_beside_many_alerts_is_little() -> None:
    beside = Body({f"field_{number}": "x" * 999 for number in range(40)}, form="x", is_strict=False)
    alert = build_alert(
        Body({}, form="x", findings=beside.findings), beside, severity=[], dimensions={}, name="n", source="s"
    )
    assert len(alert.dimensions) == 16 and {len(text) for text in alert.dimensions.values()} == {200}
    assert [*beside.findings.all_notes()][-1] == "24 further values are in none of the 64 dimensions."
