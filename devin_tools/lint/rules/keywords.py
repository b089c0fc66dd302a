"""Rules on keywords, formats and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..dialects import Dialect
from ..rule import Fault, Rule, of_nodes
from ..shown import shown
from ..walk import DEFINITIONS, Node

OF_OTHER_RULES = frozenset(("additionalProperties", "$ref", *DEFINITIONS))
"""Keywords that have a rule of their own where they are refused."""

LOOK_AROUND = re.compile(r"\(\?<?[=!]")
ESCAPED = re.compile(r"\\.", re.DOTALL)


def _keywords(node: Node, dialect: Dialect) -> Iterator[Fault]:
    for name in node.schema:
        is_taken = dialect.allowed is None or name in dialect.allowed or name in OF_OTHER_RULES
        if name in dialect.refused or not is_taken:
            yield (*node.place, name), f"`{shown(name)}` is not taken"
    fewest = node.schema.get("minItems")
    if dialect.name == "anthropic-strict" and isinstance(fewest, int) and fewest > 1:
        yield (*node.place, "minItems"), "`minItems` is over 1"


def _formats(node: Node, dialect: Dialect) -> Iterator[Fault]:
    known, given = dialect.formats, node.schema.get("format")
    if isinstance(given, str) and known is not None and given not in known:
        yield (*node.place, "format"), f"the format {shown(given)} is not taken"


def _no_look_around(node: Node, dialect: Dialect) -> Iterator[Fault]:
    pattern = node.schema.get("pattern")
    if isinstance(pattern, str) and LOOK_AROUND.search(ESCAPED.sub("", pattern)):
        yield (*node.place, "pattern"), "the pattern looks ahead or behind"


RULES = [
    Rule(
        "KEYWORDS",
        "The provider refuses the request for a keyword it does not know.",
        "say it in the description, and check it when the call arrives.",
        (
            "https://jsonschemaprofiles.unitvectorylabs.com/schemas/openai",
            "https://jsonschemaprofiles.unitvectorylabs.com/schemas/gemini",
            "https://github.com/router-for-me/CLIProxyAPI/issues/97",
            "https://github.com/earendil-works/pi/issues/9953",
        ),
        of_nodes(_keywords),
        errors=("openai-strict", "anthropic-strict", "gemini"),
        warnings=("gemini-json",),
    ),
    Rule(
        "FORMATS",
        "The provider refuses the request for a format it does not know.",
        "say it in the description.",
        (
            "https://github.com/posit-dev/chatlas/pull/255",
            "https://github.com/n8n-io/n8n/issues/12109",
            "https://github.com/enechange/collmbo/pull/195",
        ),
        of_nodes(_formats),
        errors=("openai-strict", "anthropic-strict", "gemini"),
    ),
    Rule(
        "PATTERN_NO_LOOKAROUND",
        "OpenAI's strict mode takes patterns without look-around alone.",
        "write a plainer pattern, or say it in the description.",
        ("https://jsonschemaprofiles.unitvectorylabs.com/schemas/openai",),
        of_nodes(_no_look_around),
        errors=("openai-strict",),
    ),
]
