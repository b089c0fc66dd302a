"""A tool that needs what only a person may fill is offered to no model, whatever the way to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner
from support.laws import for_every
from support.lint_own import MADE
from support.odd_tools import StoreKey
from support.tools import built_in

from devin_tools import Catalog, Client, Settings, Simulator, describe
from devin_tools.adapters.function import functions
from devin_tools.api import GetSelf, GetSession
from devin_tools.cli import cli
from devin_tools.dispatch import dispatch
from devin_tools.errors import Refused
from devin_tools.export.manifest import manifest_files
from devin_tools.export.openapi import openapi_of
from devin_tools.lint import judge, read_folder
from devin_tools.model_input import call_from_model, for_a_model, for_models
from devin_tools.presets import narrowed, offered

STORE, GET = describe(StoreKey), describe(GetSession)
CATALOG = Catalog(specs={spec.name: spec for spec in (STORE, GET, describe(GetSelf))})
GIVEN = {"label": "staging", "value": "cog_canary"}

PAYLOADS: dict[str, Callable[[list[Any]], Any]] = {
    **MADE,
    "openapi": lambda specs: openapi_of(specs)["paths"],
    "openapi of a server": lambda specs: openapi_of(list(offered(CATALOG, Settings()).values()))["paths"],
    "mcp server": lambda specs: list(offered(CATALOG, Settings())),
    "adapters": lambda specs: [function.name for function in functions(simulated_client(), None, specs)],
}


@cache
def simulated_client() -> Client:
    return Client(**Simulator(seed=1).connection())


@for_every("way, offer", PAYLOADS.items)
def test_no_way_offers_it(way: str, offer: Callable[[list[Any]], Any]) -> None:
    shown = json.dumps(offer(list(CATALOG)))
    assert "devin_get_session" in shown
    assert "devin_store_key" not in shown
    assert json.dumps(offer(for_models(CATALOG))) == shown


def formats_for_models() -> list[str]:
    exporters = built_in().exporters
    return [name for name, one in exporters.items() if name != "manifest" and not one.is_folder]


@for_every("format", formats_for_models)
def test_no_exported_file_for_models_speaks_of_it(format: str) -> None:
    files = built_in().exporters[format].files(list(CATALOG))
    assert "devin_get_session" in "".join(files.values())
    assert "devin_store_key" not in "".join(files.values())


def test_its_manifest_is_there_for_builders_and_says_who_fills_what() -> None:
    manifest = json.loads(manifest_files([STORE])["devin_store_key.json"])
    assert manifest["visibility"] == {"label": "llm", "value": "user"}
    assert manifest["input"]["required"] == ["label", "value"]


def test_the_linter_judges_its_manifest_by_what_a_model_would_see() -> None:
    [tools] = read_folder(manifest_files([STORE])).lists
    assert tools[0].schema["required"] == ["label"]
    assert [finding.rule for finding in judge(tools) if finding.severity != "note"] == []


def test_a_model_that_calls_it_all_the_same_is_refused_and_told_who_can() -> None:
    with pytest.raises(Refused, match="devin_store_key is offered to no model: only a person") as caught:
        call_from_model(CATALOG, "devin_store_key", GIVEN)
    assert caught.value.details == ({"path": "value", "reason": "only a person may fill this"},)
    assert "devin-tools call devin_store_key" in caught.value.hint
    simulator = Simulator(seed=1)
    asked = {"type": "tool_use", "id": "1", "name": "devin_store_key", "input": GIVEN}
    with Client(**simulator.connection(), guards=()) as client:
        answer = dispatch(client, asked, catalog=CATALOG)
    assert answer["is_error"] and json.loads(answer["content"])["error"]["kind"] == "refused"
    assert "canary" not in answer["content"]
    assert simulator.requests == []


def test_a_person_can_call_it() -> None:
    call = CATALOG.call("devin_store_key", GIVEN)
    assert isinstance(call, StoreKey)
    assert call.value.get_secret_value() == "cog_canary"


def test_naming_it_for_a_server_is_refused_rather_than_left_out_in_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(Refused, match="devin_store_key is offered to no model"):
        narrowed(CATALOG, Settings(), include=["devin_store_key"])
    assert for_a_model(GET) is GET
    monkeypatch.setattr("devin_tools.catalog.load_catalog", lambda *_: CATALOG)
    got = CliRunner().invoke(cli, ["--simulate", "serve", "--no-auth", "--tools", "devin_store_key"])
    assert (got.exit_code, "Traceback" in got.output) != (0, True)
    assert "devin_store_key is offered to no model" in got.stderr
