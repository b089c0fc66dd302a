"""What a command imports when it starts, read from the sources: nothing heavy that it does not use.

What a process really imports: tests/process/test_cli.py and test_imports.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest
from support.laws import for_every
from support.paths import PACKAGE
from support.sources import tree_of

STARTS = {
    "the help": "cli",
    "list": "cli.commands.list presets export.manifest",
    "list at a terminal": "cli.render",
    "find": "cli.commands.find model_input presets search.finder export.manifest",
    "show": "cli.commands.show export.manifest",
    "export": "cli.commands.export export",
    "call": "cli.commands.call cli.arguments client.sync_client",
    "a dry run": "cli.dry_run",
    "a simulated call": "simulator simulator.samples simulator.transport simulator.handlers.sessions",
    "rules schema": "cli.commands.rules pipelines.rule_files",
    "serve --help": "cli.commands.serve",
    "temporal --help": "cli.commands.temporal",
}
"""The modules that a command imports by itself, some of them when it gets to them."""

HEAVY = {
    *("asyncio", "jsonschema", "logging", "rich", "subprocess"),
    *("adapters", "engines", "export.builders", "export.providers", "generate", "lint", "mcp", "pipelines"),
    *("server", "api.create_session", "api.knowledge", "api.playbooks", "cli.live", "client.async_client"),
    *("simulator.server", "simulator.file_part", "simulator.schema_sample"),
}
"""What other commands need, with all that is under it."""

NEEDED = {
    "list at a terminal": {"rich"},
    "call": {"logging"},
    "a simulated call": {"logging"},
    "rules schema": {"pipelines", "api.create_session"},
    "serve --help": {"logging"},
    "temporal --help": {"logging"},
}
"""What of it a command needs itself."""


@for_every("name, modules", STARTS.items)
def test_a_command_imports_nothing_that_it_does_not_use(name: str, modules: str) -> None:
    found = closure(modules.split())
    unused = HEAVY - NEEDED.get(name, set())
    assert {one for one in found for other in unused if f"{one}.".startswith(f"{other}.")} == set()


@pytest.fixture(scope="module", autouse=True)
def parsed() -> None:
    """Parse the sources before the laws begin: what all of them share is not counted as a law's own time."""
    for modules in STARTS.values():
        closure(modules.split())


def closure(modules: list[str]) -> set[str]:
    """Return everything that is imported with some modules of the package, before any of it runs."""
    found, waiting = set(), list(modules)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += imports_of(name)
    return found


@cache
def imports_of(name: str) -> frozenset[str]:
    """Return what a module imports when it is imported, its packages too; nothing for one of others."""
    path = PACKAGE.joinpath(*name.split("."))
    if (path / "__init__.py").is_file():
        file, package = path / "__init__.py", name.split(".")
    else:
        file, package = path.with_suffix(".py"), name.split(".")[:-1]
    if not file.is_file():
        return frozenset()
    above = name.rpartition(".")[0]
    return frozenset({*_named(tree_of(file), package), *([above] if above else [])})


def _named(tree: ast.AST, package: list[str]) -> Iterator[str]:
    for node in _at_once(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = [*package[: len(package) + 1 - node.level], *filter(None, [node.module])]
            base = ".".join(home) if node.level else node.module or ""
            if base:
                yield base
            if node.level:  # what is imported may be a module too
                yield from (
                    name for alias in node.names if _is_module(name := f"{base}.{alias.name}".strip("."))
                )


def _at_once(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk over the statements that run when a module is imported."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            for other in node.orelse:
                yield from [other, *_at_once(other)]
            continue
        yield node
        yield from _at_once(node)


def _is_module(name: str) -> bool:
    path = PACKAGE.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
