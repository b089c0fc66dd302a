"""What we export for each dialect that `lint` knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from devin_tools import Spec
from devin_tools.export.providers import payloads
from devin_tools.lint import judge, read_tools

__all__ = ["MADE", "PAYLOADS", "errors_of"]

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
