"""Formats: pure functions from specs to files. A plugin too, like any third party's format."""

from __future__ import annotations

from collections.abc import Iterable

from ..hookspecs import Exporter, hookimpl
from .builders.dify import dify_files
from .builders.langflow import langflow_files
from .builders.n8n import n8n_files
from .builders.node_red import node_red_files
from .builders.sim import sim_files
from .manifest import manifest_files
from .openapi import openapi_files
from .providers.payloads import EXPORTERS

__all__ = ["devin_tools_provide_exporters"]


@hookimpl
def devin_tools_provide_exporters() -> Iterable[Exporter]:
    """Return the built-in formats."""
    return [
        Exporter("manifest", "One JSON file per tool, an index, and their JSON Schema.", manifest_files),
        *EXPORTERS,
        Exporter(
            "openapi",
            "An OpenAPI 3.1 document of all tools, as `devin-tools serve` serves them.",
            openapi_files,
        ),
        Exporter("n8n", "A package of n8n community nodes.", n8n_files, is_folder=True),
        Exporter("node-red", "A Node-RED package: a palette node per tool.", node_red_files, is_folder=True),
        Exporter("sim", "The tools and their block as Sim describes its own.", sim_files, is_folder=True),
        Exporter("langflow", "A Langflow extension: a component per tool.", langflow_files, is_folder=True),
        Exporter("dify", "A Dify plugin: a tool per tool.", dify_files, is_folder=True),
    ]
