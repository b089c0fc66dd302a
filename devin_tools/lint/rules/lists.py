"""Rules on a list as a whole, and on what its strict tools may add up to."""

from __future__ import annotations

from collections.abc import Iterator

from ...export.providers.limits import ALL, ANTHROPIC_MAX, anthropic_usage
from ..listing import Listed
from ..rule import Check, Fault, Found, Group, Rule, list_rule, tool_rule

CEILINGS = {"older versions of Cursor": 40, "Windsurf": 100, "Copilot in VS Code": 128}
"""How many tools a client shows a model.

Windsurf's is documented (November 2026). Copilot's holds for models it does not defer tools for. Cursor keeps
descriptions in files now, and its ceiling is probably gone.
"""


ANTHROPIC_LIMITS = (
    "https://github.com/pydantic/pydantic-ai",
    "https://github.com/alphaXiv/agents/pull/49",
)


def _strict_total(key: str, what: str) -> Check:
    """Make a check of a limit of Anthropic over all strict tools of a request."""

    def check(group: Group) -> Iterator[Found]:
        total, most = sum(anthropic_usage(tool.schema)[key] for tool in group.tools), ANTHROPIC_MAX[key]
        if total > most:
            yield None, (), f"{total} {what}, over {most}"

    return check


STRICT_TOOLS = Rule(
    "STRICT_TOOLS",
    f"Anthropic takes {ANTHROPIC_MAX['tools']} strict tools in one request, and fewer large ones.",
    "leave `strict` out for all but the few tools that need it.",
    ANTHROPIC_LIMITS,
    _strict_total("tools", "strict tools"),
    errors=("anthropic-strict",),
)


STRICT_OPTIONALS = Rule(
    "STRICT_OPTIONALS",
    f"Anthropic takes {ANTHROPIC_MAX['optional']} optional parameters over all strict tools of a request.",
    "require more of them, or make fewer tools strict.",
    ANTHROPIC_LIMITS,
    _strict_total("optional", "optional parameters in all strict tools"),
    errors=("anthropic-strict",),
)


STRICT_UNIONS = Rule(
    "STRICT_UNIONS",
    f"Anthropic takes {ANTHROPIC_MAX['unions']} parameters with several types over all strict tools of "
    "a request.",
    "give parameters one type, or make fewer tools strict.",
    ANTHROPIC_LIMITS,
    _strict_total("unions", "parameters of several types in all strict tools"),
    errors=("anthropic-strict",),
)


@tool_rule(
    "STRICT_STATED",
    "OpenAI's Responses API takes a tool as strict when it does not say, and may refuse its schema.",
    "say `strict: false`, or true and keep the strict rules.",
    (
        "https://github.com/posit-dev/chatlas/pull/255",
        "https://github.com/openai/openai-python/blob/main/src/openai/types/responses/function_tool_param.py",
    ),
    warnings=("openai",),
)
def _strict_stated(tool: Listed, group: Group) -> Iterator[Fault]:
    if tool.form == "openai-responses" and not isinstance(tool.body.get("strict"), bool):
        yield tool.place, "`strict` is not given"


@list_rule(
    "TOOL_COUNT",
    "OpenAI and Gemini refuse longer lists; some clients show a model only the first tools of one.",
    "offer a smaller set, such as read-only tools, or defer what is rarely needed.",
    (
        "https://github.com/zed-industries/zed/issues/32946",
        "https://github.com/google-gemini/gemini-cli/issues/19083",
        "https://github.com/redis/redisctl/issues/781",
        "https://github.com/anyproto/anytype-mcp/issues/5",
        "https://github.com/microsoft/vscode-copilot-release/issues/11653",
    ),
    errors=("openai", "openai-strict", "gemini", "gemini-json"),
    warnings=("mcp",),
)
def _count(group: Group) -> Iterator[Found]:
    most = group.dialect.max_tools
    ceilings = CEILINGS if most is None else {"the provider": most}
    count = sum(not tool.is_deferred for tool in group.whole)
    passed = [f"{who} ({most})" for who, most in ceilings.items() if count > most]
    if passed:
        yield None, (), f"{count} tools, over the ceiling of {' and '.join(passed)}"


@list_rule(
    "NO_EMPTY_LIST",
    "Gemini refuses an empty list of functions; elsewhere it is hardly meant.",
    "leave the list out of the request.",
    ("https://github.com/google-gemini/gemini-cli/pull/22210",),
    errors=("gemini", "gemini-json"),
    warnings=tuple(name for name in ALL if not name.startswith("gemini")),
)
def _not_empty(group: Group) -> Iterator[Found]:
    if not group.whole:
        yield None, (), "the list is empty"
