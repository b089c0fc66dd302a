"""Paging by cursor or by offset: tools that list, and where a walk over pages stands. Pure."""

from __future__ import annotations

from collections import OrderedDict
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BeforeValidator, Field, StringConstraints

from ..errors import BadDeclaration, InvalidArguments, UnexpectedResponse
from ..flow import Flow
from ..locations import Paging, Wire
from ..reading import unreadable
from ..tool import DOCUMENTED, Tool, output_of, require_call
from .brief import Detailed, length_of
from .fitting import fitted
from .page import Page

MaxChars = Annotated[int, Field(ge=1000)]


def _as_text(value: Any) -> Any:
    return str(value) if type(value) is int else value


Offset = Annotated[
    str, BeforeValidator(_as_text), StringConstraints(pattern=r"^(0|[1-9][0-9]{0,8})$"), DOCUMENTED
]
"""How many items came before, as text: to callers it is a cursor like any other."""

REMEMBERED_IDS = 10_000
"""How many ids a walk remembers to drop duplicates: rows shift between neighbouring pages only."""


MAX_STALE_PAGES = 100
"""Pages in a row without a new item after which a walk ends, whatever the cursors say."""


P = TypeVar("P", bound="Page[Any]")


class Paged(Detailed[P], Generic[P]):
    """A tool that lists page by page."""

    limit: Annotated[int, Field(ge=1, le=200), Wire("first"), DOCUMENTED] = 100
    """How many items a page holds: 1 to 200. The API's own default is 100."""

    after: str | None = None
    """Cursor: the `end_cursor` of the page before. Leave out for the first page."""

    max_chars: Annotated[MaxChars | None, Wire(None)] = None
    """How many characters of JSON the page may take: it holds fewer items if need be, and its
    `end_cursor` goes on after them. `left_out` says what is not there."""

    def flow(self) -> Flow[P]:
        """Read a page, and a smaller one when it is too long."""
        page = yield from self._read()
        if self.max_chars is None or length_of(page) <= self.max_chars:
            return page
        return (yield from fitted(page, self.max_chars, self._first))

    def _first(self, limit: int) -> Flow[P]:
        return self.model_copy(update={"limit": limit})._read()

    def _read(self) -> Flow[P]:
        return super().flow()


class PagedByOffset(Paged[P], Generic[P]):
    """A tool whose list the API counts through: it wants a number, and names no cursor."""

    limit: Annotated[int, Field(ge=1, le=200), DOCUMENTED] = 200
    """How many items a page holds: 1 to 200, which is the API's own default."""

    after: Annotated[Offset | None, Wire("offset"), DOCUMENTED] = None
    """Cursor: the `end_cursor` of the page before. Leave out for the first page."""

    def _read(self) -> Flow[P]:
        page = yield from super()._read()
        return _placed(page, self)


def paging_of(tool: type[Tool[Any]]) -> Paging | None:
    """Describe the paging of a tool; `None` when it answers everything at once."""
    if "after" not in tool.model_fields:
        return None
    output = output_of(tool)
    if not issubclass(output, Page):
        raise BadDeclaration(f"{tool.__name__} takes `after`, so its output must be a Page.")
    style: Literal["cursor", "offset"] = "offset" if issubclass(tool, PagedByOffset) else "cursor"
    return Paging(items=output.items_field, item_id=output.item_id, style=style)


def _placed(page: P, call: PagedByOffset[P]) -> P:
    """Return a page of a counted list with where the next one begins, as the API itself may not.

    More follow when the API says so, when its total is not reached, or, without a total, when the
    page is full.
    """
    end, count = int(call.after or 0) + len(page.items), len(page.items)
    is_short = end >= page.total if page.total is not None else count < call.limit
    goes_on = count > 0 and (page.has_next_page or not is_short)
    return page.model_copy(update={"end_cursor": str(end) if goes_on else None, "has_next_page": goes_on})


def whole(call: Tool[P]) -> Flow[P]:
    """Read a page that is to tell what is not there; raise `UnexpectedResponse` when a row cannot be read."""
    return require_whole((yield from call.flow()))


def require_whole(page: P) -> P:
    """Return a page of which all rows could be read; raise `UnexpectedResponse` for another."""
    if unreadable(page):
        raise UnexpectedResponse(
            f"Rows of {page.items_field} are not as documented, so the list does not tell what is not there."
        )
    return page


class Walk(Generic[P]):
    """A walk over the pages of one call: which call is next, and what was already seen.

    It ends on a missing or repeated cursor, whatever `has_next_page` claims, or when page after page
    brings nothing new. It holds no page.
    """

    def __init__(self, call: Tool[P]):
        require_call(call)
        if "after" not in type(call).model_fields:
            raise InvalidArguments(
                f"{type(call).__name__} does not list anything page by page.", hint="Use run for it."
            )
        self.next: Tool[P] | None = call
        self._cursors: set[str] = {after} if (after := getattr(call, "after", None)) else set()
        self._ids: OrderedDict[str, None] = OrderedDict()
        self._stale_pages = 0

    def take(self, page: P) -> P:
        """Move past a page; return it without the items seen before."""
        cursor = page.end_cursor
        goes_on = page.has_next_page and cursor and cursor not in self._cursors
        if cursor and goes_on and self.next is not None:
            self._cursors.add(cursor)
            self.next = self.next.model_copy(update={"after": cursor})
        else:
            self.next = None
        item_id = page.item_id
        fresh = [
            item
            for item in page.items
            if self._is_new(getattr(item, item_id) if item_id else item.model_dump_json())
        ]
        self._stale_pages = 0 if fresh else self._stale_pages + 1
        if self._stale_pages >= MAX_STALE_PAGES:
            self.next = None
        return page if len(fresh) == len(page.items) else page.model_copy(update={page.items_field: fresh})

    def _is_new(self, item_id: str) -> bool:
        if item_id in self._ids:
            return False
        self._ids[item_id] = None
        if len(self._ids) > REMEMBERED_IDS:
            self._ids.popitem(last=False)
        return True
