"""`Spec`: the frozen facts of a tool that interfaces, exporters and documents read."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .moved import moved_name

if TYPE_CHECKING:
    from .locations import Paging, Place
    from .tool import Effect, Output, Tool
    from .wire import Route

Schema = Mapping[str, Any]

__all__ = ["MAX_DESCRIPTION", "MAX_NAME", "SCOPE_NAMES", "Source", "Spec"]

SCOPE_NAMES = frozenset({"org_id"})
"""Placeholders that the client fills from its settings, where a tool has no field of that name."""

MAX_NAME = 64
"""The longest name of a function that every model provider accepts."""

MAX_DESCRIPTION = 1024
"""The longest description of a function that Chat Completions accepts."""


class Source(ABC):
    """Makes the parts of a spec that cost something, each when it is first asked for."""

    @property
    @abstractmethod
    def input_schema(self) -> Schema:
        """The JSON Schema of the arguments."""

    @property
    @abstractmethod
    def output_schema(self) -> Schema:
        """The JSON Schema of the output."""

    @property
    @abstractmethod
    def places(self) -> tuple[Place, ...]:
        """Where each field travels."""

    @property
    @abstractmethod
    def tool(self) -> type[Tool[Any]]:
        """The class of the tool."""

    @property
    @abstractmethod
    def output(self) -> type[Output]:
        """The class of its output."""

    def inline_input(self) -> dict[str, Any]:
        """Return a schema of the arguments for models; a copy.

        It has no reference, no null beside what may be left out, and patterns and counts that grammars hold.
        """
        from .schemas.for_grammars import for_grammars
        from .schemas.traversal import inlined, without_null_properties

        return for_grammars(without_null_properties(inlined(self.input_schema)))

    def inline_texts(self) -> tuple[str, str]:
        """Return the schemas of `inline_input` and `inline_output` as JSON."""
        return json.dumps(self.inline_input()), json.dumps(self.inline_output())

    def inline_output(self) -> dict[str, Any]:
        """Return a schema of the output with no reference; a copy."""
        from .schemas.traversal import inlined

        return inlined(self.output_schema)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Source):
            return NotImplemented
        return self is other or (
            self.places == other.places
            and self.input_schema == other.input_schema
            and self.output_schema == other.output_schema
        )


@dataclass(frozen=True)
class Spec:
    """The description of a tool that interfaces, exporters and documents read."""

    name: str
    title: str
    summary: str
    description: str
    resource: str
    keywords: tuple[str, ...] = field(repr=False)
    """What people say who want it, for searches."""
    version: str
    effect: Effect
    route: Route | None
    scope: str = field(repr=False)
    """What the key must be one of: an `organization`, an `enterprise`, or the workers of `outposts`."""
    permission: str
    beta: bool
    is_one_request: bool
    """Whether the request of `route` alone does what the tool promises."""
    user_only: frozenset[str]
    """The fields that only a person may fill."""
    missing_from_models: tuple[str, ...] = field(repr=False)
    """The required ones among them: with any, the tool is offered to no model."""
    comma_lists: frozenset[str] = field(repr=False)
    """The fields that take a list as text with commas too, as no item can hold one."""
    times: frozenset[str] = field(repr=False)
    """The fields in Unix seconds that take a day, or a date and time, as text too."""
    answer_names: Mapping[str, str] = field(repr=False, hash=False)
    """The fields of the output that the API's answer has under another name, with that name."""
    from_flow: frozenset[str] = field(repr=False)
    """The fields of the output that no answer of the API holds."""
    paging: Paging | None
    examples: tuple[Mapping[str, Any], ...] = field(repr=False, hash=False)
    module: str = field(repr=False)
    """The module that declares it."""
    class_name: str = field(repr=False)
    """The qualified name of its class there."""
    source: Source = field(repr=False, hash=False)
    is_chosen: bool = field(default=False, compare=False)
    """Whether a person chose it, by a preset or by its name."""

    def chosen(self) -> Spec:
        """Return it as a tool that a person chose."""
        other = copy(self)  # which costs less than `replace`, as lists of tools are made of this
        object.__setattr__(other, "is_chosen", True)
        return other

    @property
    def id(self) -> str:
        """The id of the tool, as calls by name have it: another word for `name`."""
        return self.name

    @property
    def places(self) -> tuple[Place, ...]:
        """Where each field travels."""
        return self.source.places

    @property
    def scope_names(self) -> tuple[str, ...]:
        """The placeholders of its path that the client fills from its settings: no field has their name."""
        if self.route is None:
            return ()
        fields = {place.field for place in self.places}
        return tuple(name for name in self.route.placeholders if name in SCOPE_NAMES - fields)

    @property
    def input_schema(self) -> Schema:
        """The JSON Schema of the arguments; shared, so that exporters copy it."""
        return self.source.input_schema

    @property
    def output_schema(self) -> Schema:
        """The JSON Schema of the output; shared, so that exporters copy it."""
        return self.source.output_schema

    @property
    def tool(self) -> type[Tool[Any]]:
        """The class, to validate and run calls; imported when first asked for, and never to describe."""
        return self.source.tool

    @property
    def output(self) -> type[Output]:
        """The class of the output; imported as `tool` is."""
        return self.source.output

    @property
    def is_standing(self) -> bool:
        """Whether calls can make what starts sessions by itself from then on."""
        return self.effect.spending is not None and self.effect.spending.starts == "standing"


def __getattr__(name: str) -> Any:
    return moved_name(__name__, name)
