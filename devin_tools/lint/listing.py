"""A tool as somebody listed it, whatever the provider's envelope."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..export.manifest import FORMAT
from ..export.providers.limits import DIALECTS, Dialect
from ..export.providers.seen import seen_of_deferred
from ..schemas.traversal import TYPES, JsonPath, Walk, walk, without_properties


def json_length(value: Any) -> int:
    """Return how many characters plain data has as JSON."""
    return len(json.dumps(value, ensure_ascii=False))


FORMS = {
    "mcp": "mcp",
    "manifest": "mcp",
    "openai-chat": "openai",
    "openai-responses": "openai",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "gemini-json": "gemini-json",
    "gemini-interactions": "gemini-json",
    "bedrock": "bedrock",
}
"""The forms of a list that are recognised, and the dialect each is judged by."""

OUTPUT_KEYS = {
    "mcp": "outputSchema",
    "manifest": "output",
    "openai-responses": "output_schema",
    "gemini": "response",
    "gemini-json": "responseJsonSchema",
}


@dataclass(frozen=True)
class Listed:
    """One tool of a list, and where its parts stand in the file."""

    form: str
    body: Mapping[str, Any]
    """What holds the name and the description."""
    place: JsonPath
    schema: Any
    """The input schema; `None` when there is none."""
    schema_place: JsonPath
    file: str = ""
    is_strict: bool = False
    wrapper: Mapping[str, Any] | None = None
    """What is around the body, where that is not the tool itself."""
    namespace: Mapping[str, Any] | None = None
    """The namespace of OpenAI's Responses that the tool is in."""

    @property
    def name(self) -> str:
        """Its name, or an empty text."""
        name = self.body.get(self.name_key)
        return name if isinstance(name, str) else ""

    @property
    def name_key(self) -> str:
        """The key that holds the name."""
        return "id" if self.form == "manifest" else "name"

    @property
    def description(self) -> str:
        """Its description, or an empty text."""
        text = self.body.get("description")
        return text if isinstance(text, str) else ""

    @property
    def is_deferred(self) -> bool:
        """Return whether a model has to find it before it is shown."""
        return any(part.get("defer_loading") is True for part in (self.body, self.wrapper or {}))

    @cached_property
    def seen_length(self) -> int:
        """Return how many characters of JSON a model is shown of it at once."""
        if not self.is_deferred:
            shown = {"name": self.name, "description": self.description, "schema": self.schema}
            if "input_examples" in self.body:  # Anthropic shows a model these beside the schema
                shown["examples"] = self.body["input_examples"]
            return json_length(shown)
        seen = seen_of_deferred(self.wrapper or self.body, in_namespace=self.namespace is not None)
        return json_length(seen) if seen else 0

    @cached_property
    def walk(self) -> Walk:
        """Every schema object of the input schema."""
        return walk(self.schema, self.schema_place)

    @property
    def output_key(self) -> str:
        """The key that holds the output schema; empty for a form that has none."""
        return OUTPUT_KEYS.get(self.form, "")

    @cached_property
    def output_walk(self) -> Walk:
        """Every schema object of the output schema."""
        return walk(self.body.get(self.output_key), (*self.place, self.output_key))

    def is_for(self, dialect: Dialect) -> bool:
        """Return whether the tool itself, and not its schema alone, is sent where a dialect is spoken."""
        name = dialect.name.removesuffix("-strict").removesuffix("-json")
        return FORMS[self.form].removesuffix("-json") == ("openai" if name == "mistral" else name)

    def dialect(self, provider: str | None = None) -> Dialect:
        """Return which dialect it is judged by: that of its own form, or of the provider named."""
        own = FORMS[self.form]
        base = provider or own
        if base == "gemini" and own == "gemini-json":
            return DIALECTS[own]
        strict = f"{base}-strict"
        return DIALECTS[strict if self.is_strict and own == base and strict in DIALECTS else base]


NAMED_ONLY = "named-only"
"""A name without a schema: of the form of its neighbours."""

HOSTED_BY_GOOGLE = frozenset({
    "googleSearch", "google_search", "googleSearchRetrieval", "google_search_retrieval",
    "codeExecution", "code_execution", "urlContext", "url_context", "retrieval", "computerUse",
    "computer_use", "fileSearch", "file_search", "googleMaps", "google_maps", "enterpriseWebSearch",
    "enterprise_web_search",
})  # fmt: skip

NO_TOOLS_OF_BEDROCK = frozenset({"cachePoint", "systemTool"})
"""Entries of Converse's list beside tools: up to where it is cached, and tools that Amazon runs."""

JSON_KEYS = ("parametersJsonSchema", "parameters_json_schema")


def listed(item: Mapping[str, Any], place: JsonPath, *, is_gemini: bool = False) -> Listed | None:
    """Recognise a tool; `None` for anything else."""
    if item.get("format") == FORMAT and "input" in item:
        return Listed("manifest", item, place, _for_models(item), (*place, "input"))
    for key, form in (("function", "openai-chat"), ("toolSpec", "bedrock")):
        if isinstance(item.get(key), Mapping):
            return replace(_inner(form, item[key], (*place, key)), wrapper=item)
    if "inputSchema" in item:
        return _flat("mcp", item, place, "inputSchema")
    if "input_schema" in item:
        return _flat("anthropic", item, place, "input_schema")
    for key in JSON_KEYS:
        if key in item:
            return _flat("gemini-json", item, place, key)
    return _by_parameters(item, place, is_gemini)


def is_hosted(item: Mapping[str, Any]) -> bool:
    """Return whether an entry is a tool that the provider runs itself, without a schema to check."""
    kind = item.get("type")
    return (isinstance(kind, str) and kind not in {"function", *TYPES}) or bool(
        (HOSTED_BY_GOOGLE | NO_TOOLS_OF_BEDROCK) & item.keys()
    )


def _by_parameters(item: Mapping[str, Any], place: JsonPath, is_gemini: bool) -> Listed | None:
    if (is_gemini and "name" in item) or _is_upper_case(item.get("parameters")):
        return _flat("gemini", item, place, "parameters")
    if item.get("type") == "function" and "function" not in item:
        return _flat("openai-responses", item, place, "parameters")
    if "parameters" in item and "name" in item:
        return _flat("openai-chat", item, place, "parameters")
    if place and "name" in item and "type" not in item:
        return Listed(NAMED_ONLY, item, place, None, place)
    return None


def _flat(form: str, item: Mapping[str, Any], place: JsonPath, key: str) -> Listed:
    strict = item.get("strict") is True
    return Listed(form, item, place, item.get(key), (*place, key), is_strict=strict)


def _inner(form: str, item: Mapping[str, Any], place: JsonPath) -> Listed:
    if form != "bedrock":
        return _flat(form, item, place, "parameters")
    carrier = item.get("inputSchema")
    schema = carrier.get("json") if isinstance(carrier, Mapping) else None
    return Listed(form, item, place, schema, (*place, "inputSchema", "json"))


def _is_upper_case(schema: Any) -> bool:
    return isinstance(schema, Mapping) and isinstance(schema.get("type"), str) and schema["type"].isupper()


def _for_models(manifest: Mapping[str, Any]) -> Any:
    """Return a manifest's input as a model may see it, without the fields that only a person fills."""
    schema, visibility = manifest["input"], manifest.get("visibility")
    if not isinstance(schema, Mapping) or not isinstance(visibility, Mapping):
        return schema
    return without_properties(schema, [name for name, who in visibility.items() if who == "user"])
