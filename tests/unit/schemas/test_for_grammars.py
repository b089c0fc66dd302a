"""What models are shown takes all that the declared schema takes, in words that a grammar can hold."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.laws import for_every
from support.tools import tools

from devin_tools import Spec
from devin_tools.schemas.for_grammars import MAX_REPEATS, for_grammars, grammar_pattern
from devin_tools.schemas.traversal import walk

FORMS = {
    r"^\d+$": "^[0-9]+$",
    r"^\w{1,3}$": "^[A-Za-z0-9_]{1,3}$",
    r"^https?://\S+$": r"^https?://[^\x09-\x0d \x85\xa0]+$",
    r"^[^\s/]$": r"^[^\x09-\x0d \x85\xa0/]$",
    r"^a\.b\-c\/d\\e$": r"^a[.]b[-]c[/]d\\e$",
    r"^[\w\-\.\]]$": r"^[A-Za-z0-9_\x2d.\]]$",
    r"^\^\f$": r"^\x5e\x0c$",
    r"^(?:ab)+?c{2,}$": "^(ab)+c{2,}$",
    r"^[a-z]{3,2000}$": "^[a-z]{3,}$",
    r"^a{5000}$": "^a{990,}$",
    "^a{2}b{0,990}$": "^a{2}b{0,990}$",
    r"^(a|[|]|b\|)$": r"^(a|[|]|b\|)$",
    "^$": "^$",
}

WITHOUT_FORM = [
    "abc", "^abc", "abc$", r"^abc\$", "^(?=a)b$", "^(?P<n>a)$", "^(?<n>a)$", r"^(a)\1$", r"^\bword$",
    r"^\p{L}$", r"^[a\S]$", "^[]a]$", "^[a-z$", "^a++$", "^a{,3}$", "^a^b$", "^a}$",
    "^a|b$", "^(a)|b$", "^a|$",
]  # fmt: skip


@pytest.mark.parametrize(("declared", "shown"), FORMS.items())
def test_a_pattern_loses_its_shorthand(declared: str, shown: str) -> None:
    assert grammar_pattern(declared) == shown
    assert grammar_pattern(shown) == shown


@pytest.mark.parametrize("pattern", WITHOUT_FORM)
def test_a_pattern_without_such_a_form_goes_into_the_description(pattern: str) -> None:
    assert grammar_pattern(pattern) is None
    schema = {"type": "string", "description": "A name.", "pattern": pattern}
    assert for_grammars(schema) == {
        "type": "string",
        "description": f"A name. Constraints: pattern `{pattern}`.",
    }


@settings(max_examples=100)
@given(st.sampled_from(sorted(FORMS)), st.text(st.characters(max_codepoint=255), max_size=8), st.data())
def test_the_two_agree_within_latin_1(declared: str, text: str, data: st.DataObject) -> None:
    shown = grammar_pattern(declared)
    assert shown is not None
    text = data.draw(st.just(text) | st.from_regex(declared, fullmatch=True))
    is_taken = re.fullmatch(declared, text, re.ASCII) is not None
    if not re.search("[\x1c-\x1f\x85\xa0]", text):  # white space to one engine, and not to another
        assert not is_taken or re.fullmatch(shown, text)
        assert is_taken or "{990,}" in shown or "{3,}" in shown or not re.fullmatch(shown, text)


def test_counts_that_are_too_high_are_left_to_the_validator() -> None:
    long = {"type": "string", "minLength": 1, "maxLength": 2083}
    assert for_grammars(long) == {"type": "string", "minLength": 1}
    fits = {"type": "string", "minLength": 1, "maxLength": MAX_REPEATS + 1}
    assert for_grammars(fits) == fits
    many = {"type": "array", "description": "Ids.", "items": long, "maxItems": 5000}
    assert for_grammars(many) == {
        "type": "array",
        "description": "Ids. Constraints: maxItems 5000.",
        "items": {"type": "string", "minLength": 1},
    }
    assert for_grammars({"properties": {"maxLength": long, "pattern": {"type": "string"}}}) == {
        "properties": {"maxLength": {"type": "string", "minLength": 1}, "pattern": {"type": "string"}}
    }


@for_every("spec", tools)
def test_every_tool_is_shown_with_what_grammars_can_hold(spec: Spec) -> None:
    schema = spec.source.inline_input()
    assert for_grammars(schema) == schema
    for node in walk(schema).nodes:
        assert not re.search(r"\\[dDwWsS]", node.schema.get("pattern", ""))
