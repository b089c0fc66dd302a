"""Texts that list names: JSON, or commas; what only looks like one of them is refused without its words."""

from __future__ import annotations

from typing import Any

import pytest

from devin_tools.text.listed import NotJson, is_marked_up, is_quoted, json_in, split_names, trimmed


@pytest.mark.parametrize(
    "text, names",
    [
        ("a, b", ["a", "b"]),
        (" a,, b ,", ["a", "b"]),
        ("", []),
        (" ,\ufeff", []),
        ("\ufeffa", ["a"]),
        ('["a, b", "c"]', ["a, b", "c"]),
        (' \ufeff[\n"a"\n] ', ["a"]),
        ("[]", []),
        ("5, true, nullable", ["5", "true", "nullable"]),
        ("team:a[1]", ["team:a[1]"]),
    ],
)
def test_names_are_told_apart(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    "text",
    [
        '["CANARY"', "[CANARY, b]", "['CANARY']", "[1]", '["CANARY", null]', '{"CANARY": 1}', '"CANARY"',
        '"CANARY", "b"', "'CANARY'", "('CANARY', 'b')", "a, null", "undefined", "None", "NaN", "CANARY\nb",
        "CANARY, [b]", '"[\\"CANARY\\"]"', "[object Object]", "[NaN]", "[" * 10_000,
        "`CANARY`", "a, \u201cCANARY\u201d", "\u00abCANARY\u00bb", "```[a]```", '<|"|>CANARY<|"|>',
        'CANARY<|"|>',
        "<item>CANARY</item><item>b</item>", "CANARY</tags>", "</parameter>, CANARY", "<|im_end|>",
    ],
)  # fmt: skip
def test_what_looks_like_something_else_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r'such as \["a", "b"\]|valid JSON') as caught:
        split_names(text)
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("text, held", [("a [", None), ("", None), ("null", None), (' {"a": 1}', {"a": 1})])
def test_json_is_looked_for_where_a_text_begins_as_a_list_or_an_object(text: str, held: Any) -> None:
    assert json_in(text) == held


def test_the_place_of_a_fault_is_told() -> None:
    with pytest.raises(NotJson, match="line 2, column 3"):
        json_in("[\n1 2]")


def test_a_mark_is_no_part_of_a_text() -> None:
    assert trimmed(" \ufeff \ufeffa b\ufeff\n") == "a b"
    assert is_quoted('"a') and is_quoted("a'") and not is_quoted("a'b")


def test_a_tag_within_a_name_is_none_around_it() -> None:
    assert not any(map(is_marked_up, ("a<b", "<3", "a > b", "-> <-", "a <b> c", "<5>")))
    assert all(map(is_marked_up, ("<b>a", "</a>", "a</b>", '<|"|>a', "a<|x|>")))
