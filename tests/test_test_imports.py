"""What tests import from this checkout is there, in the groups too that skip where their packages are not.

Such a group is collected seldom, so a module that moved away from under it would show late.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FILES = sorted(path for path in TESTS.rglob("*.py") if "plugins" not in path.parts)
OWN = {path.stem for path in FILES} | {"resources"}
OTHERS = {  # frameworks and providers, and what comes with them
    "ag2", "agent_framework", "agents", "agno", "anthropic", "botocore", "crewai", "dspy",
    "axe_playwright_python", "fastmcp", "google", "haystack_integrations", "httpx2",
    "langchain_core", "langgraph", "lfx",
    "llama_index", "mcp", "openai", "playwright", "pydantic_ai", "semantic_kernel", "smolagents",
    "strands", "uvicorn",
}  # fmt: skip


def imports(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Give each module that a file imports, with the names it takes from it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, [alias.name for alias in node.names]


def is_there(module: str, name: str) -> bool:
    loaded = import_module(module)
    if hasattr(loaded, name):
        return True
    try:
        import_module(f"{module}.{name}")
    except ModuleNotFoundError:
        return False
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TESTS)))
def test_what_a_test_file_imports_is_there(path: Path) -> None:
    for module, names in imports(path):
        top = module.partition(".")[0]
        if top == "devin_tools":
            missing = [name for name in names if not is_there(module, name)]
            assert missing == [], f"{module} has no {missing}"
        elif top not in sys.stdlib_module_names | OWN | OTHERS:
            import_module(module)
