"""What the pack says of a tool and its fields: the declaration's words where they hold in n8n, else others.

A declaration speaks of this package's own client, which looks up secrets, reads files of its machine and
returns early. What the nodes do not do, none of their texts promises.
"""

from __future__ import annotations

import re

from ....spec import Spec
from ...providers.names import FAMILY
from ...quoting import html_text
from ..fields import Field, label_of
from ..promises import KEY, LOST, true_in

KEPT = frozenset({KEY, LOST})
"""What `once.js` keeps of what a description promises."""

LIST_HINT = "Comma-separated, a JSON list, or an expression that gives a list; `[]` is an empty one."
OWN_HINT = "Another value is given by an expression."

COMMAS = re.compile(r"; comma-separated text is accepted too")
PAGES = re.compile(r", one page per call")
NULL = re.compile(r"; null: nobody in particular")
FOLDER = re.compile(r"\bthe working folder\b")
EARLY = re.compile(r"^Return after this many seconds at the latest.*", re.DOTALL)
TOOL = re.compile(rf"\b{FAMILY}([a-z_]+)\b")

EARLY_HERE = (
    "How long one request to the tools server may wait. The node goes on with the next one until the call is "
    "done."
)


def said(spec: Spec, text: str) -> str:
    """Return what the nodes say for a text of a declaration."""
    text = TOOL.sub(lambda found: f"*{label_of(found[1])}*", COMMAS.sub("", text))
    text = true_in(spec, text, KEPT)
    if spec.is_one_request:
        return NULL.sub("", PAGES.sub("", text))
    return EARLY.sub(EARLY_HERE, FOLDER.sub("the server's working folder", text))


def about_field(spec: Spec, field: Field) -> str:
    """Describe a field; the editor shows it as HTML."""
    hints = [said(spec, field.description)]
    if field.kind == "texts":
        hints.append(LIST_HINT)
    if field.kind == "text" and field.options:
        hints.append(OWN_HINT)
    return html_text(" ".join(hint for hint in hints if hint), quote=False)


def about_operation(spec: Spec) -> str:
    """Describe an operation; the editor shows it as HTML."""
    marks = [mark for mark in (spec.effect.spends, "beta" if spec.beta else "") if mark]
    marks += [*spec.effect.marks, *(["cannot be undone"] if spec.effect.kind == "destroy" else [])]
    summary = said(spec, spec.summary)
    return html_text(f"{summary} ({', '.join(marks)})" if marks else summary, quote=False)
