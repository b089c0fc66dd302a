"""Finds the declarations in the modules of a package, so that a new one is written in no list."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Mapping
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any

from pydantic import BaseModel

from ...tool import Tool


def modules_in(package: ModuleType) -> tuple[ModuleType, ...]:
    """Import the modules of a package and of its folders; what lies in `shared` declares nothing."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    names = [one.name for one in found if not one.ispkg and ".shared." not in one.name]
    return tuple(import_module(name) for name in names)


def exported(modules: Iterable[ModuleType]) -> dict[str, Any]:
    """Return the public classes and functions that these modules define, by name."""
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type | FunctionType) and name[0] != "_" and name == value.__name__
        if value.__module__ == module.__name__ and name.isidentifier()  # pydantic parks `Tool[Session]` there
    }


def models_in(names: Mapping[str, Any]) -> list[str]:
    """List the names of calls, outputs and their parts: what users need, and no helper."""
    return sorted(n for n, value in names.items() if isinstance(value, type) and issubclass(value, BaseModel))


def tools_of(modules: Iterable[ModuleType]) -> list[type[Tool[Any]]]:
    """List the tools that these modules declare, in the order of their text.

    Only classes whose own body has a route or a flow count: the others are what tools are made of.
    """
    return [
        value
        for module in modules
        for value in exported([module]).values()
        if isinstance(value, type) and issubclass(value, Tool) and {"route", "flow"} & vars(value).keys()
    ]
