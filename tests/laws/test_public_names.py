"""What is public is said once, in order, and loading it costs only when it is used."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from types import ModuleType

import pytest
from support.paths import PACKAGE

import devin_tools

MODULES = sorted(
    "devin_tools"
    + "".join(f".{part}" for part in path.relative_to(PACKAGE).with_suffix("").parts if part != "__init__")
    for path in PACKAGE.rglob("*.py")
    if path.name != "__main__.py" and path != PACKAGE / "__init__.py"
)
HEAVY = {"pydantic", "httpx", "jsonschema", "rich", "click", "http.server", "asyncio", "pluggy"}

LIBRARY = {
    "wire", "codec", "errors", "version", "tool", "spec", "paging", "hookspecs", "api",
    "catalog", "client", "clock", "connection", "retry", "settings", "guards",
    "preview", "redaction", "references", "files", "git", "repository", "scanning", "survey", "pace",
}  # fmt: skip

every_module = pytest.mark.parametrize("name", MODULES)


def defined_in(module: ModuleType) -> set[str]:
    """Give the public classes and functions whose home is this module."""
    return {
        name
        for name, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module.__name__
        and value.__name__ == name
        and name.isidentifier()
        and not name.startswith(("_", "devin_tools_provide_"))
    }


@every_module
def test_every_public_name_exists_and_they_are_sorted(name: str) -> None:
    module = importlib.import_module(name)
    assert isinstance(module.__all__, list)
    assert [item for item in module.__all__ if not hasattr(module, item)] == []
    assert len(set(module.__all__)) == len(module.__all__)
    if name != "devin_tools.api":  # made of the lists of its modules, in the order of a newcomer's reading
        assert in_isort_order(module.__all__) == module.__all__


def in_isort_order(names: list[str]) -> list[str]:
    """Sort as the linter does: constants, then classes, then the rest."""
    return sorted(names, key=lambda name: (not name.isupper(), not name[:1].isupper(), name))


@pytest.mark.parametrize("name", [name for name in MODULES if name.split(".")[1] in LIBRARY])
def test_every_public_class_and_function_of_the_library_is_named(name: str) -> None:
    module = importlib.import_module(name)
    assert defined_in(module) - set(module.__all__) == set()


def test_every_top_level_name_is_importable_and_sorted() -> None:
    names = devin_tools.__all__
    assert names == sorted(set(names)) == dir(devin_tools)
    assert [name for name in names if getattr(devin_tools, name, None) is None] == []


def test_type_checkers_see_the_names_that_are_there() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    seen = {alias.asname or alias.name for node in imports for alias in node.names} - {"*"}
    from devin_tools import api

    assert seen | set(api.__all__) == set(devin_tools.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    for name in ("nothing", "_private", "__wrapped__"):
        with pytest.raises(AttributeError, match=name):
            getattr(devin_tools, name)


def loaded_after(code: str) -> set[str]:
    command = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    output = subprocess.run(
        [sys.executable, "-W", "error", "-c", command], capture_output=True, text=True, check=True
    )
    return set(output.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_after("import devin_tools; devin_tools.__version__")
    assert loaded & HEAVY == set()
    assert {name for name in loaded if name.startswith("devin_tools")} == {
        "devin_tools",
        "devin_tools.version",
    }


def test_declarations_load_neither_the_network_nor_a_terminal() -> None:
    loaded = loaded_after("from devin_tools import CreateSession; CreateSession(prompt='x')")
    assert loaded & {"httpx", "jsonschema", "rich", "click", "http.server", "asyncio"} == set()


def test_a_client_loads_the_network_only_when_it_is_made() -> None:
    assert "httpx" not in loaded_after("from devin_tools import Client")
    assert "httpx" in loaded_after("from devin_tools import Client; Client(api_key='cog_x').close()")
