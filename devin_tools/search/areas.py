"""The areas that tools fall into, as a model or a person reads them. Pure.

An area is a resource; an enterprise's and an organisation's are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..spec import Spec

__all__ = ["by_area", "listed_names"]


def by_area(specs: Iterable[Spec]) -> dict[str, list[Spec]]:
    """Return tools by the name of their area, in alphabetical order."""
    found: dict[str, list[Spec]] = {}
    for spec in specs:
        area = spec.resource.removeprefix("enterprise_").replace("_", " ")
        found.setdefault(area, []).append(spec)
    return dict(sorted(found.items()))


def listed_names(specs: Iterable[Spec], name_of: Callable[[str], str] = str) -> str:
    """Return a line for each area with the names of its tools, as they are called: `name_of` makes them."""
    return "\n".join(
        f"{area}: {', '.join(name_of(spec.name) for spec in found)}" for area, found in by_area(specs).items()
    )
