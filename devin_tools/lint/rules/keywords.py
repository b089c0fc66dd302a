"""Rules on keywords, formats and patterns."""

from __future__ import annotations

from collections.abc import Iterator

from ...export.providers.limits import Dialect, has_look_around
from ...schemas.traversal import DEFINITIONS, Node
from ..rule import Fault, node_rule
from ..shown import shown

OF_OTHER_RULES = frozenset(("additionalProperties", "$ref", *DEFINITIONS))
"""Keywords that have a rule of their own where they are refused."""


@node_rule(
    "KEYWORDS",
    "The provider refuses the request for a keyword it does not know.",
    "say it in the description, and check it when the call arrives.",
    (
        "https://jsonschemaprofiles.unitvectorylabs.com/schemas/openai",
        "https://jsonschemaprofiles.unitvectorylabs.com/schemas/gemini",
        "https://github.com/router-for-me/CLIProxyAPI/issues/97",
        "https://github.com/earendil-works/pi/issues/9953",
    ),
    errors=("openai-strict", "anthropic-strict", "gemini"),
    warnings=("gemini-json",),
)
def _keywords(node: Node, dialect: Dialect) -> Iterator[Fault]:
    for name in node.schema:
        if not dialect.takes(name) and name not in OF_OTHER_RULES:
            yield (*node.path, name), f"`{shown(name)}` is not taken"
    given, most = node.schema.get("minItems"), dialect.max_min_items
    if most is not None and isinstance(given, int) and given > most:
        yield (*node.path, "minItems"), f"`minItems` is over {most}"


@node_rule(
    "FORMATS",
    "The provider refuses the request for a format it does not know.",
    "say it in the description.",
    (
        "https://github.com/posit-dev/chatlas/pull/255",
        "https://github.com/n8n-io/n8n/issues/12109",
        "https://github.com/enechange/collmbo/pull/195",
    ),
    errors=("openai-strict", "anthropic-strict", "gemini"),
)
def _formats(node: Node, dialect: Dialect) -> Iterator[Fault]:
    known, given = dialect.formats, node.schema.get("format")
    if isinstance(given, str) and known is not None and given not in known:
        yield (*node.path, "format"), f"the format {shown(given)} is not taken"


@node_rule(
    "PATTERN_NO_LOOKAROUND",
    "OpenAI's strict mode takes patterns without look-around alone, and so do its newer models.",
    "write a plainer pattern, or say it in the description.",
    (
        "https://jsonschemaprofiles.unitvectorylabs.com/schemas/openai",
        "https://github.com/tombii/better-ccflare/issues/357",
    ),
    errors=("openai-strict",),
    warnings=("openai",),
)
def _no_look_around(node: Node, dialect: Dialect) -> Iterator[Fault]:
    pattern = node.schema.get("pattern")
    if isinstance(pattern, str) and has_look_around(pattern):
        yield (*node.path, "pattern"), "the pattern looks ahead or behind"
