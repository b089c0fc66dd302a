"""Tools by the names that people type."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..spec import Spec

FAMILY = "devin_"
"""What nearly all names begin with: nobody need type it."""


def tool_named(catalog: Catalog, name: str) -> Spec:
    """Find a tool by its name, with or without `devin_`, with hyphens or without; raise `UnknownTool`."""
    plain = name.replace("-", "_")
    for each in (plain, FAMILY + plain):
        if each in catalog.specs:
            return catalog.specs[each]
    return catalog.spec(name)
