"""Imports only go down, faces do not know each other, and nothing grows past reading size."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from support.laws import for_every
from support.paths import PACKAGE, TESTS

FLOORS = {
    0: "wire codec places errors root_error survey version filenames pace patterns json_schema visible "
    "encoding headers reading",
    1: "tool detail fitting paging spec hookspecs",
    2: "api",
    3: "catalog model_input",
    4: "client connection clock intake retry settings guards presets preview redaction references faults "
    "files folders transfer unpacking git outlet repository scanning http_limits locks",
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
MAX_FILE, MAX_FUNCTION = 500, 35


@cache
def files() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


every_file = for_every("path", files)


@dataclass(frozen=True)
class Facts:
    """What the laws ask of a file."""

    imports: frozenset[str]
    """The parts of this package that it imports, wherever in the file, unless only for types."""
    functions: tuple[tuple[str, int], ...]
    """The names of its functions, with their numbers of lines."""
    lines: int


@cache
def facts_of(path: Path) -> Facts:
    """Return what the laws ask of a file: it is read and parsed once for all of them."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    functions = tuple(
        (node.name, (node.end_lineno or 0) - node.lineno + 1)
        for node in statements(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return Facts(frozenset(imported_parts(path, tree)), functions, len(text.splitlines()))


def statements(tree: ast.AST, *, running: bool = False) -> Iterator[ast.AST]:
    """Walk over statements, which are in statements alone; over those that run, if only they matter."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for node in getattr(tree, name, ()):
            if not isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
                continue
            if running and isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                continue
            yield node
            yield from statements(node, running=running)


def part_of(path: Path) -> str:
    """Return the first name under the package: a module, or a package of several."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_parts(path: Path, tree: ast.AST) -> Iterator[str]:
    package = ("devin_tools", *path.relative_to(PACKAGE).parts[:-1])
    for node in statements(tree, running=True):
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


def test_every_part_has_a_floor() -> None:
    assert {part_of(path) for path in files()} - FLOOR.keys() == set()


@every_file
def test_imports_go_down(path: Path) -> None:
    part = part_of(path)
    allowed = {
        other
        for other, floor in FLOOR.items()
        if floor < FLOOR[part] or other == part or floor == FLOOR[part] < 7
    }
    assert facts_of(path).imports - allowed == (set() if part != "__main__" else {"cli"})


def test_the_client_and_the_simulator_are_strangers() -> None:
    imports = {(part_of(path), other) for path in files() for other in facts_of(path).imports}
    assert imports.isdisjoint(STRANGERS)


def test_types_alone_may_look_up() -> None:
    tree = ast.parse(
        "if TYPE_CHECKING:\n    import devin_tools.cli\nif x:\n    import devin_tools.api\n"
        "else:\n    import devin_tools.mcp\n"
        "try:\n    pass\nexcept E:\n    import devin_tools.git\nfinally:\n    import devin_tools.wire\n"
        "match x:\n    case _:\n        import devin_tools.tool\n"
        "class C:\n    async def f():\n        with x:\n            import devin_tools.spec\n"
    )
    found = set(imported_parts(PACKAGE / "spec.py", tree))
    assert found == {"api", "mcp", "git", "wire", "tool", "spec"}


@every_file
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert facts_of(path).lines <= MAX_FILE


@every_file
def test_a_function_fits_on_a_screen(path: Path) -> None:
    assert [(name, lines) for name, lines in facts_of(path).functions if lines > MAX_FUNCTION] == []


def unit_tests() -> list[Path]:
    return sorted((TESTS / "unit").rglob("test_*.py"))


@for_every("path", unit_tests)
def test_a_unit_test_lies_where_what_it_tests_lies(path: Path) -> None:
    """`unit/cli/test_call_slowly.py` tests `cli/call.py`, or the package `cli/call`, in some respect."""
    home = PACKAGE / path.parent.relative_to(TESTS / "unit")
    assert home.is_dir(), f"there is no devin_tools/{home.relative_to(PACKAGE)}"
    words = path.stem.removeprefix("test_").split("_")
    subjects = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
    found = [name for name in subjects if is_module(home / name)]
    assert found, f"devin_tools/{home.relative_to(PACKAGE)} has no module {' or '.join(subjects)}"


def is_module(path: Path) -> bool:
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
