"""Recognise a list of tools: MCP, OpenAI, Anthropic, Gemini, Bedrock, or the native manifests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from ..catalog import Catalog
from ..errors import UsageError
from ..export.manifest import FORMAT
from ..export.manifest_schema import INDEX_FILE, SCHEMA_FILE
from ..export.providers.limits import BASES
from ..schemas.traversal import JsonPath
from ..text.encoding import parse_json
from .finding import json_path
from .listing import FORMS, NAMED_ONLY, Listed, is_hosted, listed

ENVELOPES = (
    "result", "toolConfig", "tools", "functionDeclarations", "function_declarations", "functions",
)  # fmt: skip
"""Keys that hold a list of tools, or something with one of these keys in it."""

FORMATS = ("openai-chat", "openai-responses", "anthropic", "gemini", "bedrock", "mcp", "manifest")
"""What the installed catalog itself exports as lists of tools."""

TAKEN_BY = {"mistral": "openai-chat", "ollama": "openai-chat", "llama-cpp": "openai-chat"}
"""The format of ours that is sent to a provider which has none of its own."""

FIELD = re.compile(r"(?:event|id|retry)?:")
"""A line of an event stream that holds no data."""

MAX_NESTING = 400
MAX_ENVELOPES = 6


@dataclass
class Reading:
    """What a folder held."""

    lists: list[list[Listed]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """Files that are JSON, but not lists of tools."""


def read_folder(texts: Mapping[str, str]) -> Reading:
    """Read the files of a folder: all manifests are one list, each other file is one of its own.

    Raises `UsageError` for a file that is not JSON, and when no file lists a tool.
    """
    reading = Reading()
    manifests: list[Listed] = []
    for file, text in texts.items():
        if PurePath(file).name in (INDEX_FILE, SCHEMA_FILE):
            continue
        value = _parsed(text, file)
        try:
            tools = read_tools(value, file)
        except UsageError:
            reading.skipped.append(file)
            continue
        if tools and all(tool.form == "manifest" for tool in tools):
            manifests += tools
        else:
            reading.lists.append(tools)
    reading.lists += [manifests] if manifests else []
    if not reading.lists:
        raise UsageError("No file of the folder is a list of tools.", hint=HINT)
    return reading


def read_file(text: str, file: str = "") -> list[Listed]:
    """Read one file; raise `UsageError` when it is not a list of tools."""
    return read_tools(_parsed(text, file), file)


HINT = "A list of tools is that of MCP, OpenAI, Anthropic, Gemini or Bedrock, or a manifest of this package."


SERVERS = {"mcpServers", "servers", "mcp_servers", "context_servers"}
LIST_HINT = "Ask the server itself for `tools/list`, and give its answer to this check."


def read_tools(value: Any, file: str = "") -> list[Listed]:
    """Find the tools in a parsed list; raise `UsageError` that says where it is not one."""
    _check_nesting(value, file)
    if isinstance(value, Mapping) and value.get("format") == FORMAT and "input" not in value:
        raise UsageError(
            f"{file or 'The input'} is the index of manifests.", hint="Name the folder it is in."
        )
    tools = [replace(tool, file=file) for tool in _tools(value, (), file, is_gemini=False)]
    forms = [tool.form for tool in tools if tool.form != NAMED_ONLY]
    form = forms[0] if forms else "mcp"
    named = [replace(tool, form=form) if tool.form == NAMED_ONLY else tool for tool in tools]
    if any(map(_is_of_interactions, named)):
        return [replace(tool, form=INTERACTIONS) for tool in named]
    return named


INTERACTIONS = "gemini-interactions"


def _is_of_interactions(tool: Listed) -> bool:
    """Return whether only Gemini's Interactions have such a tool; others look like those of Responses."""
    is_search = tool.body.get("type") == "tool_search" and "name" in tool.body
    return is_search or (tool.form == "openai-responses" and "short_description" in tool.body)


