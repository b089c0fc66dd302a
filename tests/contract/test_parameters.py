"""What each tool takes, and what the document says that the operation takes: names and bounds."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any

from contract.differences import Differences
from contract.document import Document, Operation, forms_of
from openapi_spec_validator import validate
from support.paths import TESTS
from support.tools import routed

from devin_tools import Spec

OPERATIONS = TESTS / "data" / "operations.csv"
BOUNDS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems",
    "maxItems", "pattern", "enum", "default", "type",
)  # fmt: skip


def ours(spec: Spec, *where: str) -> dict[str, str]:
    """Return the fields that travel beside the path by their names on the wire."""
    return {place.wire: place.field for place in spec.places if place.where in (where or ("query", "body"))}


def takes_null(schema: Mapping[str, Any]) -> bool:
    return {"type": "null"} in schema.get("anyOf", [])


def test_the_document_is_an_openapi_document(document: Document) -> None:
    for each in (document, *document.others):
        validate(each.raw)


def test_every_tool_is_in_the_document(document: Document) -> None:
    """But those that no document has, as the table of operations says."""
    with OPERATIONS.open(encoding="utf-8", newline="") as file:
        has_schema = {row["tool"]: row["schema"] == "yes" for row in csv.DictReader(file)}
    found = Differences("operations")
    for spec in routed():
        if has_schema[spec.name] and document.of_spec(spec) is None:
            found.note(spec.route, "is not in the document")
    found.check()


def pairs(document: Document) -> Iterator[tuple[Spec, Operation]]:
    for spec in routed():
        if (operation := document.of_spec(spec)) is not None:
            yield spec, operation


def test_parameters_have_the_same_names_both_ways(document: Document) -> None:
    found = Differences("names")
    for spec, operation in pairs(document):
        mine, theirs = ours(spec).keys(), operation.properties.keys()
        found.note_all(operation, (f"{name} is not taken by the tool" for name in sorted(theirs - mine)))
        found.note_all(operation, (f"{name} is not in the document" for name in sorted(mine - theirs)))
        needs = {wire for wire, field in ours(spec).items() if field in spec.input_schema.get("required", ())}
        found.note_all(operation, (f"{name} is required" for name in sorted(operation.required - needs)))
        found.note_all(operation, (f"{name} is not required" for name in sorted(needs - operation.required)))
    found.check()


def test_parameters_have_the_same_bounds(document: Document) -> None:
    found = Differences("bounds")
    for spec, operation in pairs(document):
        for wire, field in ours(spec).items():
            if (theirs := operation.properties.get(wire)) is not None:
                mine = spec.input_schema["properties"][field]
                found.note_all(operation, differing(wire, theirs, mine))
                if wire in ours(spec, "body") and takes_null(mine) and not takes_null(theirs):
                    found.note(operation, f"{wire} may be null")
    found.check()


def differing(wire: str, theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Iterator[str]:
    """Say which bounds of one parameter are not the same."""
    for bound in BOUNDS:
        one, other = stated(theirs, bound), stated(mine, bound)
        if one != other:
            told = "stated" if isinstance(one, list) else one
            yield f"{wire} {bound}: theirs {told}, ours {'stated' if isinstance(other, list) else other}"


def stated(schema: Mapping[str, Any], bound: str) -> Any:
    return next((form[bound] for form in [*forms_of(schema), schema] if bound in form), None)
