"""What we export for each dialect that `lint` knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from devin_tools import Spec
from devin_tools.export.providers import payloads
from devin_tools.lint import judge, read_tools
from devin_tools.mcp.listing import Listing

__all__ = ["LATE", "MADE", "PAYLOADS", "errors_of"]

MADE: dict[str, Callable[[Sequence[Spec]], Any]] = {
    "openai-chat": payloads.openai_chat,
    "openai-chat, strict": lambda specs: payloads.openai_chat(specs, strict=True),
    "openai-responses": payloads.openai_responses,
    "openai-responses, strict": lambda specs: payloads.openai_responses(specs, strict=True),
    "anthropic": payloads.anthropic,
    "anthropic, strict": lambda specs: payloads.anthropic(specs, strict=True),
    "gemini": payloads.gemini,
    "gemini, JSON schema": lambda specs: payloads.gemini(specs, json_schema=True),
    "bedrock": payloads.bedrock,
    "mcp": lambda specs: payloads.mcp(specs, output_schemas=True),
}

LATE: dict[str, Callable[[Sequence[Spec]], Any]] = {
    "openai-chat": partial(payloads.openai_chat, loaded="core"),
    "openai-chat, strict": partial(payloads.openai_chat, loaded="core", strict=True),
    "openai-responses": partial(payloads.openai_responses, loaded="core"),
    "openai-responses, strict": partial(payloads.openai_responses, loaded="core", strict=True),
    "openai-responses, own search": partial(payloads.openai_responses, loaded="core", search="own"),
    "anthropic": partial(payloads.anthropic, loaded="core"),
    "anthropic, strict": partial(payloads.anthropic, loaded="core", strict=True),
    "anthropic, own search": partial(payloads.anthropic, loaded="core", search="own"),
    "gemini": partial(payloads.gemini, loaded="core"),
    "gemini-interactions": partial(payloads.gemini_interactions, loaded="core"),
    "bedrock": partial(payloads.bedrock, loaded="core"),
    "mcp": lambda specs: Listing(specs, "core").as_wire,
}
"""Lists of which a model finds a part, for who speaks their dialect.

Not among them: OpenAI refuses `defer_loading` in Chat Completions, which other servers read, and Gemini's own
search shows so much at once that it is warned of.
"""

PAYLOADS = [
    ("openai", "openai-chat"),
    ("openai", "openai-responses"),
    ("openai", "mcp"),
    ("openai-strict", "openai-chat, strict"),
    ("openai-strict", "openai-responses, strict"),
    ("anthropic", "anthropic"),
    ("anthropic", "mcp"),
    ("anthropic-strict", "anthropic, strict"),
    ("gemini", "gemini"),
    ("gemini-json", "gemini, JSON schema"),
    ("bedrock", "bedrock"),
    ("bedrock", "mcp"),
    ("mcp", "mcp"),
    ("mistral", "openai-chat"),
    ("mistral", "openai-chat, strict"),
    ("ollama", "openai-chat"),
    ("llama-cpp", "openai-chat"),
    ("llama-cpp", "openai-chat, strict"),
    ("llama-cpp", "mcp"),
]
"""Each dialect, and what is sent where it is spoken; many clients send an MCP server's schemas unchanged."""

OWN = ("openai-strict", "anthropic-strict", "gemini", "gemini-json")
"""Dialects that a tool of the list says for itself: not each is strict, or takes `parameters`."""


def errors_of(dialect: str, payload: str, specs: Sequence[Spec]) -> list[str]:
    """Return the errors of an export in a dialect, as text."""
    tools = read_tools(MADE[payload](specs))
    findings = judge(tools, provider=None if dialect in OWN else dialect)
    return [str(finding) for finding in findings if finding.severity == "error"]
