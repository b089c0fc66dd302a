"""What a client is shown of the tools that it may call: all of them, or few and how to find the others.

It is made once, of what is offered, and stays the same while a server runs: the protocol of 2026-07-28
forbids that a list varies by what a connection did.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Literal, get_args

from ..errors import UsageError
from ..export.providers.payloads import mcp, mcp_json
from ..search.offer import Offer
from ..spec import Spec
from ..text.suggestions import one_of
from .instructions import instructions

__all__ = ["LISTINGS", "Listing", "ListingName", "estimated_tokens", "kind_of"]

ListingName = Literal["auto", "full", "core"]
LISTINGS: tuple[ListingName, ...] = get_args(ListingName)

MOST_TOOLS, MOST_TOKENS = 30, 10_000
"""What `auto` lists in full at most: both hold."""

CHARACTERS_PER_TOKEN = 3.4
"""Of the JSON of our lists. With the tokens of OpenAI's o200k there are 3.4 to 3.8, so that this counts a
little too many; other models' tokens may be shorter."""


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a list takes, without a tokenizer: rather too many than too few."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


def kind_of(name: ListingName, specs: list[Spec]) -> Literal["full", "core"]:
    """Return whether a listing of these tools is full: `auto` is while they are few and their list is short.

    The list is counted without output schemas, as hardly any client shows them to its model: to ask for them
    hides no tool. Raises `UsageError` for a name that no listing has.
    """
    if name not in LISTINGS:
        raise UsageError("No listing has this name.", hint=one_of(str(name), LISTINGS, "listings"))
    if name != "auto":
        return name
    is_short = len(specs) <= MOST_TOOLS and estimated_tokens(mcp_json(specs)) <= MOST_TOKENS
    return "full" if is_short else "core"


class Listing:
    """The tools as clients are shown them, with the instructions that go with them.

    `specs` are all that may be called. In the kind `core` those of the preset `core` are listed, and then the
    tools that find and call the others.
    """

    def __init__(
        self,
        specs: Iterable[Spec],
        kind: Literal["full", "core"],
        *,
        output_schemas: bool = False,
        wait_seconds: float | None = None,
        is_read_only: bool = False,
    ):
        every = list(specs)
        self.kind = kind
        self.offer = Offer(every, loaded="core" if kind == "core" else every)
        self.tools = self.offer.listed if kind == "core" else every
        """What is listed, in its order."""
        self.meta = frozenset(spec.name for spec in self.offer.meta) if kind == "core" else frozenset()
        """The names of the tools that find and call others, among what is listed."""
        self._output_schemas = output_schemas
        self._wait_seconds = wait_seconds
        self._is_read_only = is_read_only

    @cached_property
    def instructions(self) -> str:
        """The instructions that a client gets when it connects."""
        return instructions(self.offer, is_found=bool(self.meta), wait_seconds=self._wait_seconds,
                            is_read_only=self._is_read_only)  # fmt: skip

    @cached_property
    def as_json(self) -> str:
        """The list as JSON, with no schema parsed that an index has as text."""
        return mcp_json(self.tools, output_schemas=self._output_schemas)

    @cached_property
    def as_wire(self) -> list[dict[str, Any]]:
        """The list as data."""
        return mcp(self.tools, output_schemas=self._output_schemas)

    @property
    def always_seen(self) -> str:
        """All that a model sees before it calls anything: the instructions and the list."""
        return f"{self.instructions}\n{self.as_json}"
