"""Rules on names and descriptions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ...errors import UsageError
from ...export.providers.limits import ALL, MAX_DESCRIPTION
from ...export.providers.names import shortened
from ...spec import MAX_NAME
from ..listing import Listed
from ..rule import Fault, Found, Group, list_rule, tool_rule
from ..shown import looks_secret, shown

CURSOR_NAME = 60
"""How long names must not be there: 60 is refused (composio 2788), 59 is not."""
OPENAI = ("openai", "openai-strict")
OTHERS = tuple(name for name in ALL if name not in OPENAI)


def offers(names: Iterable[str], prefix: str = "") -> dict[str, str]:
    """Return an alias for every name that is too long after a prefix.

    There is none where no room is left, and none for a name made like a key: it would be half of one.
    """
    try:
        chosen = shortened(list(names), MAX_NAME - len(prefix))
    except UsageError:
        return {}
    return {name: alias for name, alias in chosen.items() if alias != name and not looks_secret(name)}


@tool_rule(
    "NAME_CHARS",
    "Providers refuse the whole list for one name with other characters.",
    "use letters, digits and _ alone.",
    (
        "https://github.com/cline/cline/pull/11885",
        "https://github.com/wonderwhy-er/DesktopCommanderMCP/issues/79",
        "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html",
    ),
    errors=ALL,
)
def _characters(tool: Listed, group: Group) -> Iterator[Fault]:
    place, name = (*tool.place, tool.name_key), group.prefix + tool.name
    if not tool.name:
        yield place, "the tool has no name"
    elif not re.fullmatch(group.dialect.tool_names, name):
        whole = " with the prefix" if group.prefix else ""
        yield place, f"{shown(tool.name)}{whole} does not match {group.dialect.tool_names}"


@list_rule(
    "NAME_LEN",
    f"A name may have {MAX_NAME} characters after the prefix that a client puts before it.",
    "shorten the name or the server's, or list the tool under the alias.",
    (
        "https://github.com/anthropics/claude-code/issues/955",
        "https://github.com/anthropics/claude-code/issues/19882",
        "https://github.com/cline/cline/pull/11885",
    ),
    errors=ALL,
)
def _length(group: Group) -> Iterator[Found]:
    long = [tool for tool in group.tools if len(group.prefix) + len(tool.name) > MAX_NAME]
    shorter = offers((tool.name for tool in group.whole), group.prefix) if long else {}
    whose = "with the prefix" if group.prefix else "long"
    for tool in long:
        length, alias = len(group.prefix) + len(tool.name), shorter.get(tool.name)
        offer = f"{shown(alias)} would fit" if alias else "no shorter name can be offered"
        yield tool, (*tool.place, tool.name_key), f"the name is {length} characters {whose}; {offer}"


@tool_rule(
    "NAME_CLIENT",
    f"Cursor leaves out a tool whose name and server's name have {CURSOR_NAME} characters or more together.",
    "shorten the name or the server's.",
    (
        "https://github.com/ComposioHQ/composio/issues/2788",
        "https://github.com/awslabs/mcp/issues/1283",
    ),
    warnings=("mcp",),
)
def _client_length(tool: Listed, group: Group) -> Iterator[Fault]:
    if (length := len(group.prefix) + len(tool.name)) >= CURSOR_NAME:
        yield (*tool.place, tool.name_key), f"the name is {length} characters long with what stands before it"


@tool_rule(
    "NAME_START",
    "Gemini takes no other first character; Bedrock's agents and prompts neither.",
    "start the name with a letter.",
    (
        "https://github.com/wonderwhy-er/DesktopCommanderMCP/issues/79",
        "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ToolSpecification.html",
    ),
    errors=("gemini", "gemini-json"),
    warnings=("bedrock",),
)
def _start(tool: Listed, group: Group) -> Iterator[Fault]:
    first, name = group.dialect.first_letter, group.prefix + tool.name
    if first and name and not re.match(first, name):
        yield (*tool.place, tool.name_key), "the name does not start with a letter"


@list_rule(
    "NAME_UNIQUE",
    "Providers refuse a list that names two tools alike.",
    "rename all but one.",
    (
        "https://github.com/onyx-dot-app/onyx/issues/9229",
        "https://github.com/anthropics/claude-code/issues/10687",
    ),
    errors=ALL,
)
def _duplicates(group: Group) -> Iterator[Found]:
    times = Counter(tool.name for tool in group.whole if tool.name)
    seen: set[str] = set()
    for tool in group.tools:
        if times[tool.name] > 1 and tool.name in seen:
            yield tool, (*tool.place, tool.name_key), f"{times[tool.name]} tools of the list have this name"
        seen.add(tool.name)


@tool_rule(
    "DESC_GIVEN",
    "A model chooses a tool by its description; Bedrock refuses an empty one.",
    "say in a sentence what the tool does.",
    ("https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html",),
    errors=("bedrock",),
    warnings=tuple(name for name in ALL if name != "bedrock"),
)
def _description_given(tool: Listed, group: Group) -> Iterator[Fault]:
    if not tool.description.strip():
        yield (*tool.place, "description"), "the description is missing"


@tool_rule(
    "DESC_LEN",
    "OpenAI's chat completions refuse longer descriptions.",
    f"keep the description under {MAX_DESCRIPTION:,} characters; move the rest to the parameters.",
    ("https://github.com/janwilmake/openapi-mcp-server/issues/23",),
    errors=OPENAI,
    warnings=OTHERS,
)
def _description_length(tool: Listed, group: Group) -> Iterator[Fault]:
    length, limit = len(tool.description), MAX_DESCRIPTION
    if length > limit:
        yield (*tool.place, "description"), f"the description is {length} characters long, over {limit}"
