"""`export sim`: Sim's own eleven tools as Sim has them, every other tool in the same form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest
from support.laws import for_every
from support.odd_tools import FindLinks, FindMany, FindOdd, FindTree, StoreKey
from support.packs import pack
from support.sim_table import BLOCK, CALLS, RESPONSES, TOOLS, expected
from support.sim_templates import exported, output_by_template, request_by_template
from support.tools import each_kind, tools

from devin_tools import Spec, describe
from devin_tools.api import CreateSession
from devin_tools.errors import InvalidArguments
from devin_tools.export.builders.sim import sim_files
from devin_tools.export.builders.sim.params import arguments_from, fields_for_sim, param_of

SENT = [case for case in CALLS if expected(case) and case.get("differs") != "more-parameters"]

OUTPUT_TYPES = {"string", "number", "boolean", "json", "file", "file[]", "array", "object"}
SUB_BLOCK_TYPES = {"short-input", "long-input", "dropdown", "combobox", "code"}

every_tool_of_sim = for_every("name", lambda: TOOLS)


def odd() -> list[Spec]:
    return [describe(tool) for tool in (FindOdd, FindTree, FindLinks, FindMany, StoreKey)]


@cache
def our_block() -> dict[str, Any]:
    block: dict[str, Any] = json.loads(pack("sim")["block.json"])
    return block


def without_descriptions(node: Any) -> Any:
    if isinstance(node, list):
        return [without_descriptions(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_descriptions(part)
        for key, part in node.items()
        if not isinstance(part, str) or key != "description"
    }


@every_tool_of_sim
def test_params_and_outputs_equal_those_of_sim(name: str) -> None:
    sims, ours = TOOLS[name], exported()[name]
    for part in ("id", "name", "version", "params", "outputs"):
        assert json.dumps(without_descriptions(ours[part])) == json.dumps(without_descriptions(sims[part]))


@for_every("case", lambda: SENT)
def test_the_template_makes_the_request_that_sim_sends(case: dict[str, Any]) -> None:
    """For all that the dialect sends: what it refuses, a builder has no way to refuse by a template alone."""
    params = case["params"]
    if "terminateArchive" in params and case["tool"] == "devin_terminate_session":
        params = params | {"archive": params["terminateArchive"]}
    assert request_by_template(exported()[case["tool"]], params) == expected(case)


@for_every("case", lambda: RESPONSES)
def test_the_template_makes_the_output_that_sim_makes(case: dict[str, Any]) -> None:
    output = output_by_template(exported()[case["tool"]], case["body"])
    assert json.dumps(output) == json.dumps(case["output"])


@for_every("spec", tools)
def test_every_tool_is_there_with_all_its_fields(spec: Spec) -> None:
    tool = exported()[spec.name]
    fields = {param_of(field.name): field for field in fields_for_sim(spec)}
    accounts = {"apiKey", "orgId", "serverUrl", "serverToken"} & (tool["params"].keys() - fields.keys())
    shown = tool["params"].keys() - accounts
    assert accounts and shown <= fields.keys()
    if spec.name not in TOOLS:
        assert shown == {name for name, field in fields.items() if field.where != "nowhere"}
    for name, param in tool["params"].items():
        assert param["description"] and param["visibility"] in ("user-only", "user-or-llm")
        is_for_people = name in accounts or fields[name].is_user_only or fields[name].is_secret
        assert (param["visibility"] == "user-only") == is_for_people
    assert our_block()["tools"]["config"]["tool"][spec.name.removeprefix("devin_")] == spec.name


@for_every("spec", tools)
def test_a_tool_goes_to_the_api_when_one_request_does_it_and_else_to_a_tool_server(spec: Spec) -> None:
    url = exported()[spec.name]["request"]["url"]
    assert url.startswith("https://api.devin.ai/" if spec.is_one_request else "{serverUrl}/tools/devin_")


def types_in(outputs: dict[str, Any]) -> set[str]:
    inner = [
        part.get("properties") or part.get("items", {}).get("properties", {}) for part in outputs.values()
    ]
    return {part["type"] for part in outputs.values()} | {kind for each in inner for kind in types_in(each)}


@pytest.mark.parametrize("made", [lambda: pack("sim"), lambda: sim_files(odd())], ids=["own", "odd"])
def test_all_types_are_types_of_sim(made: Callable[[], Mapping[str, str]]) -> None:
    files = {name: json.loads(text) for name, text in made().items()}
    for name, tool in files.items():
        if name.startswith("tools/"):
            assert types_in(tool["outputs"]) <= OUTPUT_TYPES
            assert {p["type"] for p in tool["params"].values()} <= {
                "string",
                "number",
                "boolean",
                "json",
                "array",
            }
    block = files["block.json"]
    assert {sub["type"] for sub in block["subBlocks"]} <= SUB_BLOCK_TYPES
    assert {part["type"] for part in block["outputs"].values()} <= {
        "string",
        "number",
        "boolean",
        "json",
        "any",
    }


def shows(block: dict[str, Any], operation: str) -> dict[str, dict[str, Any]]:
    """Return the inputs that a block shows for an operation, by their ids."""
    return {sub["id"]: sub for sub in block["subBlocks"] if holds(sub.get("condition"), operation)}


def holds(condition: Any, operation: str) -> bool:
    if condition is None or isinstance(condition, bool):
        return condition is not False
    value = condition["value"]
    return ((operation in value) if isinstance(value, list) else operation == value) != condition.get(
        "not", False
    )


@every_tool_of_sim
def test_the_block_asks_for_what_sims_block_asks_for(name: str) -> None:
    operation = name.removeprefix("devin_")
    sims, ours = shows(BLOCK, operation), shows(our_block(), operation)
    assert ours.keys() == sims.keys()
    for key, sub in sims.items():
        mine = ours[key]
        for part in ("type", "mode", "password"):
            assert mine.get(part) == sub.get(part), (key, part)
        needs = "required" in sub and holds(sub["required"], operation)
        assert ("required" in mine and holds(mine["required"], operation)) == needs
        if key == "terminateArchive":
            assert (mine["options"], mine["defaultValue"]) == (sub["options"], sub["value"])


@every_tool_of_sim
def test_the_block_gives_what_sims_block_gives(name: str) -> None:
    operation = name.removeprefix("devin_")

    def given(block: dict[str, Any]) -> dict[str, str]:
        return {
            key: part["type"]
            for key, part in block["outputs"].items()
            if holds(part.get("condition"), operation)
        }

    assert given(our_block()) == given(BLOCK)


def test_the_block_lists_sims_operations_first() -> None:
    ours = [option["id"] for option in our_block()["subBlocks"][0]["options"]]
    sims = [option["id"] for option in BLOCK["subBlocks"][0]["options"]]
    assert ours[: len(sims)] == sims and len(ours) == len(tools()) == len(set(ours))
    assert our_block()["tools"]["access"][: len(sims)] == BLOCK["access"]
    for part in ("type", "authMode", "category"):
        assert our_block()[part] == BLOCK[part]
    for name in BLOCK["inputs"]:
        assert our_block()["inputs"][name]["type"] == BLOCK["inputs"][name]["type"]


def test_every_input_becomes_the_parameter_of_its_tools() -> None:
    ours = our_block()
    passed = ours["tools"]["config"]["params"]
    assert len({sub["id"] for sub in ours["subBlocks"]}) == len(ours["subBlocks"])
    for operation, name in ours["tools"]["config"]["tool"].items():
        asked = shows(ours, operation).keys() - {"operation"}
        inputs = [passed.get(key, {}).get("param", key) for key in asked]
        assert sorted(inputs) == sorted(exported()[name]["params"]), name


def test_a_tool_of_a_plugin_appears_in_all_of_it() -> None:
    files = {name: json.loads(text) for name, text in sim_files([*each_kind(), *odd()]).items()}
    for spec in odd():
        assert files[f"tools/{spec.name}.json"]["id"] == spec.name
        assert f"tools/{spec.name}.json" in files["index.json"]["tools"]
        assert spec.name in files["block.json"]["tools"]["access"]


def test_sims_tools_stay_as_they_are_whatever_is_beside_them() -> None:
    """A shared input of another tool must neither hide nor demand what Sim's own tools ask for."""
    few = [spec for spec in tools() if spec.name in TOOLS]
    alone = {name: text for name, text in sim_files(few).items() if name.startswith("tools/")}
    assert alone == {name: text for name, text in pack("sim").items() if name in alone}
    block = json.loads(sim_files(few)["block.json"])
    for name in TOOLS:
        operation = name.removeprefix("devin_")
        assert list(shows(block, operation)) == list(shows(our_block(), operation))


