"""Words of a declaration in the languages of the formats: text stays text in each of them. Pure."""

from __future__ import annotations

import html
import json
import re
from typing import Any

UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""What JSON may hold as it is, and YAML, older JavaScript or a file may not."""

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What HTML has no spelling for."""


def json_text(content: Any, *, indent: int | None = 1) -> str:
    """Write JSON that is the same value when it is read as YAML."""
    text = json.dumps(content, indent=indent, ensure_ascii=False)
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def script_json(content: Any) -> str:
    """Write JSON that stands in an element `script` of HTML, whose end and comments only `<` can spell."""
    return json_text(content, indent=None).rstrip().replace("<", "\\u003c")


def html_text(text: str, *, quote: bool = True) -> str:
    """Write a text of HTML, with `quote` also as the value of an attribute."""
    return html.escape(CONTROLS.sub("\ufffd", text), quote=quote)


def docstring(text: str) -> str:
    """Write what stands between the triple quotes of a docstring in Python."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in quoted)


def markdown_text(text: str) -> str:
    """Write a text in a cell of a table in Markdown, without HTML."""
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", " ".join(text.split())).replace("|", "\\|")
