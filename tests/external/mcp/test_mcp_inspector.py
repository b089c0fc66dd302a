"""The MCP inspector's command line, from npm, in front of the server."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from devin_tools import load_catalog
from devin_tools.export.providers import variants
from devin_tools.model_input import for_models

pytestmark = [
    pytest.mark.skipif(shutil.which("npx") is None, reason="needs npx, which comes with Node.js"),
]

CATALOG = load_catalog(plugins=())
OFFERED = for_models(CATALOG)
INSPECTOR = "@modelcontextprotocol/inspector"


def inspected(*options: str) -> dict[str, Any]:
    server = [sys.executable, "-m", "devin_tools", "--simulate", "mcp", "--list", "full", "--output-schemas"]
    line = ["npx", "--yes", INSPECTOR, "--cli", *server, *options]
    done = subprocess.run(line, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    output: dict[str, Any] = json.loads(done.stdout)
    return output


def test_it_lists_every_tool_with_its_schemas_unchanged() -> None:
    tools = {tool["name"]: tool for tool in inspected("--method", "tools/list")["tools"]}
    assert list(tools) == [spec.name for spec in OFFERED]
    for spec in OFFERED:
        assert tools[spec.name]["inputSchema"] == variants.inline(spec)
        assert tools[spec.name]["outputSchema"] == variants.output(spec)
        assert len(tools[spec.name]["annotations"]) == 5


def test_it_calls_a_tool_with_good_and_with_bad_arguments() -> None:
    call = ("--method", "tools/call", "--tool-name", "devin_list_sessions", "--tool-arg")
    good = inspected(*call, "limit=2")
    assert len(good["structuredContent"]["sessions"]) == 2
    bad = inspected(*call, "limit=0")
    assert bad["isError"] and "limit" in bad["content"][0]["text"]


def test_it_lists_resources_and_prompts() -> None:
    assert len(inspected("--method", "resources/templates/list")["resourceTemplates"]) == 1
    assert len(inspected("--method", "prompts/list")["prompts"]) == 3