def test_no_file_holds_a_key_and_every_input_says_what_it_is_for() -> None:
    assert re.findall(r"cog_[A-Za-z0-9]", json.dumps(dict(pack("sim")))) == []
    assert all(sub.get("placeholder") for sub in our_block()["subBlocks"] if sub["id"] != "operation")


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("prompt", {"prompt": "<agent.content>"}),
        ("prompt", {"prompt": " {{CANARY}} "}),
        ("prompt", {"prompt": "[object Object]"}),
        ("tags", {"prompt": "x", "tags": "bug, <start.input.tags>"}),
        ("tags", {"prompt": "x", "tags": ["bug", "{{CANARY}}"]}),
        ("max_acu_limit", {"prompt": "x", "maxAcuLimit": "<loop.results[0].limit>"}),
        ("structured_output_schema", {"prompt": "x", "structuredOutputSchema": "<agent.schema>"}),
        ("session_secrets", {"prompt": "x", "sessionSecrets": '[{"key": "a", "value": "{{CANARY}}"}]'}),
        ("session_secrets", {"prompt": "x", "sessionSecrets": [{"key": "a", "value": "<start.CANARY>"}]}),
    ],
)
def test_a_reference_that_sim_did_not_resolve_stops_the_call(name: str, params: dict[str, Any]) -> None:
    with pytest.raises(InvalidArguments, match="was not resolved") as caught:
        arguments_from(describe(CreateSession), params)
    assert name in str(caught.value) and "CANARY" not in str(caught.value)


def test_text_with_signs_of_a_reference_in_it_is_text() -> None:
    for prompt in ("Write to <john@x.example>.", "Use {{ name }} in the template.", "a < b.c > d", "<div>"):
        assert arguments_from(describe(CreateSession), {"prompt": prompt}) == {"prompt": prompt}
