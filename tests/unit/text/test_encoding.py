"""Text that cannot be encoded is found wherever it is, and replaced where it comes from others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from support.laws import for_every

from devin_tools.errors import InvalidArguments
from devin_tools.text.encoding import (
    MAX_NESTING,
    decoded,
    format_location,
    is_plain,
    load_json,
    nested_too_deeply,
    parse_json,
    require_encodable,
    unencodable,
)

PLACES: dict[str, Any] = {
    "arguments": "\ud83d",
    "a": {"a": "x\udfff"},
    "a[1].b": {"a": ["ok", {"b": "\udc80"}]},
    "a.\ufffd": {"a": {"\ud800": 1}},
    "secret": {"secret": SecretStr("\ud800")},
    "a[0]": {"a": ("\ud800",)},
}


@for_every("place", PLACES.keys)
def test_a_lone_surrogate_is_refused_by_its_place_and_not_repeated(place: str) -> None:
    with pytest.raises(InvalidArguments) as caught:
        require_encodable(PLACES[place])
    assert [item["path"] for item in caught.value.details] == [place]
    str(caught.value).encode()


def test_whole_characters_pass_whatever_they_are() -> None:
    assert unencodable({"a": ["\U0001f600", "é", "\0", 1, None, b"\xff"]}) == []


ODD_TEXT = st.text(st.characters(exclude_categories=()), max_size=3)
PARTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=2) | ODD_TEXT,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(ODD_TEXT, parts, max_size=3),
    max_leaves=6,
)


@given(PARTS)
def test_nothing_odd_is_in_what_is_plain(value: Any) -> None:
    assert not is_plain(value) or (unencodable(value) == [] and nested_too_deeply(value) is None)


def test_the_arguments_of_most_calls_are_plain() -> None:
    assert is_plain({"session_id": "devin-1", "limit": 20, "is_archived": None, "share": 0.5})
    for part in ["\u00e9", ["a"], {"a": 1}, b"a", SecretStr("a")]:
        assert not is_plain({"a": part})


def test_neither_depth_nor_a_cycle_stops_the_search() -> None:
    cyclic: list[Any] = ["\ud800"]
    cyclic.append(cyclic)
    deep: Any = "\ud800"
    for _ in range(3_000):
        deep = [deep]
    assert unencodable(cyclic) == [(0,)]
    assert len(unencodable(deep)) == 1


def test_nesting_is_measured_without_recursion_and_a_cycle_has_no_end() -> None:
    def nested(times: int) -> Any:
        value: Any = 1
        for number in range(times):
            value = [value] if number % 2 else {"a": value}
        return {"schema": value}

    cyclic: list[Any] = []
    cyclic.append(cyclic)
    assert nested_too_deeply(nested(MAX_NESTING)) is None
    assert nested_too_deeply(nested(MAX_NESTING + 1)) == ("schema",)
    assert nested_too_deeply(nested(50_000)) == ("schema",)
    assert nested_too_deeply({"a": 1, "b": cyclic}) == ("b",)
    doubled: Any = []
    for _ in range(MAX_NESTING - 1):
        doubled = [doubled, doubled]  # 2 ** 99 ways down, and as many lists as levels
    assert nested_too_deeply({"a": doubled}) is None


ANSWERS = {
    rb'{"a": "\ud83d"}': ({"a": "\ufffd"}, ["a"]),
    b'{"a": "\xff"}': ({"a": "\ufffd"}, ["a"]),
    b'{"a": ["\xed\xa0\xbd"]}': ({"a": ["\ufffd\ufffd\ufffd"]}, ["a[0]"]),
    b'\xef\xbb\xbf{"a": 1}': ({"a": 1}, []),
    rb'{"a": "\ud83d\ude00"}': ({"a": "\U0001f600"}, []),
    '{"a": "\ufffd"}'.encode(): ({"a": "\ufffd"}, []),
    rb'{"\udfff": 1}': ({"\ufffd": 1}, ["\ufffd"]),
}


@for_every("content", ANSWERS.keys)
def test_json_is_read_whatever_its_text_is_like(content: bytes) -> None:
    value, places = load_json(content)
    assert (value, [format_location(where) for where in places]) == ANSWERS[content]


NO_JSON = {
    "NaN": "a number that JSON does not have",
    '{"a": -Infinity}': "a number that JSON does not have",
    "9" * 5000: "a number that JSON does not have",
    "[" * 200_000: "nested too deeply",
    "{": "line 1 column 2",
    "": "line 1 column 1",
}


@for_every("text", NO_JSON.keys)
def test_what_is_not_json_is_one_kind_of_error_which_does_not_repeat_it(text: str) -> None:
    for form in (text, text.encode()):
        with pytest.raises(ValueError, match=NO_JSON[text]):
            parse_json(form)


def test_a_lenient_reading_takes_the_numbers_that_python_does() -> None:
    assert parse_json("[Infinity]", is_strict=False) == [float("inf")]


WRITTEN = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@for_every("encoding", lambda: WRITTEN)
def test_the_text_of_a_file_is_the_same_in_every_encoding(encoding: str) -> None:
    text = '{\r\n  "name": "na\u00efve \U0001f600"\r}\n'
    assert decoded(text.encode(encoding)) == text.replace("\r\n", "\n").replace("\r", "\n")
    assert load_json(text.encode(encoding)) == ({"name": "na\u00efve \U0001f600"}, [])
    assert decoded("".encode(encoding)) == ""


def test_a_byte_order_mark_is_no_part_of_a_text() -> None:
    assert decoded("\ufeff\ufeffa".encode()) == "\ufeffa".removeprefix("\ufeff")
    assert decoded("\ufeff\ufeffa".encode("utf-16-le")) == "a"
    assert parse_json("\ufeff[1]") == [1]


@for_every("content", lambda: [b"caf\xe9", b"\xff\xfea", b"\xff\xfe\x00\xd8"])
def test_other_bytes_are_no_text(content: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decoded(content)
