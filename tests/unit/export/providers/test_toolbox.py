"""What a toolbox offers is what it runs, in every provider's form."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from support.laws import for_every
from support.tools import built_in

from devin_tools import AsyncClient, Client, Simulator, Toolbox
from devin_tools.api import GetSelf, GetSession
from devin_tools.dispatch import dispatch
from devin_tools.errors import Refused, UsageError
from devin_tools.export.providers import payloads
from devin_tools.presets import chosen

PROVIDERS = (
    "openai_chat",
    "openai_responses",
    "anthropic",
    "gemini",
    "gemini_interactions",
    "bedrock",
    "mcp",
)


def asked(name: str, arguments: Any = None) -> dict[str, Any]:
    return {"type": "tool_use", "id": "1", "name": name, "input": arguments or {}}


def box(*tools: Any, **options: Any) -> Toolbox:
    return Toolbox(*tools, **{"catalog": built_in()} | options)


@for_every("provider", lambda: PROVIDERS)
def test_its_payloads_are_those_of_its_choice(provider: str) -> None:
    expected = getattr(payloads, provider)(chosen(built_in(), "core", tools=[GetSelf]))
    both = box(GetSelf, preset="core")
    assert getattr(both, provider)() == getattr(payloads, provider)(both) == expected


def test_its_options_are_those_of_the_payloads() -> None:
    core = box("core")
    for provider in ("openai_chat", "openai_responses", "anthropic"):
        assert getattr(core, provider)(strict=True) == getattr(payloads, provider)(core, strict=True)
    assert core.gemini(json_schema=True) == payloads.gemini(core, json_schema=True)
    assert core.mcp(output_schemas=False) == payloads.mcp(core, output_schemas=False)


def test_it_runs_what_it_offers_and_nothing_else(simulator: Simulator) -> None:
    observing = box(preset="observe", exclude=[GetSession])
    assert "devin_get_session" not in observing and "devin_get_self" in observing
    assert len(observing) == len(list(observing)) == len(observing.names)
    with Client(**simulator.connection(), guards=()) as client:
        for name in ("devin_get_session", "devin_create_session", "devin_terminate_session"):
            said = observing.dispatch(client, asked(name, {"session_id": "1", "prompt": "x"}))
            assert json.loads(said["content"])["error"]["kind"] == "unknown_tool"
        assert simulator.requests == []
        assert not observing.dispatch(client, asked("devin_get_self"))["is_error"]
        assert not dispatch(client, asked("devin_get_self"), tools=observing)["is_error"]


def test_it_does_so_on_an_event_loop(simulator: Simulator) -> None:
    async def go() -> list[bool]:
        async with AsyncClient(**simulator.connection(), guards=()) as client:
            calls = [asked("devin_get_self"), asked("devin_list_sessions")]
            said = [await box("devin_get_self").adispatch(client, call) for call in calls]
            return [one["is_error"] for one in said]

    assert asyncio.run(go()) == [False, True]


def test_consent_is_a_call_s_own(simulator: Simulator) -> None:
    create = asked("devin_create_session", {"prompt": "x"})
    with Client(**simulator.connection(), guards=(), confirm=True) as client:
        assert box("core").dispatch(client, create)["is_error"]
        assert not box("core").dispatch(client, create, confirm=True)["is_error"]


def test_names_that_a_prefix_leaves_no_room_for_are_shortened_both_ways(simulator: Simulator) -> None:
    short = box("observe", prefix="p" * 50)
    names = [tool["name"] for tool in short.anthropic()]
    assert names == short.names and max(map(len, names)) <= 14
    with Client(**simulator.connection(), guards=()) as client:
        [name] = [name for name, spec in zip(names, short, strict=True) if spec.name == "devin_list_sessions"]
        assert name != "devin_list_sessions"
        assert not short.dispatch(client, asked(name))["is_error"]


def test_it_is_made_of_a_choice_that_somebody_made() -> None:
    with pytest.raises(UsageError, match="Nothing says which tools") as caught:
        Toolbox()
    assert "core" in caught.value.hint
    assert len(box([])) == 0 and box([]).openai_chat() == []
    assert "devin_create_secret" not in box(tools="*")
    assert "devin_create_schedule" in box(tools="*")
    assert "devin_create_schedule" not in box(built_in())
    with pytest.raises(Refused):
        box("devin_create_secret")
    assert repr(box([GetSelf])) == "Toolbox(devin_get_self)"
