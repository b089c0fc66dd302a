"""A tool is described as its module says when all of it is there: fields may name what comes after them."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import AliasChoices, Field, model_validator

from devin_tools.declarations import describe
from devin_tools.errors import BadDeclaration
from devin_tools.locations import Wire
from devin_tools.tool import USER_ONLY, Input, Output, Tool
from devin_tools.wire import POST


class Order(Output):
    """An order."""

    things: list[Later] = Field([], validation_alias=AliasChoices("items", "things"))
    """What was ordered."""


class OrderThing(Tool[Order]):
    """Order a thing."""

    route = POST("/v3/things")

    name: Annotated[LaterName, Wire("called")]
    """What it is called."""

    note: Annotated[LaterName, Wire(None)] = ""
    """What is not sent."""

    approval: Annotated[Later | None, USER_ONLY] = None
    """Who approved of it."""

    parts: Annotated[list[Later], USER_ONLY]
    """Its parts."""


class Later(Input):
    """What comes after."""

    name: str = ""
    """Its name."""


LaterName = str


def test_fields_of_what_is_defined_later_keep_their_marks() -> None:
    spec = describe(OrderThing)
    assert spec.user_only == {"approval", "parts"} and spec.missing_from_models == ("parts",)
    assert [(place.wire, place.where) for place in spec.places[:2]] == [
        ("called", "body"),
        ("note", "nowhere"),
    ]
    assert spec.answer_names == {"things": "items"}


class OrderThings(Tool[Order]):
    """Order things."""

    route = POST("/v3/many-things")

    name: str
    """What the order is called."""

    things: list[str] = []
    """What to order."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        return given | {"name": given["name"].strip()}


def test_a_validator_that_needs_every_field_does_not_keep_a_tool_from_being_described() -> None:
    assert describe(OrderThings).comma_lists == frozenset()


class Signed(Input):
    """What somebody signs."""

    signer: Annotated[str, USER_ONLY] = ""
    """Who signs it."""

    more: list[Signed] = []
    """What is signed with it."""


def problem(field: Any) -> str:
    name = "SignThing"
    body = {
        "__module__": __name__,
        "__doc__": "Sign a thing.",
        "__annotations__": {"papers": field},
        "route": POST("/v3/signed"),
        "papers": Field(None, description="What to sign."),
    }
    try:
        describe(type(Tool)(name, (Tool[Order],), body))
    except BadDeclaration as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    "field",
    [
        Signed,
        list[Signed],
        dict[str, Signed] | None,
        Annotated[list[Signed] | None, Field(max_length=3)],
        Annotated[str, USER_ONLY] | None,
    ],
)
def test_what_only_a_person_may_fill_is_a_whole_field(field: Any) -> None:
    """A part that is marked so would be shown to models, and taken from them."""
    assert problem(field).startswith("SignThing.papers: only a whole field of a tool can be USER_ONLY")
    assert problem(Annotated[field, USER_ONLY]) == ""
