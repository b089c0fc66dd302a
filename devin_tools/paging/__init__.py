"""Lists page by page: what a page is, walks over pages, and outputs that are cut to a size."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = [
    "Abridged", "BareList", "DataItems", "Detailed", "Items", "MaxChars", "Page", "Paged", "PagedByOffset",
    "Paging", "Walk", "paging_of",
]  # fmt: skip

if TYPE_CHECKING:
    from ..locations import Paging
    from .brief import Abridged, Detailed
    from .page import BareList, DataItems, Items, Page
    from .pages import MaxChars, Paged, PagedByOffset, Walk, paging_of
else:
    _HOMES = {"brief": ("Abridged", "Detailed"), "page": ("BareList", "DataItems", "Items", "Page")}
    _HOME = {name: module for module, names in _HOMES.items() for name in names}

    def __getattr__(name: str) -> Any:
        """Import a name from its module: what answers with one session needs no pages."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f".{_HOME.get(name, 'pages')}", __name__), name)
