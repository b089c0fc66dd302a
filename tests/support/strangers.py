"""Plugins of strangers, as if they were installed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from devin_tools import catalog

__all__ = ["add_plugin"]


@dataclass(frozen=True)
class _Point:
    """What an installed package says of its plugin."""

    name: str
    dist: SimpleNamespace
    load: Callable[[], Any]
    value: str = "a_module_of_strangers"


def add_plugin(patch: pytest.MonkeyPatch, name: str, load: Callable[[], Any]) -> None:
    """Add a plugin to those that are found, as one of the distribution `NAME-tools`."""
    found = catalog.entry_points
    point = _Point(name, SimpleNamespace(name=f"{name}-tools"), load)
    patch.setattr(catalog, "entry_points", lambda group: [*found(group=group), point])
