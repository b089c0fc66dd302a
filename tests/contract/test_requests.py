"""What the simulator answers to random requests that fit the document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx
from contract.differences import Differences
from contract.document import Document, Operation
from contract.made import fitting, many
from contract.test_exchanges import wrong_in_answer
from hypothesis import strategies as st
from support.fresh_worlds import fresh_world
from support.furnished import about
from support.tools import routed

from devin_tools import Simulator, Spec
from devin_tools.codec import encode

RANDOM = 15
"""How many random requests of each operation are made."""


def path_of(spec: Spec, names: Mapping[str, Any], simulator: Simulator) -> str:
    """Return a path to what is there."""
    assert spec.route is not None
    call = spec.tool.model_validate(about(spec, spec.examples[0], names))
    return encode(spec.route, call).path.replace("{org_id}", simulator.world.org_id)


def queries(operation: Operation) -> st.SearchStrategy[dict[str, Any]]:
    parts = {name: fitting(schema) for name, schema in operation.query.items()}
    needed = {name: part for name, part in parts.items() if name in operation.required_query}
    return st.fixed_dictionaries(
        needed, optional={name: part for name, part in parts.items() if name not in needed}
    ).map(lambda query: {name: value for name, value in query.items() if value is not None})


def test_requests_that_fit_are_answered(document: Document) -> None:
    found = Differences("fitting")
    for spec in routed():
        operation = document.of_spec(spec)
        if operation is None or any(place.where == "file" for place in spec.places):
            continue
        simulator, names = fresh_world()
        url = f"https://api.devin.ai{path_of(spec, names, simulator)}"
        bodies = st.none() if operation.body is None else fitting(operation.body)
        for query, body in many(st.tuples(queries(operation), bodies), RANDOM):
            request = httpx.Request(operation.method, url, params=query, json=body)
            request.headers["authorization"] = "Bearer cog_any"
            try:
                answer = simulator.transport().handle_request(request)
                answer.read()
            except Exception as error:
                found.note(
                    operation, f"{type(error).__name__} in the simulator: {re.sub('[0-9]+', 'N', str(error))}"
                )
                continue
            found.note_all(operation, wrong_in_answer(operation, answer))
            if answer.status_code == 422:
                reasons = answer.json().get("errors") or [{"loc": ["body"]}]
                found.note_all(operation, {f"422 for {reason['loc'][:2][-1]}" for reason in reasons})
    found.check()
