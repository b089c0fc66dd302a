"""The API's own responses, as packs that call it directly pass them on. Pure."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from ...schemas.traversal import Schema, transform
from ...spec import Spec
from ..providers.variants import output

ABRIDGED = "left_out"
"""The field that abridged outputs have, at any depth; no response of the API is abridged."""

LISTS = ("items", "data")
"""What the API calls the list that an answer is about."""


@dataclass(frozen=True, slots=True)
class ResponseList:
    """A list that is what an answer is about."""

    field: str
    """Its name in the output."""

    wire: str
    """Its name in the answer, where the answer is not the bare list itself."""


def response_list(spec: Spec) -> ResponseList | None:
    """Find the list of a tool of one request whose answer is about one, in pages or whole."""
    if not spec.is_one_request:
        return None
    if spec.paging is not None:
        return ResponseList(spec.paging.items, spec.paging.wire_items)
    found = [(name, answered) for name, answered in spec.answer_names.items() if answered in LISTS]
    return ResponseList(*found[0]) if found else None


def response_schema(spec: Spec, added: Set[str] = frozenset()) -> Schema:
    """Return the schema of an output without what a flow adds, where one request is all that there is.

    `added` names what of it the pack adds by itself.
    """
    schema = output(spec)
    if not spec.is_one_request:
        return schema
    return _without(transform(schema, lambda node: _without(node, {ABRIDGED})), spec.from_flow - added)


def _without(node: Schema, names: Set[str]) -> Schema:
    if "properties" not in node:
        return node
    kept = {name: part for name, part in node["properties"].items() if name not in names}
    return node | {"properties": kept}
