"""Lists page by page: what a page is, walks over pages, and outputs that are cut to a size."""

from ..locations import Paging
from .brief import Abridged, Detailed
from .page import BareList, Items, Page
from .pages import MaxChars, Paged, PagedByOffset, Walk, paging_of

__all__ = [
    "Abridged", "BareList", "Detailed", "Items", "MaxChars", "Page", "Paged", "PagedByOffset", "Paging",
    "Walk", "paging_of",
]  # fmt: skip
