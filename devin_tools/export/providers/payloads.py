"""The tools as each model provider's API takes them: plain JSON data, and no package needed.

Each function returns what goes into the provider's `tools` (for Bedrock: `toolConfig`), for a choice of tools
(`presets.ToolChoice`), by default all that are installed. `dispatch` takes the same choice. `names` maps tool
ids to the names to offer, as `aliases(...).names` does. `loaded` chooses among the tools those that a model
is shown at once: it finds the others, by the search that `search` names. Where nothing is left to be found,
all is listed as without it. The caller owns what is returned.
A tool that needs what only a person may fill is left out of all of them.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...catalog import RESERVED
from ...errors import UsageError
from ...model_input import for_models
from ...presets import ToolChoice, chosen_for_models
from ...search.namespaces import leading_words, namespaces
from ...search.offer import FIND, Offer, in_offered_names
from ...spec import Spec
from ...text.suggestions import one_of
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
    "deferred_files",
    "gemini",
    "gemini_interactions",
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

SEARCH = {"type": "tool_search"}
SEARCH_BY_CLIENT = SEARCH | {"execution": "client"}
ANTHROPIC_SEARCH = {
    name: {"type": f"tool_search_tool_{name}_20251119", "name": f"tool_search_tool_{name}"}
    for name in ("bm25", "regex")
}
"""The searches that providers run, and those that they leave to the client, as tools of a request."""


def openai_chat(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    strict: bool = False,
    names: Names | None = None,
    loaded: ToolChoice | None = None,
    search: str = "own",
) -> Payload:
    """Return `tools` for OpenAI's Chat Completions, and for the many servers that speak it.

    With `loaded`, `own` lists these and the tools that find and call the others. `defer_loading` adds the
    others, marked with that field beside `function`, for servers that keep such out of the prompt; never send
    it to OpenAI. Some search them by a tool of their own, which the caller adds (orq: docs.orq.ai, tool
    search). vLLM (pull request 40190), SGLang (22702) and Baseten (docs.baseten.co, deferred tool loading)
    leave that to the client: `dispatch` answers with the schemas in words, and found tools are called as with
    `own`, since these servers do not agree on how a message of Chat Completions refers to a tool. All read in
    November 2026.

    Raises, as each of these functions does, what `chosen_for_models` raises, for `loaded` too, and
    `UsageError` for a search that it does not have.
    """
    offer = _offer(tools, preset, loaded, search, ("own", "defer_loading"))
    specs = [*_listed(offer), *(offer.deferred.values() if search == "defer_loading" else ())]
    return [
        {"type": "function", "function": _named(spec, names) | schema} | _late(spec, offer)
        for spec, schema in _inputs(specs, "parameters", "openai" if strict else None)
    ]


def openai_responses(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    strict: bool = False,
    names: Names | None = None,
    loaded: ToolChoice | None = None,
    search: str = "hosted",
) -> Payload:
    """Return `tools` for OpenAI's Responses, where a function is strict unless it says otherwise.

    With `loaded`, the others are in namespaces that OpenAI's own search looks through (`hosted`), or in none
    of the request: `own` declares a search that `dispatch` answers with the functions. Both want gpt-5.4 or
    later (developers.openai.com/api/docs/guides/tools-tool-search, November 2026).
    """
    offer = _offer(tools, preset, loaded, search, ("hosted", "own"))
    spaces = namespaces(offer.deferred.values()) if search == "hosted" else {}
    specs = [*offer.loaded.values(), *(spec for some in spaces.values() for spec in some)]
    made = {
        spec.name: _function(spec, names) | {"strict": False} | schema | _late(spec, offer)
        for spec, schema in _inputs(specs, "parameters", "openai" if strict else None)
    }
    shown = [made[name] for name in offer.loaded]
    if not offer.deferred:
        return shown
    if search == "own":
        return [*shown, SEARCH_BY_CLIENT | _find(offer, names, "description", "parameters")]
    found = [
        {
            "type": "namespace",
            "name": space,
            "description": leading_words(some),
            "tools": [made[spec.name] for spec in some],
        }
        for space, some in spaces.items()
    ]
    return [*shown, *found, dict(SEARCH)]


def anthropic(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    strict: bool = False,
    names: Names | None = None,
    loaded: ToolChoice | None = None,
    search: str = "bm25",
) -> Payload:
    """Return `tools` for Anthropic's Messages.

    `strict` holds for as many tools as fit the limits of one request, in the order given, what is loaded
    first; each says whether it is. `strict_set(specs, "anthropic")` says why not.

    With `loaded`, a search tool comes first, these next, and the others last, marked with `defer_loading`.
    The search is one of Anthropic's (`bm25`, `regex`), or with `own` the tool that `dispatch` answers. A
    `cache_control` is refused on what is marked: put it on the last that is not. Claude 4.5 and later take
    this (platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool, September 2026).
    """
    offer = _offer(tools, preset, loaded, search, (*ANTHROPIC_SEARCH, "own"))
    is_late, is_own = bool(offer.deferred), search == "own"
    finds = [offer.find_tool] if is_late and is_own else []
    inputs = _inputs(
        [*finds, *offer.loaded.values(), *offer.deferred.values()],
        "input_schema",
        "anthropic" if strict else None,
    )
    first = [dict(ANTHROPIC_SEARCH[search])] if is_late and not is_own else []
    return first + [_named(spec, names) | schema | _late(spec, offer) for spec, schema in inputs]


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
    loaded: ToolChoice | None = None,
) -> Payload:
    """Return `tools` for Gemini: `parameters`, or with `json_schema` the newer `parametersJsonSchema`.

    A tool that `parameters` cannot say takes the newer form in either case. With `loaded`, it has these and
    the tools that find and call the others.
    """
    specs = _listed(_offer(tools, preset, loaded))
    functions = [_named(spec, names) | _gemini_part(spec, json_schema) for spec in specs]
    return [{"functionDeclarations": functions}] if functions else []


def _gemini_part(spec: Spec, json_schema: bool) -> dict[str, Any]:
    schema = None if json_schema else gemini_schema(spec)
    if schema is None:
        return {"parametersJsonSchema": gemini_schema(spec, json_schema=True)}
    return {"parameters": schema} if schema["properties"] else {}  # an empty object is refused


def gemini_interactions(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    names: Names | None = None,
    loaded: ToolChoice | None = None,
    search: str = "own",
) -> Payload:
    """Return `tools` for Gemini's Interactions, in the form of the types of google-genai 3.6.1.

    With `loaded`, `own` lists these and a search that `dispatch` answers with the functions. `hosted` lists
    the others too, with `defer_loading`, for Google's own search. A model is taken to be shown name and
    `short_description` of each of those at once, as the types say: some 6,500 tokens for all tools, which is
    why it is not the default. Which models take either is stated nowhere known (November 2026).
    """
    offer = _offer(tools, preset, loaded, search, ("own", "hosted"))
    shown = [_interaction(spec, names) for spec in offer.loaded.values()]
    if not offer.deferred:
        return shown
    if search == "own":
        schema = {"parameters": gemini_schema(offer.find_tool, json_schema=True)}
        return [*shown, SEARCH_BY_CLIENT | _find(offer, names, "name", "description") | schema]
    late = [
        _interaction(spec, names) | {"short_description": spec.summary} | _late(spec, offer)
        for spec in offer.deferred.values()
    ]
    return [*shown, *late, dict(SEARCH)]


def _interaction(spec: Spec, names: Names | None) -> dict[str, Any]:
    return _function(spec, names) | {"parameters": gemini_schema(spec, json_schema=True)}


def bedrock(
    tools: ToolChoice | None = None,
    *,
    preset: str | None = None,
    names: Names | None = None,
    loaded: ToolChoice | None = None,
) -> dict[str, Any]:
    """Return the `toolConfig` for Amazon Bedrock's Converse.

    With `loaded`, it has these and the tools that find and call the others.
    """
    return {
        "tools": [
            {"toolSpec": _named(spec, names) | {"inputSchema": {"json": inline(spec)}}}
            for spec in _listed(_offer(tools, preset, loaded))
        ]
    }


def _offer(
    tools: ToolChoice | None,
    preset: str | None,
    loaded: ToolChoice | None,
    search: str = "own",
    searches: Sequence[str] = ("own",),
) -> Offer:
    """Return what is offered: all of it loaded, where nothing is said of that."""
    _require_search(search, searches)
    specs = chosen_for_models(tools, preset=preset)
    return Offer(specs, specs if loaded is None else loaded)


def _require_search(search: str, searches: Sequence[str]) -> None:
    if search not in searches:
        hint = one_of(str(search), searches, "searches")
        raise UsageError("This provider's tools have no search of that name.", hint=hint)


def _function(spec: Spec, names: Names | None) -> dict[str, Any]:
    return {"type": "function"} | _named(spec, names)


def _listed(offer: Offer) -> list[Spec]:
    """Return the tools that are shown where a model calls what it finds by the meta tools."""
    return offer.listed if offer.deferred else list(offer.loaded.values())


def _late(spec: Spec, offer: Offer) -> dict[str, Any]:
    return {"defer_loading": True} if spec.name in offer.deferred else {}


def _find(offer: Offer, names: Names | None, *keys: str) -> dict[str, Any]:
    """Return what a search that the client runs says of itself."""
    said = _named(offer.find_tool, names) | {"parameters": inline(offer.find_tool)}
    return {key: said[key] for key in keys}


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
    if spec.name in RESERVED:
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
    text = in_offered_names(spec.description, names or {})
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
    "gemini-interactions": lambda specs: _texts({"gemini-interactions": gemini_interactions(specs)}),
    "bedrock": lambda specs: _texts({"bedrock": bedrock(specs)}),
    "mcp": lambda specs: _texts({"mcp": mcp(specs), "mcp.full": mcp(specs, output_schemas=True)}),
}
"""What makes the files of each format of this module."""

DOORS: dict[str, Callable[..., Any]] = {
    "openai-chat": openai_chat,
    "openai-responses": openai_responses,
    "anthropic": anthropic,
    "gemini": gemini,
    "gemini-interactions": gemini_interactions,
    "bedrock": bedrock,
}
ONE_SEARCH = frozenset({"gemini", "bedrock"})
"""Formats whose only search is ours."""


def deferred_files(
    name: str, specs: Sequence[Spec], loaded: ToolChoice, search: str | None
) -> dict[str, str]:
    """Return the file of a format in which a model finds the tools that are not loaded.

    `search` is one of the format's own; `None` takes its first. Raises what its payload function raises.
    """
    options = {} if search is None else {"search": search}
    if search is not None and name in ONE_SEARCH:
        _require_search(search, ("own",))
        options = {}
    return _texts({name: DOORS[name](specs, loaded=loaded, **options)})
