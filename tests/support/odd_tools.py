"""Tools that use all of JSON Schema that pydantic writes: what formats must cope with in plugins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr

from devin_tools.flow import Flow
from devin_tools.schemas.traversal import walk
from devin_tools.tool import READ, USER_ONLY, Input, Output, Spending, Tool
from devin_tools.wire import GET, POST

__all__ = ["Chain", "FindLinks", "FindMany", "FindOdd", "FindTree", "StoreKey", "many_fields", "nodes"]


class Found(Output):
    """What was found."""

    count: int
    """How many."""


class Cat(Input):
    """A cat."""

    kind: Literal["cat"]
    """What it is."""

    lives: Annotated[int, Field(gt=0)] | None = None
    """How many lives are left."""

    is_asleep: bool = False
    """Whether it sleeps."""


class Dog(Input):
    """A dog."""

    kind: Literal["dog"]
    """What it is."""


class FindOdd(Tool[Found]):
    """Find odd things."""

    route = GET("/v3/odd")
    examples = (
        {"pet": {"kind": "cat", "lives": 9}, "note": "x", "counts": {"a": 1}, "pair": [1, "b"]},
        {"pet": {"kind": "dog"}, "note": None, "either": 3, "mood": "good", "size": 2, "friends": []},
    )

    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    """The pet."""

    note: str | None
    """A note; null says that there is none."""

    friends: list[Cat] | None = None
    """Its friends."""

    size: Literal[1, 2, 3] = 1
    """How large it is."""

    mood: Literal["good", "bad", None] = None
    """How it feels."""

    pair: tuple[int, str] | None = None
    """A number and a word."""

    counts: dict[str, int] | None = None
    """How many of each."""

    either: int | str | None = None
    """A number or a word."""

    homepage: Annotated[str, Field(json_schema_extra={"format": "uri"})] = "https://example.org"
    """Where it lives."""

    ahead: Annotated[str, Field(json_schema_extra={"pattern": "^(?=x)"})] = "x"
    """A text whose pattern looks ahead."""

    keeper: Annotated[str | None, USER_ONLY] = None
    """Who keeps it."""


class Tree(Input):
    """A tree."""

    branches: list[Tree] = []
    """Its branches."""


class FindTree(Tool[Found]):
    """Find a tree, which is made of trees."""

    route = GET("/v3/tree")

    tree: Tree
    """The tree."""


class FindLinks(Tool[Found]):
    """Find what is linked, in a form nobody fixed."""

    route = GET("/v3/links")

    links: list[dict[str, Any]]
    """The links."""


class FindMany(Tool[Found]):
    """Find many things by one of a great many words."""

    route = GET("/v3/many")

    word: Annotated[str, Field(json_schema_extra={"enum": [f"word-{n}" for n in range(1001)]})]
    """The word."""


class StoreKey(Tool[Found]):
    """Store a key, which only a person may know."""

    route = POST("/v3/keys")
    examples = ({"label": "staging", "value": "env:STAGING_KEY"},)

    label: str
    """What it is called."""

    value: Annotated[SecretStr, USER_ONLY]
    """The key."""


class Chain(Tool[Found]):
    """Find things without a route."""

    effect = READ.billable(Spending(starts="one"))
    __doc__ = "Find things without a route.\n\n" + "It says a great deal about it. " * 60

    anything: Any
    """Whatever it is."""

    def flow(self) -> Flow[Found]:
        """Return nothing found."""
        yield from ()
        return Found(count=0)


def many_fields(number: int, optional: int) -> type[Tool[Found]]:
    """Make a tool with so many optional fields; `number` tells it from others."""
    fields = {f"field_{place}": 0 for place in range(optional)}
    annotations = {name: Annotated[int, Field(description="A number.")] for name in fields}
    body = {
        "__module__": __name__,
        "__qualname__": f"Many{number}",
        "__doc__": "Take many fields.",
        "__annotations__": annotations,
        "route": GET("/v3/many"),
    }
    return type(f"Many{number}", (Tool[Found],), body | fields)


def nodes(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Walk over a schema and all schemas in it."""
    return (node.schema for node in walk(schema).nodes)
