"""Lists page by page: what a page is, walks over pages, and outputs that are cut to a size."""

from .pages import MaxChars, Page, Paged, PagedByOffset, Paging, Walk, paging_of

__all__ = ["MaxChars", "Page", "Paged", "PagedByOffset", "Paging", "Walk", "paging_of"]
