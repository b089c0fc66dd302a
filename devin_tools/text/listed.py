"""Lists and objects that came as text: JSON, or names with commas between them. Pure.

Clients of models, forms, shells and variables hand lists over as text. Where a text is the JSON of what is
wanted, that is what was meant; where it only looks like it, nobody can tell, so it is refused.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .encoding import parse_json

__all__ = ["MEANT_NOTHING", "NotJson", "is_marked_up", "is_quoted", "json_in", "split_names", "trimmed"]

LIST_FORM = 'give a list, or one as JSON text, such as ["a", "b"]'

MEANT_NOTHING = frozenset({"null", "undefined", "None", "NaN"})
"""What a value that is not there becomes when a program writes it as text."""

QUOTES = tuple("\"'`\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb")
"""Marks that people and models put around what they quote: straight, typographic, and those of code."""

MARK = r"<\|[^|<>]{0,40}\|>"
MARKUP = re.compile(rf"</?[A-Za-z][^<>]*>|{MARK}"), re.compile(rf"(?:</[A-Za-z][^<>]*>|{MARK})\Z")
"""A tag or a token of a model's template, at the beginning and at the end: what is left of a notation that
was not read."""


class NotJson(ValueError):
    """Text that begins as a JSON list or object does, and is none. Its text says where, and never what."""


def trimmed(text: str) -> str:
    """Return a text without white space and byte order marks around it."""
    bare = text.strip()
    return bare.strip("\ufeff \t\r\n") if "\ufeff" in bare else bare


def json_in(text: str) -> Any:
    """Return the list or the object that a text holds as JSON; `None` where it begins as neither does.

    Raises `NotJson`.
    """
    bare = trimmed(text)
    if not bare.startswith(("[", "{")):
        return None
    try:
        return parse_json(bare)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}: {error.msg}"
    except ValueError as error:
        place = str(error)
    what = "list" if bare.startswith("[") else "object"
    raise NotJson(f"begins as a JSON {what} does, and is not valid JSON ({place})")


def is_quoted(text: str) -> bool:
    """Return whether a text begins or ends with a quotation mark, as a part of something that was quoted."""
    return text.startswith(QUOTES) or text.endswith(QUOTES)


def is_marked_up(text: str) -> bool:
    """Return whether a name begins or ends with a tag or a token of a template, as no name does."""
    opens, closes = MARKUP
    return opens.match(text) is not None or closes.search(text) is not None


def split_names(text: str) -> list[str]:
    """Return the names that a text lists: a JSON list of texts, or names with commas between them.

    Empty ones are left out. Raises `ValueError` for what looks like something else; no value is in its text.
    """
    try:
        listed = json_in(text)
    except NotJson as error:
        raise ValueError(f"{error}: {LIST_FORM}") from None
    if listed is not None:
        if not isinstance(listed, list) or not all(isinstance(part, str) for part in listed):
            raise ValueError(f"is JSON, but not a list of texts: {LIST_FORM}")
        return listed
    parts = [part for part in map(str.strip, trimmed(text).split(",")) if part]
    for part in parts:
        _require_name(part)
    return parts


def _require_name(part: str) -> None:
    if part in MEANT_NOTHING:
        raise ValueError(
            f"holds the word null, undefined, None or NaN, which stands for nothing: {LIST_FORM}"
        )
    if is_quoted(part):
        raise ValueError(f"holds quotation marks around names: leave them out, or {LIST_FORM}")
    if is_marked_up(part):
        raise ValueError(f"holds tags or tokens of another notation: {LIST_FORM}")
    if part.startswith(("[", "{")):
        raise ValueError(f"holds a bracket at the beginning of a name: {LIST_FORM}")
    if "\n" in part or "\r" in part:
        raise ValueError(f"has names on several lines: write commas between them, or {LIST_FORM}")
