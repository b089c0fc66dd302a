"""What was not offered is not run, whatever the door; what was offered runs there.

How each provider's call is answered, see `tests/unit/test_dispatch.py`; how each framework takes a name
that it was not given, see `tests/external/adapters`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from support.laws import for_every
from support.served_apps import ask, simulated
from support.tools import built_in

from devin_tools import AsyncClient, Catalog, Client, Settings, Simulator, Toolbox
from devin_tools.adapters.function import functions
from devin_tools.dispatch import dispatch
from devin_tools.errors import UnknownTool
from devin_tools.mcp import Service
from devin_tools.model_input import for_models
from devin_tools.presets import PRESETS, chosen

CHOICES: dict[str, dict[str, Any]] = {
    **{name: {"preset": name} for name in ("core", "observe", "operate")},
    "names": {"tools": ["devin_get_self", "devin_list_*"]},
    "both": {"preset": "core", "tools": "devin_get_self"},
}
"""Choices that all hold something that `GetSelf` or a list can be asked of."""

Answers = list[str]
Door = Callable[[Simulator, dict[str, Any], Iterable[str]], Answers]


def offered_by(choice: dict[str, Any]) -> set[str]:
    return {spec.name for spec in for_models(chosen(built_in(), **choice))}


def client_of(simulator: Simulator) -> Client:
    return Client(**simulator.connection(), guards=())


def by_dispatch(simulator: Simulator, choice: dict[str, Any], names: Iterable[str]) -> Answers:
    with client_of(simulator) as client:
        offer = {"catalog": built_in()} | choice
        return [dispatch(client, asked(name), **offer)["content"] for name in names]


def by_toolbox(simulator: Simulator, choice: dict[str, Any], names: Iterable[str]) -> Answers:
    box = Toolbox(**choice, catalog=built_in())
    with client_of(simulator) as client:
        return [box.dispatch(client, asked(name))["content"] for name in names]


def by_adapter(simulator: Simulator, choice: dict[str, Any], names: Iterable[str]) -> Answers:
    with client_of(simulator) as client:
        specs = chosen(built_in(), **choice)
        bound = {function.name: function for function in functions(client, None, specs)}
        answers = []
        for name in names:
            try:
                run = bound[name].run if name in bound else next(iter(bound.values()))._catalog.spec
                answers.append(json.dumps(run({} if name in bound else name)))
            except UnknownTool as error:
                answers.append(json.dumps({"error": error.as_dict()}))
    return answers


def by_mcp(simulator: Simulator, choice: dict[str, Any], names: Iterable[str]) -> Answers:
    reached = simulator.connection()

    def connect(settings: Settings) -> AsyncClient:
        return AsyncClient(settings, transport=reached["transport"], clock=reached["clock"], guards=())

    async def go() -> Answers:
        settings = Settings(api_key=reached["api_key"], org_id=reached["org_id"])
        service = Service(built_in(), settings, connect, **choice)
        answers = []
        for name in names:
            params = SimpleNamespace(name=name, arguments={})
            exchange: Any = SimpleNamespace(params=params, key=None)
            answers.append((await service.call_tool(exchange))["content"][0]["text"])
        await service.aclose()
        return answers

    return asyncio.run(go())


def asked(name: str) -> dict[str, Any]:
    return {"type": "tool_use", "id": "1", "name": name, "input": {}}


DOORS: list[Door] = [by_dispatch, by_toolbox, by_adapter, by_mcp]


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
@pytest.mark.parametrize("door", DOORS)
def test_what_a_choice_leaves_out_is_run_by_no_door(
    simulator: Simulator, door: Door, choice: dict[str, Any]
) -> None:
    """Every tool that there is, those too that only a person may call."""
    every, offered = set(built_in().specs), offered_by(choice)
    outside = sorted(every - offered)
    for name, answer in zip(outside, door(simulator, choice, outside), strict=True):
        assert json.loads(answer)["error"]["kind"] == "unknown_tool", name
        assert every.intersection(re.findall(r"devin_\w+", answer)) <= offered | {name}
    assert simulator.requests == []


@for_every("door, choice", lambda: product(DOORS, CHOICES.values()))
def test_what_it_takes_is_run(simulator: Simulator, door: Door, choice: dict[str, Any]) -> None:
    inside = sorted(offered_by(choice) & {"devin_get_self", "devin_list_sessions"})
    assert inside
    for answer in door(simulator, choice, inside):
        assert "error" not in json.loads(answer)
    assert simulator.requests


@for_every("choice", lambda: CHOICES.values())
def test_a_server_refuses_what_it_was_not_to_offer_and_tells_of_no_other_tool(
    simulator: Simulator, choice: dict[str, Any]
) -> None:
    app = simulated(simulator, catalog=built_in(), **choice)
    assert ask(app, "devin_delete_playbook", {"playbook_id": "1"}).status_code == 403
    unknown = ask(app, "devin_delete_playbok", {})
    assert (unknown.status_code, unknown.json()["error"]["kind"]) == (404, "unknown_tool")
    assert "devin_delete_playbook" not in unknown.text
    assert simulator.requests == []


def test_an_empty_catalog_offers_nothing_rather_than_everything(simulator: Simulator) -> None:
    for empty in ({"catalog": Catalog()}, {"catalog": built_in(), "tools": []}):
        app = simulated(simulator, **empty)
        assert ask(app, "/openapi.json").json()["paths"] == {}
        assert ask(app, "devin_get_self", {}).status_code in (403, 404)
    assert simulator.requests == []


def test_no_preset_but_those_that_say_so_holds_what_destroys() -> None:
    destroys = {
        name: {spec.name for spec in chosen(built_in(), name) if spec.effect.kind == "destroy"}
        for name in PRESETS
    }
    assert {name for name, found in destroys.items() if found} == {"operate", "automate", "administer"}
    assert destroys["operate"] == {"devin_terminate_session"}


@for_every("name", lambda: PRESETS)
def test_a_preset_with_a_composed_tool_has_what_that_is_made_of(name: str) -> None:
    """Else a model would do under one name what was left out under another."""
    found = chosen(built_in(), name)
    composed = [spec for spec in found if spec.route is None]
    if any(spec.effect.is_billable for spec in composed):
        assert "devin_create_session" in {spec.name for spec in found}
    if name in ("observe", "audit"):
        assert all(spec.effect.only_reads for spec in composed)
    destroying = {spec.name for spec in composed if spec.effect.kind == "destroy"}
    assert destroying == ({"devin_rotate_key_into_file"} if name == "administer" else set())


def test_what_is_denied_is_done_under_no_name(simulator: Simulator) -> None:
    settings = {"denied_tools": ("devin_create_session",)}
    with Client(**simulator.connection(), **settings, guards=()) as client:
        asked = {"type": "tool_use", "id": "1", "name": "devin_run_task", "input": {"prompt": "x"}}
        said = dispatch(client, asked, catalog=built_in(), tools=["devin_run_task"])
    assert json.loads(said["content"])["error"]["details"][0]["rule"] == "denied_tools"
    assert not simulator.world.sessions
