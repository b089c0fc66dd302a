"""What our client sends and the simulator answers: examples, the fewest arguments, and random ones."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from contract.differences import Differences
from contract.document import Document, Operation, forms_of, problems
from contract.made import many
from support.calls import calls
from support.fresh_worlds import fresh_world
from support.furnished import about
from support.tools import routed

from devin_tools import Client, Simulator, Spec
from devin_tools.api import (
    CreateSession,
    GenerateSessionInsights,
    GetRepositoryIndexing,
    GetSession,
    GetSessionInsights,
    IndexRepository,
    ListKnowledgeNotes,
    ListPlaybooks,
    ListSchedules,
    ListSecrets,
    ListSessionInsights,
    ListSessions,
)
from devin_tools.errors import DevinToolsError, UnexpectedResponse

RANDOM = 12
"""How many random calls of each tool are made."""
GENERAL = (401, 403, 404, 409, 422, 429)
"""What any operation may answer."""
WRAPPERS = ("items", "indexing_status")
"""What holds a thing of the same kind as others answer by itself."""
SCHEMA = {"type": "object", "properties": {"cause": {"type": "string"}}}
MOMENTS = (1, 60, 3_600)


class Watched(httpx.BaseTransport):
    """Holds each request and each answer against the document."""

    def __init__(self, document: Document, inner: httpx.BaseTransport):
        self.document, self.inner = document, inner
        self.requests, self.answers = Differences("requests"), Differences("answers")
        self.checked = 0
        self.seen: dict[str, dict[str, bool]] = defaultdict(dict)
        """Of each resource: the fields of its answers, and whether one had ever a value."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Note what differs, and pass it on."""
        path, _, query = request.url.raw_path.decode().partition("?")
        operation = self.document.of_request(request.method, path)
        content = request.read()
        answer = self.inner.handle_request(request)
        answer.read()
        if operation is not None:
            self.checked += 1
            self.requests.note_all(operation, wrong_in_path(operation, path))
            self.requests.note_all(operation, wrong_in_query(operation, query))
            self.requests.note_all(operation, wrong_in_body(operation, request, content))
            self.answers.note_all(operation, wrong_in_answer(operation, answer))
            if answer.is_success and operation.success is not None:
                look(operation.success, answer.json(), self.seen[operation.resource])
        return answer


def wrong_in_path(operation: Operation, path: str) -> Iterator[str]:
    match = operation.pattern.fullmatch(path)
    if match and not match.groupdict().get("devin_id", "devin-").startswith("devin-"):
        yield "path devin_id has no prefix"


def wrong_in_query(operation: Operation, query: str) -> Iterator[str]:
    sent: dict[str, list[str]] = defaultdict(list)
    for name, text in parse_qsl(query, keep_blank_values=True):
        sent[name].append(text)
    yield from (f"query {name} is missing" for name in operation.required_query - sent.keys())
    for name, texts in sent.items():
        schema = operation.query.get(name)
        if schema is None:
            yield f"query {name} is not in the document"
        elif any(form.get("type") == "array" for form in forms_of(schema)):
            yield from (f"query {name}: {problem}" for problem in problems(schema, texts))
        else:
            is_text = any(form.get("type") == "string" for form in forms_of(schema))
            value = texts[-1] if is_text else value_of(texts[-1])
            yield from (f"query {name}: {problem}" for problem in problems(schema, value))


def value_of(text: str) -> Any:
    """Read a number or a truth value as a server does."""
    with suppress(ValueError):
        return json.loads(text) if re.fullmatch(r"-?\d+|true|false", text) else text
    return text


def wrong_in_body(operation: Operation, request: httpx.Request, content: bytes) -> Iterator[str]:
    if operation.body is None:
        if content and "multipart" not in request.headers.get("content-type", ""):
            yield "there is a body"
        return
    if request.headers.get("content-type") != "application/json":
        yield "the body is not said to be JSON"
    body = json.loads(content)
    yield from (f"body: {problem}" for problem in problems(operation.body, body))
    yield from (f"body: {name} is not in the document" for name in unknown(operation.body, body))


def wrong_in_answer(operation: Operation, answer: httpx.Response) -> Iterator[str]:
    if answer.is_redirect:
        return
    if str(answer.status_code) in operation.bare and not answer.content:
        return
    schema = operation.answers.get(str(answer.status_code))
    if schema is None:
        if answer.status_code in GENERAL and not any(status.startswith("4") for status in operation.answers):
            return  # this operation documents no refusal at all
        yield f"{answer.status_code} is not in the document"
        return
    value = answer.json()
    yield from (f"{answer.status_code}: {problem}" for problem in problems(schema, value))
    more = unknown(schema, value)
    yield from (f"{answer.status_code}: {name} is not in the document" for name in more)


