"""Tools by their resources, as lists and tables show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..spec import Spec


def by_resource(specs: Iterable[Spec]) -> dict[str, list[Spec]]:
    """Gather the tools of each resource."""
    groups: dict[str, list[Spec]] = {}
    for spec in specs:
        groups.setdefault(spec.resource, []).append(spec)
    return groups
