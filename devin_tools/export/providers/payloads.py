"""The tools as each model provider's API takes them: plain JSON data, and no package needed.

Each function returns what goes into the provider's `tools` (for Bedrock: `toolConfig`), for a choice of tools
(`presets.ToolChoice`), by default all that are installed. `dispatch` takes the same choice. `names` maps tool
ids to the names to offer, as `aliases(...).names` does. The caller owns what is returned.
A tool that needs what only a person may fill is left out of all of them.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...model_input import for_models
from ...presets import ToolChoice, chosen_for_models
from ...search.offer import CALL_READ, CALL_WRITE, FIND
from ...spec import Spec
from ..manifest import spending_of
from ..quoting import json_text
from .limits import MAX_DESCRIPTION
from .names import aliases
from .variants import Provider, gemini_schema, inline, output, strict_set

__all__ = [
    "FILES",
    "MAX_DESCRIPTION",
    "MCP_SPENDING",
    "aliases",
    "anthropic",
    "bedrock",
    "gemini",
    "mcp",
    "mcp_annotations",
    "mcp_json",
    "openai_chat",
    "openai_responses",
]

Names = Mapping[str, str]
Payload = list[dict[str, Any]]
Files = Callable[[Sequence[Spec]], dict[str, str]]

MCP_SPENDING = "devin-tools/spending"
"""The key of a tool's spending in MCP's metadata."""

SEARCH_HINT, ALWAYS_LOAD = "anthropic/searchHint", "anthropic/alwaysLoad"
"""Keys of MCP's metadata that Claude Code reads."""
MAX_HINT = 120
"""Characters of keywords that a tool's metadata hold: all that search needs, and not all that are known."""

META_NAMES = frozenset({FIND.name, CALL_READ.name, CALL_WRITE.name})


def openai_chat(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    strict: bool = False,
    names: Names | None = None,
) -> Payload:
    """Return `tools` for OpenAI's Chat Completions, and for the many servers that speak it."""
    specs = chosen_for_models(tools, preset=preset)
    return [
        {"type": "function", "function": _named(spec, names) | schema}
        for spec, schema in _inputs(specs, "parameters", "openai" if strict else None)
    ]


def openai_responses(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    strict: bool = False,
    names: Names | None = None,
) -> Payload:
    """Return `tools` for OpenAI's Responses, where a function is strict unless it says otherwise."""
    specs = chosen_for_models(tools, preset=preset)
    return [
        {"type": "function"} | _named(spec, names) | {"strict": False} | schema
        for spec, schema in _inputs(specs, "parameters", "openai" if strict else None)
    ]


def anthropic(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    strict: bool = False,
    names: Names | None = None,
) -> Payload:
    """Return `tools` for Anthropic's Messages.

    `strict` holds for as many tools as fit the limits of one request, in the order given; each says
    whether it is. `strict_set(specs, "anthropic")` says why not.
    """
    specs = chosen_for_models(tools, preset=preset)
    inputs = _inputs(specs, "input_schema", "anthropic" if strict else None)
    return [_named(spec, names) | schema for spec, schema in inputs]


def _inputs(
    specs: Sequence[Spec], key: str, strict_for: Provider | None
) -> Iterator[tuple[Spec, dict[str, Any]]]:
    """Yield tools, each with its input schema and, if asked for, `strict`."""
    if strict_for is None:
        yield from ((spec, {key: inline(spec)}) for spec in specs)
        return
    chosen = strict_set(specs, strict_for)
    for spec in specs:
        yield spec, {key: chosen[spec.name].schema, "strict": chosen[spec.name].is_strict}


def gemini(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    json_schema: bool = False,
    names: Names | None = None,
) -> Payload:
    """Return `tools` for Gemini: `parameters`, or with `json_schema` the newer `parametersJsonSchema`.

    A tool that `parameters` cannot say takes the newer form in either case.
    """
    specs = chosen_for_models(tools, preset=preset)
    functions = [_named(spec, names) | _gemini_part(spec, json_schema) for spec in specs]
    return [{"functionDeclarations": functions}] if functions else []


def _gemini_part(spec: Spec, json_schema: bool) -> dict[str, Any]:
    schema = None if json_schema else gemini_schema(spec)
    if schema is None:
        return {"parametersJsonSchema": gemini_schema(spec, json_schema=True)}
    return {"parameters": schema} if schema["properties"] else {}  # an empty object is refused


def bedrock(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    names: Names | None = None,
) -> dict[str, Any]:
    """Return the `toolConfig` for Amazon Bedrock's Converse."""
    return {
        "tools": [
            {"toolSpec": _named(spec, names) | {"inputSchema": {"json": inline(spec)}}}
            for spec in chosen_for_models(tools, preset=preset)
        ]
    }


