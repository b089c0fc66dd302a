"""The OpenAPI document of a server tells of the paths for events when it takes them, and answers fit it."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support.events_in import Told, posted, receiving, signed, within
from support.tools import built_in

from devin_tools import Settings, Simulator
from devin_tools.server import create_app
from devin_tools.server.webhooks import HOOK_PATHS


def document(app: Any) -> dict[str, Any]:
    found: dict[str, Any] = within(app, lambda client: client.get("/openapi.json")).json()
    return found


def schema(whole: dict[str, Any], path: str, status: int) -> dict[str, Any]:
    content = whole["paths"][path]["post"]["responses"][str(status)]["content"]["application/json"]
    return whole["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]


@pytest.mark.parametrize("path", HOOK_PATHS)
def test_answers_are_as_the_document_says(path: str) -> None:
    app = receiving(Simulator(seed=1, catalog=built_in()), Told())
    whole = document(app)
    requests = [
        signed(),
        signed({"no": "alert"}),
        signed(b"{"),
        {"content": b"{}", "headers": {}},
        signed(b'{"x": "' + b"x" * 20_000_000 + b'"}'),
    ]
    answers = posted(app, *requests, path=path)
    assert [answer.status_code for answer in answers] == [200, 400, 400, 401, 413]
    for answer in answers:
        Draft202012Validator(schema(whole, path, answer.status_code)).validate(answer.json())


def test_without_secrets_the_document_asks_for_none() -> None:
    whole = document(receiving(Simulator(seed=1, catalog=built_in()), Told(), secrets=None))
    for path in HOOK_PATHS:
        operation = whole["paths"][path]["post"]
        assert operation["security"] == [] and "401" not in operation["responses"]


def test_a_server_without_rules_tells_of_no_events() -> None:
    reached = Simulator(seed=1, catalog=built_in()).connection()
    settings = Settings(api_key=reached["api_key"], org_id=reached["org_id"])
    app = create_app(settings, token=None, transport=reached["transport"], guards=())
    assert not {*HOOK_PATHS} & document(app)["paths"].keys()