def _tools(value: Any, place: JsonPath, file: str, *, is_gemini: bool) -> Iterator[Listed]:
    """Take envelopes off until there are tools; leave out those that a provider hosts."""
    if isinstance(value, list) and len(place) < MAX_ENVELOPES:
        for index, item in enumerate(value):
            yield from _tools(item, (*place, index), file, is_gemini=is_gemini)
        return
    if not isinstance(value, Mapping) or len(place) >= MAX_ENVELOPES:
        raise _no_tool(place, file, value)
    tool = listed(value, place, is_gemini=is_gemini)
    key = next((key for key in ENVELOPES if key in value), None)
    if tool is not None:
        yield tool
    elif key is not None:
        below = is_gemini or key in ("functionDeclarations", "function_declarations")
        around = value if value.get("type") == "namespace" else None
        for found in _tools(value[key], (*place, key), file, is_gemini=below):
            yield replace(found, namespace=found.namespace or around)
    elif not (place and is_hosted(value)):
        raise _no_tool(place, file, value)


def _no_tool(place: JsonPath, file: str, value: Any) -> UsageError:
    if isinstance(value, Mapping) and SERVERS & value.keys():
        return UsageError(
            f"{_where(place, file)} is a client's list of servers, not of tools.", hint=LIST_HINT
        )
    if isinstance(value, Mapping) and isinstance(value.get("error"), Mapping) and "jsonrpc" in value:
        return UsageError(f"{_where(place, file)} is an error that a server answered.", hint=LIST_HINT)
    return UsageError(f"{_where(place, file)} is neither a tool nor a list of tools.", hint=HINT)


def _where(place: JsonPath, file: str) -> str:
    return f"{file}: {json_path(place)}" if file else json_path(place)


def _parsed(text: str, file: str) -> Any:
    try:
        return parse_json(text, is_strict=False)
    except json.JSONDecodeError as error:
        if (messages := _messages(text)) is not None:
            return messages
        reason = f"line {error.lineno}, column {error.colno}"
    except ValueError as error:
        reason = str(error)
    raise UsageError(f"{file or 'The input'} is not valid JSON ({reason}).")


def _messages(text: str) -> list[Any] | None:
    """Return the values of JSON lines, or of an event stream; `None` for a text that is neither.

    Of what client and server said to each other the answers with tools are kept.
    """
    lines = [line.removeprefix("data:").strip() for line in text.split("\n")]
    try:
        values = [parse_json(line, is_strict=False) for line in lines if line and not FIELD.match(line)]
    except ValueError:
        return None
    kept = [value for value in values if not (isinstance(value, Mapping) and _is_of_others(value))]
    return kept or values or None


def _is_of_others(message: Mapping[str, Any]) -> bool:
    """Return whether a message of JSON-RPC is a request, a notification, or an answer without tools."""
    result = message.get("result")
    return "jsonrpc" in message and not (isinstance(result, Mapping) and "tools" in result)


def _check_nesting(value: Any, file: str) -> None:
    layer, depth = [value], 0
    while layer:
        if (depth := depth + 1) > MAX_NESTING:
            raise UsageError(f"{file or 'The input'} is nested more than {MAX_NESTING} levels deep.")
        layer = [
            child
            for item in layer
            if isinstance(item, Mapping | list)
            for child in (item.values() if isinstance(item, Mapping) else item)
            if isinstance(child, Mapping | list)
        ]


def own_lists(catalog: Catalog, provider: str | None = None) -> list[list[Listed]]:
    """Read what each provider's format exports, and the manifests, which hold all tools and what they spend.

    A provider chooses its own formats.
    """
    lists = []
    for name in filter(catalog.exporters.__contains__, FORMATS):
        files = catalog.exporters[name].files(list(catalog))
        texts = {f"{name}/{path}": text for path, text in files.items() if path.endswith(".json")}
        lists += read_folder(texts).lists
    if provider in TAKEN_BY:
        chosen = [tools for tools in lists if tools and tools[0].form == TAKEN_BY[provider]]
    else:
        base = next((known for known in BASES if provider and provider.startswith(known)), None)
        chosen = [tools for tools in lists if tools and FORMS[tools[0].form].startswith(base or "")]
    return chosen or lists