def unknown(schema: Mapping[str, Any], value: Any, at: str = "") -> Iterator[str]:
    """Return the places of keys that no alternative of a schema has."""
    for form in forms_of(schema):
        if isinstance(value, dict) and "properties" in form:
            if len(forms_of(schema)) > 1 and any(True for _ in problems(form, value)):
                continue
            for name, part in value.items():
                if name in form["properties"]:
                    yield from unknown(form["properties"][name], part, f"{at}{name}.")
                elif "additionalProperties" not in form:
                    yield f"{at}{name}"
        if isinstance(value, list) and "items" in form:
            for part in value:
                yield from unknown(form["items"], part, at)


def look(schema: Mapping[str, Any], value: Any, seen: dict[str, bool], at: str = "") -> None:
    """Note the fields of a schema, and which of them have a value in an answer."""
    for form in forms_of(schema):
        if isinstance(value, dict):
            for name, part in form.get("properties", {}).items():
                seen[f"{at}{name}"] = seen.get(f"{at}{name}", False) or value.get(name) is not None
                look(part, value.get(name), seen, at if name in WRAPPERS else f"{at}{name}.")
        for row in value if isinstance(value, list) else ():
            look(form.get("items", {}), row, seen, at)


def arguments(spec: Spec, names: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the examples and, of each, what is required; then random ones about things that are there."""
    required = spec.input_schema.get("required", ())
    for example in spec.examples:
        yield about(spec, example, names)
        yield about(spec, {name: example[name] for name in required}, names)
    if "limit" in spec.input_schema["properties"]:
        yield about(spec, {name: spec.examples[0][name] for name in required} | {"limit": 1}, names)
    ids = {place.field for place in spec.places if place.where in ("path", "file") and place.field in names}
    for call in many(calls(spec.tool), RANDOM):
        values = {name: getattr(call, name) for name in call.model_fields_set}
        yield values | {name: names.get(f"{spec.name}.{name}", names[name]) for name in ids & values.keys()}


def exchange(watched: Watched, spec: Spec, simulator: Simulator, given: Mapping[str, Any]) -> None:
    options = simulator.connection() | {"transport": watched}
    with Client(**options, max_tries=1) as client:
        try:
            client.run(spec.tool.model_validate(given))
        except UnexpectedResponse as error:
            watched.answers.note(spec.route, f"is not understood: {error.details}")
        except DevinToolsError:  # refused, here or there: both are held against the document
            pass


def lives(watched: Watched, simulator: Simulator) -> None:
    """Let a session of each scenario live, and look at the lists now and then."""
    with Client(**simulator.connection() | {"transport": watched}) as client:
        for scenario in simulator.SCENARIOS:
            call = CreateSession(prompt=f"Fix it. #simulate:{scenario}", structured_output_schema=SCHEMA)
            client.run(call)
        client.run(IndexRepository(repository_path="acme/shop"))
        for seconds in MOMENTS:
            simulator.clock.step(seconds)
            for session in client.run(ListSessions()).sessions:
                client.run(GetSession(session_id=session.session_id))
                client.run(GetSessionInsights(session_id=session.session_id))
                client.run(GenerateSessionInsights(session_id=session.session_id))
            client.run(ListSessionInsights())
        indexing = GetRepositoryIndexing(repository_path="acme/shop")
        for call in (ListKnowledgeNotes(), ListPlaybooks(), ListSchedules(), ListSecrets(), indexing):
            client.run(call)


def test_exchanges(document: Document, folder_for_files: Path) -> None:
    simulator = Simulator(sessions=12)
    watched = Watched(document, simulator.transport())
    lives(watched, simulator)
    for spec in routed():
        simulator, names = fresh_world()
        watched.inner = simulator.transport()
        for given in arguments(spec, names):
            exchange(watched, spec, simulator, given)
    assert watched.checked > 10 * sum(document.of_spec(spec) is not None for spec in routed())
    watched.requests.check()
    watched.answers.check()
    unseen = Differences("unseen")
    for resource, fields in watched.seen.items():
        unseen.note_all(resource, (name for name, has_value in fields.items() if not has_value))
    unseen.check()


def test_refusals_are_as_documented(document: Document) -> None:
    simulator, _ = fresh_world()
    watched = Watched(document, simulator.transport())
    found = watched.answers = Differences("refusals")
    json_type = {"content-type": "application/json"}
    wrong = [
        ({}, b""),
        ({"authorization": "Bearer apk_x"}, b""),
        (json_type, b"{"),
        (json_type, b"[]"),
        (json_type, b"{}"),
    ]
    for spec in routed():
        assert spec.route is not None
        path = spec.route.template.replace("{org_id}", simulator.world.org_id).replace(
            "{repository_path}", "a/b"
        )
        path = re.sub(r"{\w+}", "devin-0", path)
        for headers, content in wrong:
            request = httpx.Request(
                spec.route.method,
                f"https://api.devin.ai{path}",
                headers={"authorization": "Bearer cog_x"} | headers,
                content=content,
            )
            answer = simulator.transport().handle_request(request)
            answer.read()
            operation = document.of_spec(spec)
            if operation is not None and not answer.is_success:
                found.note_all(operation, wrong_in_answer(operation, answer))
    found.check()
