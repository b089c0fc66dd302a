"""Words of a declaration in the languages of the formats: text stays text in each of them. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ..errors import BadDeclaration
from ..spec import Spec
from .builders.fields import Field, fields_of

UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""What JSON may hold as it is, and YAML, older JavaScript or a file may not."""

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What HTML has no spelling for."""

REFERENCES = {
    "Dify": r"\{\{#",
    "n8n": r"^=",
    "Node-RED": r"^\$[({].*[)}]$",
    "Sim": r"\{\{|<[^<>]*\.[^<>]*>",
}
"""What a builder takes for a reference or an expression where it expects a value; none has an escape."""


def json_text(content: Any, *, indent: int | None = 1) -> str:
    """Write a file of JSON that says the same when it is read as YAML."""
    return UNSEEN.sub(_escaped, json.dumps(content, indent=indent, ensure_ascii=False)) + "\n"


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


def require_constants(builder: str, specs: Sequence[Spec], written: Callable[[Field], Iterable[Any]]) -> None:
    """Raise `BadDeclaration` for a value of a field that a builder would evaluate.

    `written` gives the options and defaults of a field that the format writes as values.
    """
    for spec in specs:
        for field in fields_of(spec):
            if any(re.search(REFERENCES[builder], text) for text in _texts(written(field))):
                raise BadDeclaration(
                    f"{spec.name}: {builder} would evaluate an option or the default of {field.name}.",
                    hint="Choose another value in the declaration, or leave the tool out with --exclude.",
                )


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            yield from _texts(value)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
