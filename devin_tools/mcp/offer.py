"""Which tools a server offers: narrowing the settings, and reading from them what is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..catalog import Catalog
from ..model_input import for_a_model, for_models
from ..settings import Settings
from ..spec import Spec

__all__ = ["PRESETS", "narrowed", "offered"]

PRESETS = {
    "all": "every tool",
    "work": "every tool but those that destroy",
    "read": "only tools that read",
}


def narrowed(
    catalog: Catalog,
    settings: Settings,
    *,
    preset: str = "all",
    tools: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
) -> Settings:
    """Give settings that allow less: what they refuse already stays refused.

    Raises `UnknownTool` for a name that no tool has, `Refused` for one that is offered to no model.
    """
    allowed = settings.allowed_tools
    if tools is not None:
        named = tuple(for_a_model(catalog.spec(name)).name for name in tools)
        allowed = named if allowed is None else tuple(name for name in named if name in allowed)
    denied = [catalog.spec(name).name for name in exclude]
    if preset == "work":
        denied += [spec.name for spec in catalog if spec.effect.kind == "destroy"]
    return replace(
        settings,
        allowed_tools=allowed,
        denied_tools=(*settings.denied_tools, *denied),
        read_only=settings.read_only or preset == "read",
    )


def offered(catalog: Catalog, settings: Settings) -> dict[str, Spec]:
    """Find the tools that models can call and the settings do not refuse whatever their arguments are."""
    return {spec.name: spec for spec in for_models(catalog) if _is_offered(spec, settings)}


def _is_offered(spec: Spec, settings: Settings) -> bool:
    if settings.read_only and spec.effect.kind != "read":
        return False
    is_allowed = settings.allowed_tools is None or spec.name in settings.allowed_tools
    return is_allowed and spec.name not in settings.denied_tools
