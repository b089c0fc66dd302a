"""Rules on what a list takes of a model's context. Tokens are an estimate: no provider's tokenizer is needed.

What is deferred (`defer_loading`) costs nothing before a model finds it, and is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...export.providers.limits import ALL
from ..listing import Listed, json_length
from ..rule import Fault, Found, Group, list_rule, tool_rule

CHARACTERS_PER_TOKEN = 4

MOST_TOKENS = 10_000
"""From so many on Anthropic advises to defer tools, and clients begin to."""

MOST_TEXT = 6_000
"""Characters of the descriptions of one tool: some 1,500 tokens, what a handful of plain tools takes."""

DEFERRING = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool"


def _tokens(characters: int) -> int:
    return round(characters / CHARACTERS_PER_TOKEN)


def _seen(tools: Sequence[Listed]) -> int:
    """Return how many characters of a list a model is shown at once: of its namespaces, and of its tools."""
    namespaces = {id(tool.namespace): tool.namespace for tool in tools if tool.namespace is not None}
    named = [{key: space.get(key) for key in ("name", "description")} for space in namespaces.values()]
    return sum(map(json_length, named)) + sum(tool.seen_length for tool in tools)


@list_rule(
    "TOKEN_COST",
    "Every request pays for all that a model is shown; Claude Code warns at 25,000 tokens.",
    "list only the tools a task needs.",
    ("https://github.com/anthropics/claude-code/issues/12241",),
    notes=ALL,
)
def _cost(group: Group) -> Iterator[Found]:
    if length := _seen(group.whole):
        deferred = sum(tool.is_deferred for tool in group.whole)
        more = f"; {deferred} more to be found" if deferred else ""
        said = (
            f"{len(group.whole) - deferred} tools in {length:,} characters, about {_tokens(length):,} tokens"
        )
        yield None, (), f"{said} by an estimate{more}"


@list_rule(
    "TOKEN_BUDGET",
    "A long list takes the room of the task, and models choose worse from it.",
    "offer fewer tools, or let a model find them: `defer_loading` where a provider has it, else a tool that "
    "finds others.",
    (DEFERRING, "https://www.anthropic.com/engineering/advanced-tool-use"),
    warnings=ALL,
)
def _budget(group: Group) -> Iterator[Found]:
    sent = [tool for tool in group.whole if tool.form != "manifest"]
    tokens = _tokens(_seen(sent))
    if tokens > MOST_TOKENS:
        yield None, (), f"a model is shown about {tokens:,} tokens, over {MOST_TOKENS:,}"


@list_rule(
    "OUTPUT_BUDGET",
    "The output schemas take more than all the rest, and most clients show them to no model.",
    "leave `outputSchema` out of the list; answers may have `structuredContent` all the same.",
    (
        "https://github.com/anthropics/claude-code/issues/54197",
        "https://modelcontextprotocol.io/specification/2025-11-25/server/tools",
    ),
    warnings=("mcp",),
)
def _outputs(group: Group) -> Iterator[Found]:
    listed = [tool for tool in group.tools if tool.form == "mcp"]
    outputs = [schema for tool in listed if (schema := tool.body.get(tool.output_key)) is not None]
    tokens, rest = _tokens(sum(map(json_length, outputs))), _tokens(_seen(listed))
    if tokens > max(rest, MOST_TOKENS):
        yield (
            None,
            (),
            f"{len(outputs)} output schemas of about {tokens:,} tokens, beside {rest:,} for the rest",
        )


@tool_rule(
    "DESC_BUDGET",
    "Every request pays for the text, and clients cut what is long.",
    "say what a model needs to choose and fill the tool; leave the rest to the documentation.",
    ("https://code.claude.com/docs/en/mcp", DEFERRING),
    warnings=ALL,
)
def _texts(tool: Listed, group: Group) -> Iterator[Fault]:
    texts = [tool.description, *(node.schema.get("description") for node in tool.walk.nodes)]
    length = sum(len(text) for text in texts if isinstance(text, str))
    if length > MOST_TEXT and not tool.is_deferred:
        yield tool.place, f"its descriptions have {length:,} characters, over {MOST_TEXT:,}"
