"""Formats: pure functions from specs to files. A plugin too, like any third party's format.

What makes the files of a format is imported when they are made: lists and calls need none of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ..hookspecs import Exporter, hookimpl

if TYPE_CHECKING:
    from ..spec import Spec

__all__ = ["devin_tools_provide_exporters"]


@hookimpl
def devin_tools_provide_exporters() -> Iterable[Exporter]:
    """Return the built-in formats."""
    return [
        Exporter("manifest", "One JSON file per tool, an index, and their JSON Schema.", _manifest),
        _payloads("openai-chat", "Tools for OpenAI Chat Completions, plain and strict."),
        _payloads("openai-responses", "Tools for OpenAI Responses, plain and strict."),
        _payloads("anthropic", "Tools for Anthropic Messages, plain and strict."),
        _payloads("gemini", "Tools for Gemini, as parameters and as JSON Schema."),
        _payloads("gemini-interactions", "Tools for Gemini's Interactions."),
        _payloads("bedrock", "The toolConfig for Bedrock Converse."),
        _payloads("mcp", "The tools as an MCP server lists them."),
        Exporter(
            "openapi", "An OpenAPI 3.1 document of all tools, as `devin-tools serve` serves them.", _openapi
        ),
        Exporter("n8n", "A package of n8n community nodes.", _n8n, is_folder=True),
        Exporter("node-red", "A Node-RED package: a palette node per tool.", _node_red, is_folder=True),
        Exporter("sim", "The tools and their block as Sim describes its own.", _sim, is_folder=True),
        Exporter("langflow", "A Langflow extension: a component per tool.", _langflow, is_folder=True),
        Exporter("dify", "A Dify plugin: a tool per tool.", _dify, is_folder=True),
    ]


def _payloads(name: str, summary: str) -> Exporter:
    """Return the format of one model provider, or of MCP."""

    def files(specs: Sequence[Spec]) -> Mapping[str, str]:
        from .providers.payloads import FILES

        return FILES[name](specs)

    def deferred(specs: Sequence[Spec], loaded: str, search: str | None) -> Mapping[str, str]:
        from .providers.payloads import deferred_files

        return deferred_files(name, specs, loaded, search)

    return Exporter(name, summary, files, deferred=None if name == "mcp" else deferred)


def _manifest(specs: Sequence[Spec]) -> Mapping[str, str]:
    from .manifest import manifest_files

    return manifest_files(specs)


def _openapi(specs: Sequence[Spec]) -> Mapping[str, str]:
    from .openapi import openapi_files

    return openapi_files(specs)


def _n8n(specs: Sequence[Spec]) -> Mapping[str, str]:
    from .builders.n8n import n8n_files

    return n8n_files(specs)


def _node_red(specs: Sequence[Spec]) -> Mapping[str, str]:
    from .builders.node_red import node_red_files

    return node_red_files(specs)


def _sim(specs: Sequence[Spec]) -> Mapping[str, str]:
    from .builders.sim import sim_files

    return sim_files(specs)


def _langflow(specs: Sequence[Spec]) -> Mapping[str, str]:
    from .builders.langflow import langflow_files

    return langflow_files(specs)


def _dify(specs: Sequence[Spec]) -> Mapping[str, str]:
    from .builders.dify import dify_files

    return dify_files(specs)
