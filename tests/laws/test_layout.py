"""Imports only go down, faces do not know each other, and nothing grows past reading size."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from support.laws import for_every
from support.paths import PACKAGE, ROOT, TESTS
from support.sources import sources, text_of, tree_of

FLOORS = {
    0: "errors moved version wire flow locations headers codec reading text schemas "
    "docstrings lazy_models public_names",
    1: "effects tool paging spec tool_index declarations hookspecs settings security",
    2: "api",
    3: "tasks",
    4: "catalog model_input permissions presets search dispatch",
    5: "local client",
    6: "simulator",
    7: "export generate lint pipelines",
    8: "mcp server adapters engines",
    9: "cli __main__",
}
FLOOR = {part: floor for floor, parts in FLOORS.items() for part in parts.split()}
STRANGERS = [("client", "simulator"), ("simulator", "client")]
WAYS_IN = 8
"""The floor whose parts do not know each other."""
LOOKS_UP = {"dispatch", "hookspecs"}
"""What hands on things of floors above: it imports their types, and nothing of them runs."""
MAX_FILE = 500


@cache
def files() -> list[Path]:
    return [path for path in sources() if path != PACKAGE / "__init__.py"]


every_file = for_every("path", files)


@dataclass(frozen=True)
class Facts:
    """What the laws ask of a file."""

    imports: frozenset[str]
    """The modules of this package that it imports, wherever in the file, unless only for types."""
    known: frozenset[str]
    """Those, and the ones that it imports for types."""
    named: tuple[str, ...]
    """The modules of this package that it imports by a text."""
    lines: int


@cache
def facts_of(path: Path) -> Facts:
    """Return what the laws ask of a file, worked out once for all of them."""
    tree = tree_of(path)
    named = tuple(
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and "import_module" in (getattr(node.func, "id", ""), getattr(node.func, "attr", ""))
        if isinstance(node.args[0], ast.Constant)
    )
    return Facts(
        frozenset(imported(path, tree)),
        frozenset(imported(path, tree, running=False)),
        named,
        len(text_of(path).splitlines()),
    )


@pytest.fixture(scope="module", autouse=True)
def parsed() -> None:
    """Parse every file before the laws begin: what all of them share is not counted as a law's own time."""
    for path in files():
        facts_of(path)


def statements(tree: ast.AST, *, running: bool = False) -> Iterator[ast.AST]:
    """Walk over statements, which are in statements alone; over those that run, if only they matter."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for node in getattr(tree, name, ()):
            if not isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
                continue
            if running and isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
                continue
            yield node
            yield from statements(node, running=running)


def part_of(path: Path) -> str:
    """Return the first name under the package: a module, or a package of several."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name_of(path: Path) -> str:
    """Return a module's name within the package: `api.sessions`."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path, tree: ast.AST, *, running: bool = True) -> Iterator[str]:
    """Yield the names within the package of the modules that a file imports, for types too or not."""
    package = ("devin_tools", *path.relative_to(PACKAGE).parts[:-1])
    for node in statements(tree, running=running):
        if isinstance(node, ast.Import):
            wholes = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            whole = ".".join(filter(None, (*above, node.module)))
            wholes = [(whole, alias.name) for alias in node.names]
        else:
            continue
        for whole, name in wholes:
            base, _, inside = whole.partition(".")
            if base == "devin_tools":
                inner = f"{inside}.{name}".strip(".") if name else inside
                yield inner if is_module(PACKAGE.joinpath(*inner.split("."))) else inside


def needed(path: Path) -> frozenset[str]:
    """Return the modules that a file stands on: those whose types it names too, but for two files."""
    return facts_of(path).imports if name_of(path) in LOOKS_UP else facts_of(path).known


def test_every_part_has_a_floor() -> None:
    assert {part_of(path) for path in files()} - FLOOR.keys() == set()


def test_the_floors_are_drawn_as_they_are() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d) \| ([^|]+) \|", text, re.MULTILINE)
    drawn = {int(floor): set(re.findall(r"`(\w+)`", parts)) for floor, parts in rows}
    assert drawn == {floor: set(parts.split()) - {"__main__"} for floor, parts in FLOORS.items()}


@every_file
def test_imports_go_down(path: Path) -> None:
    part = part_of(path)
    allowed = {
        other
        for other, floor in FLOOR.items()
        if floor < FLOOR[part] or other == part or floor == FLOOR[part] != WAYS_IN
    }
    assert {name.partition(".")[0] for name in needed(path)} - allowed == set()


def test_no_imports_go_round() -> None:
    """Neither between folders nor inside of one, nor for types, but for the files that name types of floors
    above; `TopologicalSorter` names a circle that it meets."""
    folders: dict[str, set[str]] = {}
    for path in files():
        parts = {name.partition(".")[0] for name in facts_of(path).imports}
        folders.setdefault(part_of(path), set()).update(parts - {part_of(path)})
    TopologicalSorter(folders).prepare()
    TopologicalSorter({name_of(path): needed(path) - {name_of(path)} for path in files()}).prepare()


@every_file
def test_nothing_of_our_own_is_imported_by_a_text(path: Path) -> None:
    assert facts_of(path).named == ()


def test_the_client_and_the_simulator_are_strangers() -> None:
    imports = {(part_of(path), name.partition(".")[0]) for path in files() for name in facts_of(path).imports}
    assert imports.isdisjoint(STRANGERS)


def test_types_alone_may_look_up() -> None:
    tree = ast.parse(
        "if TYPE_CHECKING:\n    import devin_tools.cli\nif x:\n    import devin_tools.api\n"
        "else:\n    from . import mcp\n"
        "try:\n    pass\nexcept E:\n    from .local.git import run\nfinally:\n    import devin_tools.wire\n"
        "match x:\n    case _:\n        import devin_tools.tool\n"
        "class C:\n    async def f():\n        with x:\n            from devin_tools import spec\n"
    )
    found = set(imported(PACKAGE / "spec.py", tree))
    assert found == {"api", "mcp", "local.git", "wire", "tool", "spec"}


@every_file
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert facts_of(path).lines <= MAX_FILE


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


@for_every("path", lambda: [path for path in files() if path.name == "__init__.py"])
def test_no_name_of_a_package_is_that_of_a_module_in_it(path: Path) -> None:
    """Importing the module would put it in the place of what has its name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:  # `from . import module` is that module
            named |= {alias.asname or alias.name for alias in node.names}
    assert [name for name in sorted(named) if is_module(path.parent / name)] == []
