"""Modules and names that were documented elsewhere up to 0.1. They warn there; remove this with 0.3."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

__all__ = ["MOVED", "keep_old_names", "moved_name"]

MOVED = {
    "devin_tools.api.outcomes": "devin_tools.tasks.shared.outcomes",
    "devin_tools.engines.temporal.inside": "devin_tools.engines.temporal.child_workflows",
    "devin_tools.export.fields": "devin_tools.export.builders.fields",
    "devin_tools.export.flavours": "devin_tools.export.providers.variants",
    "devin_tools.export.payloads": "devin_tools.export.providers.payloads",
    "devin_tools.outlet": "devin_tools.pipelines.delivery",
    "devin_tools.pace": "airflow.providers.devin.tools.pace",
    "devin_tools.pipelines.news": "devin_tools.pipelines.notification",
    "devin_tools.pipelines.rules": "devin_tools.pipelines.rule_files",
    "devin_tools.redaction": "devin_tools.security.redaction",
    "devin_tools.sim_dialect": "devin_tools.adapters.sim",
}

NAMES = {
    "devin_tools.api": "devin_tools.tasks",
    "devin_tools.wire": "devin_tools.flow",
}
"""Where names of a module are now: all that the other one exports."""

RENAMED = {
    "devin_tools.api.consumption.GetServiceUserDailyConsumption": (
        "devin_tools.api.consumption.GetServiceUserConsumption"
    ),
    "devin_tools.pipelines.delivery.Outlet": "devin_tools.pipelines.delivery.SinkTransport",
    "devin_tools.pipelines.notification.News": "devin_tools.pipelines.notification.Notification",
    "devin_tools.spec.RESERVED_NAMES": "devin_tools.declarations.RESERVED_NAMES",
    "devin_tools.spec.describe": "devin_tools.declarations.describe",
    "devin_tools.tasks.Patience": "devin_tools.tasks.WaitOptions",
    "devin_tools.wire.Survey": "devin_tools.flow.ReadRepository",
}
for _package in ("devin_tools", "devin_tools.api"):
    RENAMED |= {
        f"{_package}.Crowd": "devin_tools.tasks.SessionWatchlist",
        f"{_package}.Patience": "devin_tools.tasks.WaitOptions",
        f"{_package}.Sight": "devin_tools.tasks.SessionDiff",
        f"{_package}.GetServiceUserDailyConsumption": "devin_tools.api.consumption.GetServiceUserConsumption",
        f"{_package}.growing": "devin_tools.tasks.poll_intervals",
        f"{_package}.sit_out": "devin_tools.tasks.sleep_until",
    }
for _name in (
    "AGENTS",
    "CATEGORIES",
    "MODES",
    "NOTIFY",
    "ORIGINS",
    "SESSION",
    "SESSIONS",
    "TYPES",
    "messages_of",
    "parts_of",
):
    RENAMED[f"devin_tools.{_name}"] = f"devin_tools.api.{_name}"
for _name in ("row_of", "settle"):
    RENAMED[f"devin_tools.{_name}"] = f"devin_tools.tasks.{_name}"
"""What names are called now, and where; the `__getattr__` of the module that had one asks `moved_name`."""


class _OldNames:
    """Finds a module that has moved by its old name."""

    @staticmethod
    def find_spec(name: str, path: object, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(name, _OldNames) if name in MOVED else None  # type: ignore[arg-type]

    @staticmethod
    def create_module(spec: ModuleSpec) -> None:
        """Let the import make a module of its own: that of the new name keeps its facts."""

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        new = MOVED[module.__name__]
        warnings.warn(f"{module.__name__} is {new} now.", DeprecationWarning, stacklevel=2)
        try:
            names = vars(import_module(new))
        except ModuleNotFoundError as error:
            raise ImportError(f"{module.__name__} is {new} now, which is not installed here.") from error
        kept = {name: value for name, value in names.items() if not name.startswith("__")}
        vars(module).update(kept | ({"__getattr__": ask} if (ask := names.get("__getattr__")) else {}))


def keep_old_names() -> None:
    """Let modules that have moved be imported by their old names too."""
    if _OldNames not in sys.meta_path:
        sys.meta_path.append(_OldNames)


def moved_name(module: str, name: str) -> Any:
    """Return what a module held by this name up to 0.1; raise `AttributeError` when it held nothing."""
    if new := RENAMED.get(f"{module}.{name}"):
        where, _, now = new.rpartition(".")
        told = now if now != name else f"in {where}"
        warnings.warn(f"{name} is {told} now.", DeprecationWarning, stacklevel=3)
        return getattr(import_module(where), now)
    if module in NAMES and not name.startswith("_"):
        home = import_module(NAMES[module])
        if name in home.__all__:
            warnings.warn(f"{name} is in {home.__name__} now.", DeprecationWarning, stacklevel=3)
            return getattr(home, name)
    raise AttributeError(f"module {module!r} has no attribute {name!r}")
