"""One page of a list: what every page says, and the items that are its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, TypeVar, get_args

from pydantic import AliasChoices, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema

from ..tool import Output
from .brief import Abridged

ItemT = TypeVar("ItemT", bound=Output)

Items = Annotated[list[ItemT], Field(validation_alias=AliasChoices("items"))]
"""The rows of a list: `items` to the API, and to readers a field whose name says what they are."""

DataItems = Annotated[list[ItemT], Field(validation_alias=AliasChoices("data"))]
"""The same of a list that comes whole in an object: `data` to the API."""

PAGE_FIELDS = ("left_out", "end_cursor", "has_next_page", "total")


class BareList(Output):
    """An output that the API answers as a bare list, or may: an output is always an object.

    Where nothing tells how a list comes, it may stand under `data` as well, as other lists of the beta do.
    """

    @model_validator(mode="before")
    @classmethod
    def _accept_a_bare_list(cls, value: Any) -> Any:
        if isinstance(value, dict) and "items" not in value and isinstance(value.get("data"), list):
            return {("items" if name == "data" else name): part for name, part in value.items()}
        return {"items": value} if isinstance(value, list) else value


if TYPE_CHECKING:
    from typing_extensions import TypeVar as TypeVarWithDefault

    RowT = TypeVarWithDefault("RowT", bound=Output, default=Any)

    class _PageOf(Abridged, Generic[RowT]): ...

else:  # to pydantic it is not a generic model, which would make a class for each kind of row
    RowT = TypeVar("RowT")
    _PageOf = {RowT: Abridged}


class Page(_PageOf[RowT]):
    """One page of a list. A subclass adds one field with the items: `things: Items[Thing]`.

    For type checkers it says its rows too, `class ThingPage(Page[Thing])`: they know then what
    `client.items` yields.
    """

    if not TYPE_CHECKING:

        def __class_getitem__(cls, row: Any) -> Any:
            """Return the class itself: only type checkers tell pages by their rows."""
            return cls

    items_field: ClassVar[str]
    """The name of the field that holds the items: the first of its own, unless it says another."""
    item_id: ClassVar[str]
    """The field of an item that tells it from others: its first required one, unless the page says so.

    Empty where no field does: then an item is told from others by all that it holds."""

    end_cursor: str | None = None
    """Cursor of the next page: pass it as `after`. Null on the last page."""

    has_next_page: bool = False
    """Whether more items follow."""

    total: int | None = None
    """How many items there are in all, when the API says so."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put the items, which are what a page is read for, before the fields of every page.

        Pydantic collects inherited fields first, and builds schemas and outputs in the order it finds here.
        """
        cls._put_items_first()
        return super().__get_pydantic_core_schema__(source, handler)

    @classmethod
    def _put_items_first(cls) -> None:
        for name in PAGE_FIELDS:
            cls.model_fields[name] = cls.model_fields.pop(name)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls._put_items_first()
        own = [name for name in cls.model_fields if name not in PAGE_FIELDS]
        if own and not hasattr(cls, "items_field"):
            cls.items_field = own[0]
        if own and not hasattr(cls, "item_id"):
            items = get_args(cls.model_fields[cls.items_field].annotation)
            fields = getattr(items[0], "model_fields", {}) if items else {}  # those of a type variable: none
            if required := [name for name, info in fields.items() if info.is_required()]:
                cls.item_id = required[0]

    @property
    def items(self) -> list[RowT]:
        """The items, whatever the field is called."""
        return list(getattr(self, self.items_field))
