"""Declarations found by being where they are, so that a new one is written in no list."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from ...tool import Tool

__all__ = ["exported", "models_in", "modules_in", "tools_of"]


def modules_in(package: str, path: Iterable[str]) -> tuple[ModuleType, ...]:
    """Import the modules of a package; what lies in a folder of it declares nothing."""
    return tuple(
        import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(path) if not found.ispkg
    )


def exported(modules: Iterable[ModuleType]) -> dict[str, Any]:
    """Return what these modules export, by name."""
    return {name: getattr(module, name) for module in modules for name in module.__all__}


def models_in(names: Mapping[str, Any]) -> list[str]:
    """List the names of calls, outputs and their parts: what users need, and no route or helper."""
    return sorted(name for name, value in names.items() if _is_model(value))


def tools_of(modules: Iterable[ModuleType]) -> list[type[Tool[Any]]]:
    """List the tools that these modules declare, in the order of their text."""
    return [tool for module in modules for tool in _tools_in(module)]


def _is_model(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)


def _tools_in(module: ModuleType) -> Iterator[type[Tool[Any]]]:
    """Only classes whose own body has a route or a flow count: pydantic parks its `Tool[Session]` helper
    classes in the module too."""
    for value in vars(module).values():
        is_tool = isinstance(value, type) and issubclass(value, Tool)
        if is_tool and value.__module__ == module.__name__ and {"route", "flow"} & vars(value).keys():
            yield value
