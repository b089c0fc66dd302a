"""What our models make of random answers that fit the document, and of what a later document may add."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from contract.differences import Differences
from contract.document import Document, Operation
from contract.made import fitting, many
from support.furnished import about
from support.tools import routed

from devin_tools import Client, Spec
from devin_tools.errors import DevinToolsError

HERE = {"path": "note.txt", "value": "a secret"}
"""What examples speak of that is on nobody's machine."""

RANDOM = 25
"""How many random answers of each operation are read."""


def grown(value: Any) -> Any:
    """Add to each object a key that nobody knows."""
    if isinstance(value, dict):
        return {name: grown(part) for name, part in value.items()} | {"brand_new": {"a": [1]}}
    return [grown(part) for part in value] if isinstance(value, list) else value


def answered(document: Document) -> Iterator[tuple[Spec, Operation]]:
    for spec in routed():
        operation = document.of_spec(spec)
        if operation is not None and operation.success is not None:
            yield spec, operation


def read(spec: Spec, answer: Any) -> Iterator[str]:
    """Return why a call fails that gets this answer."""
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
    with Client(api_key="cog_x", org_id="org-1", transport=transport, max_tries=1) as client:
        try:
            client.run(spec.tool.model_validate(about(spec, spec.examples[0], HERE)))
        except DevinToolsError as error:
            place = error.details[0]["path"] if error.details else error
            yield f"{type(error).__name__}: {place}"


def test_answers_that_fit_are_read(document: Document, folder_for_files: Path) -> None:
    found = Differences("models")
    for spec, operation in answered(document):
        for answer in many(fitting(operation.success or {}), RANDOM):
            found.note_all(operation, read(spec, answer))
            found.note_all(operation, (f"with more keys: {text}" for text in read(spec, grown(answer))))
    found.check()
