"""What the suite itself would find, in a document of one operation. It needs no file."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from contract.differences import Differences
from contract.document import Document, Operation, problems
from contract.made import fitting, many
from contract.test_exchanges import look, unknown, wrong_in_answer, wrong_in_query
from contract.test_parameters import differing

YAML = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /v3/organizations/{org_id}/things:
    parameters: [{in: path, name: org_id, required: true, schema: {type: string}}]
    get:
      parameters:
        - {in: query, name: first, required: true, schema: {type: integer, maximum: 5}}
        - in: query
          name: qs
          schema: {type: object, properties: {tags: {type: array, items: {type: string}}}}
      responses:
        "200": {description: "-", content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
components:
  schemas:
    Thing:
      type: object
      required: [id]
      properties:
        id: {type: string}
        when: {anyOf: [{type: string, format: date-time}, {type: "null"}]}
        part: {$ref: "#/components/schemas/Thing"}
"""


@pytest.fixture
def operation(tmp_path: Path) -> Operation:
    file = tmp_path / "document.yaml"
    file.write_text(YAML, encoding="utf-8")
    found = Document.read(file).of_request("GET", "/v3/organizations/org-1/things")
    assert found is not None and found.success is not None
    return found


def test_a_query_is_held_against_its_schema(operation: Operation) -> None:
    assert list(wrong_in_query(operation, "first=5&tags=a&tags=b")) == []
    assert list(wrong_in_query(operation, "first=6&more=1")) == [
        "query first: it breaks maximum",
        "query more is not in the document",
    ]
    assert list(wrong_in_query(operation, "")) == ["query first is missing"]


def test_an_answer_is_held_against_its_schema(operation: Operation) -> None:
    def found(status: int, value: object) -> list[str]:
        return list(wrong_in_answer(operation, httpx.Response(status, json=value)))

    assert found(200, {"id": "a", "when": "2026-01-01T00:00:00Z", "part": {"id": "b"}}) == []
    assert found(200, {"id": 1, "odd": 2}) == ["200: id breaks type", "200: odd is not in the document"]
    assert found(418, {}) == ["418 is not in the document"]


def test_random_answers_fit_and_show_every_field(operation: Operation) -> None:
    schema, seen = operation.success or {}, dict[str, bool]()
    for value in many(fitting(schema), 40):
        assert list(problems(schema, value)) == list(unknown(schema, value)) == []
        look(schema, value, seen)
    assert seen["id"] and seen["when"] and seen["part"]


def test_a_bound_that_differs_is_told() -> None:
    theirs = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert list(differing("a", theirs, {"type": "string"})) == []
    assert list(differing("a", theirs, {"type": "string", "minLength": 1})) == [
        "a minLength: theirs None, ours 1"
    ]


def test_a_difference_is_new_and_a_row_for_nothing_is_gone() -> None:
    found = Differences("unseen")
    found.note("somewhere", "something")
    with pytest.raises(pytest.fail.Exception, match="new: somewhere: something") as caught:
        found.check()
    assert "gone, take it out of the table: self: *" in str(caught.value)
