"""Rules on a list as a whole, and on what its strict tools may add up to."""

from __future__ import annotations

from collections.abc import Iterator

from ..dialects import ALL
from ..listing import Listed
from ..rule import Fault, Found, Group, Rule, of_tools
from ..walk import Node, kinds, properties, required

MOST_STRICT_TOOLS, MOST_OPTIONALS, MOST_UNIONS = 20, 24, 16
CEILINGS = {"Cursor": 40, "Copilot": 128}
"""How many tools a client shows a model."""


def _nodes(group: Group) -> Iterator[Node]:
    for tool in group.tools:
        yield from tool.walk.nodes


def _strict_tools(group: Group) -> Iterator[Found]:
    if len(group.tools) > MOST_STRICT_TOOLS:
        yield None, (), f"{len(group.tools)} strict tools, over {MOST_STRICT_TOOLS}"


def _strict_optionals(group: Group) -> Iterator[Found]:
    total = sum(len(properties(node.schema).keys() - set(required(node.schema))) for node in _nodes(group))
    if total > MOST_OPTIONALS:
        yield None, (), f"{total} optional parameters in all strict tools, over {MOST_OPTIONALS}"


def _strict_unions(group: Group) -> Iterator[Found]:
    total = sum("anyOf" in node.schema or len(kinds(node.schema)) > 1 for node in _nodes(group))
    if total > MOST_UNIONS:
        yield None, (), f"{total} parameters of several types in all strict tools, over {MOST_UNIONS}"


def _strict_stated(tool: Listed, group: Group) -> Iterator[Fault]:
    if tool.form == "openai-responses" and not isinstance(tool.body.get("strict"), bool):
        yield tool.place, "`strict` is not given"


def _count(group: Group) -> Iterator[Found]:
    passed = [f"{client} ({most})" for client, most in CEILINGS.items() if len(group.whole) > most]
    if passed:
        yield None, (), f"{len(group.whole)} tools, over the ceiling of {' and '.join(passed)}"


def _not_empty(group: Group) -> Iterator[Found]:
    if not group.whole:
        yield None, (), "there are no tools in the list"


ANTHROPIC_LIMITS = (
    "https://github.com/pydantic/pydantic-ai",
    "https://github.com/alphaXiv/agents/pull/49",
)

RULES = [
    Rule(
        "STRICT_TOOLS",
        "Anthropic takes 20 strict tools in one request, and fewer large ones.",
        "leave `strict` out for all but the few tools that need it.",
        ANTHROPIC_LIMITS,
        _strict_tools,
        errors=("anthropic-strict",),
    ),
    Rule(
        "STRICT_OPTIONALS",
        "Anthropic takes 24 optional parameters over all strict tools of a request.",
        "require more of them, or make fewer tools strict.",
        ANTHROPIC_LIMITS,
        _strict_optionals,
        errors=("anthropic-strict",),
    ),
    Rule(
        "STRICT_UNIONS",
        "Anthropic takes 16 parameters with several types over all strict tools of a request.",
        "give parameters one type, or make fewer tools strict.",
        ANTHROPIC_LIMITS,
        _strict_unions,
        errors=("anthropic-strict",),
    ),
    Rule(
        "STRICT_STATED",
        "OpenAI's Responses API takes a tool as strict when it does not say, and may refuse its schema.",
        "say `strict: false`, or true and keep the strict rules.",
        (
            "https://github.com/posit-dev/chatlas/pull/255",
            "https://github.com/openai/openai-python/blob/main/src/openai/types/responses/function_tool_param.py",
        ),
        of_tools(_strict_stated),
        warnings=("openai",),
    ),
    Rule(
        "TOOL_COUNT",
        "Some clients show a model only the first tools of a long list.",
        "offer a smaller set, such as read-only tools.",
        (
            "https://github.com/redis/redisctl/issues/781",
            "https://github.com/anyproto/anytype-mcp/issues/5",
            "https://github.com/microsoft/vscode-copilot-release/issues/11653",
        ),
        _count,
        warnings=("mcp",),
    ),
    Rule(
        "NO_EMPTY_LIST",
        "Gemini refuses an empty list of functions; elsewhere it is hardly meant.",
        "leave the list out of the request.",
        ("https://github.com/google-gemini/gemini-cli/pull/22210",),
        _not_empty,
        errors=("gemini", "gemini-json"),
        warnings=tuple(name for name in ALL if not name.startswith("gemini")),
    ),
]
