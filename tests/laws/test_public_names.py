"""What is public is said once, and in order."""

from __future__ import annotations

import ast
import importlib
import inspect
from functools import cache
from types import ModuleType

import pytest
from support.laws import for_every
from support.paths import PACKAGE

import devin_tools.api
import devin_tools.tasks

LIBRARY = {
    "wire", "codec", "errors", "version", "tool", "spec", "hookspecs", "api", "tasks",
    "catalog", "settings", "flow",
}  # fmt: skip
"""What users import from: modules that list what they export. The others are internal."""


@cache
def modules() -> list[str]:
    return sorted(
        ".".join(["devin_tools", *(part for part in parts if part != "__init__")])
        for path in PACKAGE.rglob("*.py")
        if (parts := path.relative_to(PACKAGE).with_suffix("").parts) not in (("__init__",), ("__main__",))
    )


def library() -> list[str]:
    """Return the modules that list what they export."""
    return [name for name in modules() if name.partition(".")[2] in LIBRARY]


def defined_in(module: ModuleType) -> set[str]:
    """Return the public classes and functions whose home is this module."""
    return {
        name
        for name, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module.__name__
        and value.__name__ == name
        and name.isidentifier()
        and not name.startswith(("_", "devin_tools_provide_"))
    }


@pytest.fixture(scope="module")
def loaded() -> dict[str, ModuleType]:
    """Return every module, imported: the frameworks that some of them build on take most of a second."""
    return {name: importlib.import_module(name) for name in modules()}


@for_every("name", modules)
def test_every_public_name_exists_and_they_are_sorted(name: str, loaded: dict[str, ModuleType]) -> None:
    module = loaded[name]
    if not hasattr(module, "__all__"):
        assert name not in library() or hasattr(module, "__path__")
        return  # an internal module, or a folder of modules that are imported each by its own name
    assert isinstance(module.__all__, list)
    assert [item for item in module.__all__ if not hasattr(module, item)] == []
    assert len(set(module.__all__)) == len(module.__all__)
    if name not in (
        "devin_tools.api",
        "devin_tools.tasks",
    ):  # made of the lists of its modules, in the order of a newcomer's reading
        assert in_isort_order(module.__all__) == module.__all__


def in_isort_order(names: list[str]) -> list[str]:
    """Sort as the linter does: constants, then classes, then the rest."""
    return sorted(names, key=lambda name: (not name.isupper(), not name[:1].isupper(), name))


@for_every("package", lambda: [devin_tools.api, devin_tools.tasks])
def test_what_a_module_of_declarations_defines_is_exported_by_its_package(package: ModuleType) -> None:
    assert {name for module in package.modules() for name in defined_in(module)} == set(package.__all__)
    assert len(package.modules()) > 8


@for_every("name", library)
def test_every_public_class_and_function_of_the_library_is_named(
    name: str, loaded: dict[str, ModuleType]
) -> None:
    module = loaded[name]
    assert defined_in(module) - set(module.__all__) <= {"modules"}  # what `generate` reads


def test_every_top_level_name_is_importable_and_sorted() -> None:
    names: list[str] = devin_tools.__all__  # type: ignore[attr-defined]
    assert names == sorted(set(names)) == dir(devin_tools)
    assert [name for name in names if getattr(devin_tools, name, None) is None] == []


def test_type_checkers_see_the_names_that_are_there() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    seen = {alias.asname or alias.name for node in imports for alias in node.names} - {
        "keep_old_names",
        "moved_name",
        "MODELS",
        "names_in",
        "raisable",
    }

    assert seen == set(dir(devin_tools))  # type: ignore[attr-defined]


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    for name in ("nothing", "_private", "__wrapped__"):
        with pytest.raises(AttributeError, match=name):
            getattr(devin_tools, name)
