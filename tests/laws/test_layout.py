"""Imports only go down, faces do not know each other, and nothing grows past reading size."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.paths import PACKAGE

FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")

FLOORS = {
    0: "wire codec places errors root_error survey version filenames pace",
    1: "tool detail fitting paging spec hookspecs",
    2: "api",
    3: "catalog model_input",
    4: "client connection clock intake retry settings guards presets preview redaction references "
    "files transfer git outlet repository scanning",
    5: "simulator",
    6: "export lint generate dispatch sim_dialect pipelines",
    7: "cli mcp server adapters engines __main__",
}
FLOOR = {part: floor for floor, parts in FLOORS.items() for part in parts.split()}
STRANGERS = [
    ("client", "simulator"),
    ("simulator", "client"),
    ("connection", "simulator"),
    ("simulator", "connection"),
]
MAX_FILE, MAX_FUNCTION = 300, 35

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))


def part_of(path: Path) -> str:
    """Give the first name under the package: a module, or a package of several."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_parts(path: Path) -> Iterator[str]:
    """Give the parts of this package that a file imports, wherever in the file, unless only for types."""
    package = ("devin_tools", *path.relative_to(PACKAGE).parts[:-1])
    for node in running_code(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (
                parts[1] for alias in node.names if (parts := alias.name.split("."))[0] == "devin_tools"
            )
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            whole = (*above, *(node.module or "").split("."))
            found = [part for part in whole if part]
            if found[0] == "devin_tools":
                yield from found[1:2] or [alias.name for alias in node.names]


def running_code(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from running_code(node)


def test_every_part_has_a_floor() -> None:
    assert {part_of(path) for path in FILES} - FLOOR.keys() == set()


@every_file
def test_imports_go_down(path: Path) -> None:
    part = part_of(path)
    allowed = {
        other
        for other, floor in FLOOR.items()
        if floor < FLOOR[part] or other == part or floor == FLOOR[part] < 7
    }
    assert set(imported_parts(path)) - allowed == (set() if part != "__main__" else {"cli"})


def test_the_client_and_the_simulator_are_strangers() -> None:
    imports = {(part_of(path), other) for path in FILES for other in imported_parts(path)}
    assert imports.isdisjoint(STRANGERS)


def test_types_alone_may_look_up() -> None:
    tree = ast.parse("if TYPE_CHECKING:\n    import devin_tools.cli\nif x:\n    import devin_tools.api\n")
    assert [ast.unparse(node) for node in running_code(tree) if isinstance(node, ast.Import)] == [
        "import devin_tools.api"
    ]


@every_file
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE


@every_file
def test_a_function_fits_on_a_screen(path: Path) -> None:
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {name: length for name, length in lengths.items() if length > MAX_FUNCTION} == {}
