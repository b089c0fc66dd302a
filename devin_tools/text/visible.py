"""Text that shows: what is there and cannot be seen is taken out, by what Unicode says of it.

People look text over before they trust it. What they cannot see can hold instructions for a model, turn text
around, or steer a terminal.
"""

from __future__ import annotations

import re
import unicodedata

IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
"""What may be drawn as nothing (Default_Ignorable_Code_Point) and is not a control or format character; and
the empty pattern of Braille."""

SIGNS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters that are drawn: Prepended_Concatenation_Mark."""

JOINERS, SELECTORS = "\u200c\u200d", "\ufe0e\ufe0f"

UNUSUAL = re.compile(
    "\U0001f3f4(?:\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
    "|\U000e0077\U000e006c\U000e0073))\U000e007f"  # the flags of England, Scotland and Wales
    r"|[^\t\n -~]"
)


def visible(text: str) -> str:
    """Put the replacement character in the place of each one that does not show or is not a character.

    Line feeds and tabs stay, and so do joiners within emoji and within the scripts that write with them.
    """
    return UNUSUAL.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    char, at, text = match[0], match.start(), match.string
    if len(char) > 1:
        return char
    if char in SELECTORS:
        is_shown = _is_emoji(text[at - 1 : at]) or text[at - 1 : at] in tuple("#*0123456789")
    elif char in JOINERS:
        is_shown = _joins(char, text[:at][-3:], text[at + 1 : at + 2])
    elif char.isprintable():
        is_shown = IGNORABLE.match(char) is None
    else:
        is_new_emoji = unicodedata.category(char) == "Cn" and "\U0001f300" <= char <= "\U0001faff"
        is_shown = char in SIGNS or unicodedata.category(char) == "Zs" or is_new_emoji
    return char if is_shown else "\N{REPLACEMENT CHARACTER}"


def _joins(char: str, before: str, after: str) -> bool:
    """Return whether a joiner stands between two emoji, or between letters of a script that uses it."""
    if _joined_script(before[-1:]) and _joined_script(after):
        return True
    base = before.rstrip("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
    return char == "\u200d" and _is_emoji(base[-1:]) and _is_emoji(after)


def _is_emoji(char: str) -> bool:
    return bool(char) and (
        "\U0001f000" <= char <= "\U0001faff"
        or ("\u2000" <= char <= "\u33ff" and char.isprintable() and not char.isalpha() and char != "\u2800")
        or char in "\u00a9\u00ae"
    )


def _joined_script(char: str) -> bool:
    """Return whether it is a letter or mark of Arabic, the Indic scripts, Khmer, Mongolian and the like."""
    if not char or unicodedata.category(char)[0] not in "LM" or IGNORABLE.match(char):
        return False
    ranges = (("\u0600", "\u109f"), ("\u1700", "\u1cff"), ("\ua800", "\uabff"), ("\U00010a00", "\U00011fff"))
    return any(first <= char <= last for first, last in ranges)