def mcp(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    names: Names | None = None,
    output_schemas: bool = False,
) -> Payload:
    """Return the tools as an MCP server lists them, all four annotations stated.

    No annotation says that a call costs money: the metadata do, of those that spend. They also hold the
    keywords of a tool for the search of Claude Code (`anthropic/searchHint`, known from third parties'
    readings of that program in September 2026, and harmless elsewhere), and which tools it shows at once
    (`anthropic/alwaysLoad`, code.claude.com/docs/en/mcp, September 2026): those that find and call others.
    With `output_schemas` a list is more than three times as long, and hardly any client shows them to its
    model.
    """
    listed = []
    for spec in chosen_for_models(tools, preset=preset):
        outputs = {"outputSchema": output(spec)} if output_schemas else {}
        listed.append(_titled(spec, names) | {"inputSchema": inline(spec)} | outputs | _marks(spec))
    return listed


def mcp_json(specs: Sequence[Spec], *, output_schemas: bool = False) -> str:
    """Return what `mcp` does as JSON. Schemas that an index has as text are not parsed for it."""
    return f"[{','.join(_mcp_text(spec, output_schemas) for spec in for_models(specs))}]"


def _mcp_text(spec: Spec, output_schemas: bool) -> str:
    arguments, result = spec.source.inline_texts()
    if spec.user_only:
        arguments = json.dumps(inline(spec))
    outputs = f'"outputSchema": {result}, ' if output_schemas else ""
    before, after = json.dumps(_titled(spec, None)), json.dumps(_marks(spec))
    return f'{before[:-1]}, "inputSchema": {arguments}, {outputs}{after[1:]}'


def _titled(spec: Spec, names: Names | None) -> dict[str, Any]:
    return _named(spec, names) | {"title": spec.title}


def _marks(spec: Spec) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    if spec.effect.spending:
        meta[MCP_SPENDING] = spending_of(spec.effect.spending)
    if spec.keywords:
        meta[SEARCH_HINT] = textwrap.shorten(", ".join(spec.keywords), MAX_HINT, placeholder="").rstrip(",")
    if spec.name in META_NAMES:
        meta[ALWAYS_LOAD] = True
    return {"annotations": mcp_annotations(spec)} | ({"_meta": meta} if meta else {})


def mcp_annotations(spec: Spec) -> dict[str, Any]:
    """Return a tool's effect as MCP does. Its defaults are pessimistic, so nothing is left out.

    Every tool reaches a service on which others act too, so each is open to the world, but for the one that
    finds tools: it looks at a list. What administers accounts counts as destructive: a role or a list that it
    replaces is gone.
    """
    return {
        "title": spec.title,
        "readOnlyHint": spec.effect.only_reads,
        "destructiveHint": spec.effect.kind == "destroy" or spec.effect.is_administrative,
        "idempotentHint": spec.effect.is_idempotent,
        "openWorldHint": spec.name != FIND.name,
    }


def _named(spec: Spec, names: Names | None) -> dict[str, Any]:
    text = spec.description
    if len(text) > MAX_DESCRIPTION:
        text = textwrap.shorten(text, MAX_DESCRIPTION, placeholder=" ...")
    return {"name": (names or {}).get(spec.name, spec.name), "description": text}


def _texts(payloads: Mapping[str, Any]) -> dict[str, str]:
    return {f"{name}.json": json_text(payload, indent=2) for name, payload in payloads.items()}


def _strict(name: str, payload: Callable[..., Payload], provider: Provider) -> Files:
    """Return what makes two files, plain and strict, and notes on why tools of the strict one are not."""

    def files(specs: Sequence[Spec]) -> dict[str, str]:
        chosen = strict_set(for_models(specs), provider)
        notes = {tool: one.notes for tool, one in chosen.items() if not one.is_strict}
        plain = {name: payload(specs), f"{name}.strict": payload(specs, strict=True)}
        return _texts(plain | ({f"{name}.strict.notes": notes} if notes else {}))

    return files


def _gemini_files(specs: Sequence[Spec]) -> dict[str, str]:
    return _texts({"gemini": gemini(specs), "gemini.json-schema": gemini(specs, json_schema=True)})


FILES: dict[str, Files] = {
    "openai-chat": _strict("openai-chat", openai_chat, "openai"),
    "openai-responses": _strict("openai-responses", openai_responses, "openai"),
    "anthropic": _strict("anthropic", anthropic, "anthropic"),
    "gemini": _gemini_files,
    "bedrock": lambda specs: _texts({"bedrock": bedrock(specs)}),
    "mcp": lambda specs: _texts({"mcp": mcp(specs), "mcp.full": mcp(specs, output_schemas=True)}),
}
"""What makes the files of each format of this module."""
