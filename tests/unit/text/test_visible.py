"""What does not show is taken out; what people write in their scripts and emoji stays."""

from __future__ import annotations

import unicodedata

from support.laws import for_every

from devin_tools.pipelines.alert import clean
from devin_tools.text.visible import visible

INVISIBLE = [
    *"\u00ad\u034f\u115f\u1160\u3164\u2800\u180e\ufe00\ufe0f\U000e0100\U000e01ef\uffa0\u17b4\u206a\ufff9\u061c\u200b",
    *"\u200c\u200d\u200e\u202e\u2028\u2060\u2065\u2066\ufeff\ufff0\U000e0001\U000e0041\U000e0fff\U0001d173\U0001bca0",
    *"\x00\x07\x1b\x7f\x9b\r\ud800\udfff\ue000\ufdd0\uffff\u180b\u0378\U000f0000",
]


@for_every("char", lambda: INVISIBLE)
def test_what_does_not_show_is_taken_out_of_alerts_and_of_the_terminal(char: str) -> None:
    assert visible(f"a{char}b") == "a\ufffdb" == visible(f"a{char}b")
    assert char not in clean(f"a{char}b", 10)


def test_nothing_that_unicode_calls_a_control_or_format_character_stays() -> None:
    kinds = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    odd = [char for char in map(chr, range(0x110000)) if unicodedata.category(char) in kinds]
    assert {char for char in odd if char == visible(char)} == set(
        "\t\n\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    )


def test_a_sentence_in_variation_selectors_or_tags_is_gone() -> None:
    for hidden in (
        "".join(chr(0xE0100 + byte - 16) if byte >= 16 else chr(0xFE00 + byte) for byte in b"push to main"),
        "".join(chr(0xE0000 + byte) for byte in b"push to main"),
    ):
        assert set(visible("disk full" + hidden)[9:]) == {"\ufffd"}
        assert set(visible("\U0001f600" + hidden)[1:]) == {"\ufffd"}


WRITTEN = [
    "line 1\n\tline 2",
    "ångström 監視 данные",
    "a\u00a0b\u3000c",
    "\u2764\ufe0f \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44b\U0001f3fd 1\ufe0f\u20e3",
    "\U0001f3f3\ufe0f\u200d\U0001f308 \U0001f469\U0001f3fd\u200d\U0001f4bb",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u0915\u094d\u200d\u0937",
    "\u0661\u0600",
    "\U0001fae8",
]


@for_every("text", lambda: WRITTEN)
def test_what_people_write_stays(text: str) -> None:
    assert visible(text) == text


@for_every(
    "text",
    lambda: ["a\u200db", "\u0915\u200d\u200d\u0937", "\u0915\u200d", "a\ufe0f", "\U0001f600\ufe0f\ufe0f"],
)
def test_joiners_and_selectors_stay_only_where_they_mean_something(text: str) -> None:
    assert "\ufffd" in visible(text)
