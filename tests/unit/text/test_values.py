"""Arguments that came as text: what a plugin's types say of them is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from pydantic import BeforeValidator, Field, Json, field_validator
from typing_extensions import TypedDict

from devin_tools.text.values import read_values
from devin_tools.tool import Input


class Point(TypedDict):
    x: int


@dataclass
class Size:
    width: int


class Part(Input):
    names: list[str] = []
    """Names."""


def _pairs(value: Any) -> Any:
    return dict(pair.split("=") for pair in value.split(",")) if isinstance(value, str) else value


class Odd(Input):
    texts: Sequence[str] = ()
    """Texts."""

    numbers: list[int] | None = None
    """Numbers."""

    rows: tuple[int, str] | None = None
    """A row."""

    nested: list[list[str]] = []
    """Lists in a list."""

    parts: list[Part] = []
    """Objects in a list."""

    part: Part | None = None
    """An object."""

    by_name: dict[str, list[str]] = {}
    """Lists in an object."""

    text_or_list: str | list[str] = ""
    """One or many."""

    mixed: list[str | dict[str, Any]] = []
    """Texts or objects."""

    words: list[Literal["a", "b"]] = []
    """Words."""

    point: Point | None = None
    """A typed dictionary."""

    size: Size | None = None
    """A dataclass."""

    anything: Any = None
    """Whatever it is."""

    pairs: Annotated[dict[str, str], BeforeValidator(_pairs)] = {}
    """Pairs, as text of their own too."""

    own: list[str] = []
    """A list with a reader of the class."""

    as_json: Json[list[int]] = []
    """JSON as text."""

    count: int = Field(default=1, validation_alias="how_many")
    """A number."""

    ratio: float = 1.0
    """Another."""

    is_on: bool = False
    """A flag."""

    @field_validator("own", mode="before")
    @classmethod
    def _by_semicolons(cls, value: Any) -> Any:
        return value.split(";") if isinstance(value, str) else value


@pytest.mark.parametrize(
    "name, given, meant",
    [
        ("texts", '["a"]', ["a"]),
        ("numbers", "[1, 2]", [1, 2]),
        ("rows", '[1, "a"]', [1, "a"]),
        ("nested", '[["a"]]', [["a"]]),
        ("nested", ['["a"]'], [["a"]]),
        ("parts", '[{"names": ["a"]}]', [{"names": ["a"]}]),
        ("parts", ['{"names": "[]"}'], [{"names": "[]"}]),
        ("part", '{"names": []}', {"names": []}),
        ("by_name", '{"a": ["b"]}', {"a": ["b"]}),
        ("by_name", {"a": '["b"]'}, {"a": ["b"]}),
        ("text_or_list", '["a"]', ["a"]),
        ("text_or_list", "[a", "[a"),
        ("text_or_list", "a", "a"),
        ("mixed", ['{"a": "[1]"}', "{a}", "[T-1] b"], [{"a": "[1]"}, "{a}", "[T-1] b"]),
        ("words", '["a"]', ["a"]),
        ("point", '{"x": 1}', {"x": 1}),
        ("size", '{"width": 1}', {"width": 1}),
        ("anything", '["a"]', '["a"]'),
        ("pairs", "a=b", "a=b"),
        ("pairs", '{"a": "b"}', {"a": "b"}),
        ("own", "a;b", "a;b"),
        ("own", '["a"]', ["a"]),
        ("as_json", "[1]", "[1]"),
        ("asJson", "[1]", "[1]"),
        ("byName", '{"a": []}', {"a": []}),
        ("unknown", '["a"]', '["a"]'),
    ],
)
def test_what_a_text_stands_for_is_read(name: str, given: Any, meant: Any) -> None:
    arguments = {name: given}
    read, faults = read_values(Odd, arguments)
    assert not faults
    assert read == {name: meant}
    assert arguments == {name: given}


@pytest.mark.parametrize(
    "name, given, where",
    [
        ("texts", "a", ("texts",)),
        ("nested", ["a"], ("nested", 0)),
        ("parts", ["a"], ("parts", 0)),
        ("parts", ["[]"], ("parts", 0)),
        ("part", "[]", ("part",)),
        ("part", "a", ("part",)),
        ("by_name", {"a": "b"}, ("by_name", "a")),
        ("byName", "a", ("by_name",)),
        ("mixed", ["a", '["b"]'], ("mixed", 1)),
        ("text_or_list", ["[]"], ("text_or_list", 0)),
        ("pairs", "[]", ("pairs",)),
        ("own", "[a", ("own",)),
        ("how_many", True, ("count",)),
        ("count", "nan", ("count",)),
        ("ratio", float("inf"), ("ratio",)),
        ("numbers", [1, False], ("numbers", 1)),
    ],
)
def test_what_nobody_can_read_for_sure_has_its_place(name: str, given: Any, where: tuple[Any, ...]) -> None:
    _, faults = read_values(Odd, {name: given})
    assert [fault.where for fault in faults] == [where]


def test_nested_objects_read_their_own_fields() -> None:
    odd = Odd.model_validate({"parts": '["{\\"names\\": \\"[\\\\\\"a\\\\\\"]\\"}"]', "is_on": "true"})
    assert odd.parts == [Part(names=["a"])] and odd.is_on


def test_what_came_as_text_is_held_to_the_same_bounds() -> None:
    with pytest.raises(ValueError, match="lone surrogate"):
        Odd(texts='["\\ud83d"]')
    with pytest.raises(ValueError, match="nested too deeply"):
        Odd(part='{"names": ' + "[" * 200 + "]" * 200 + "}")
