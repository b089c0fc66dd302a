"""The Dify plugin has every tool and every field, with what only a person may fill kept from models."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from support.builder_forms import with_odd
from support.laws import for_every
from support.packs import pack, pack_with_odd
from support.tools import built_in

from devin_tools import Client, Settings, Simulator, Spec
from devin_tools.adapters import dify
from devin_tools.adapters import shared_clients as connections
from devin_tools.export.builders.dify import MAX_SECONDS
from devin_tools.export.builders.dify.form import TAKEN
from devin_tools.export.builders.fields import fields_of
from devin_tools.version import __version__

TYPES = {"string", "number", "boolean", "select", "secret-input", "array", "object", "any"}
YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

ACCOUNTS = count()
"""Each test has an account of its own, and so clients of its own."""


def files() -> Mapping[str, str]:
    return pack_with_odd("dify")


def names(suffix: str) -> list[str]:
    return [name for name in files() if name.endswith(suffix)]


@cache
def listed() -> frozenset[str]:
    """Return the files of the tools that the provider names."""
    return frozenset(json.loads(files()["provider/devin.yaml"])["tools"])


def tool(spec: Spec) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files()[f"tools/{spec.name}.yaml"])
    return read


def parameter(name: str, field: str) -> dict[str, Any]:
    parameters = tool(built_in().spec(name))["parameters"]
    return next(one for one in parameters if one["name"] == field)


@for_every("name", lambda: names(".yaml"))
def test_json_is_the_same_as_yaml(name: str) -> None:
    assert yaml.load(files()[name], YAML) == json.loads(files()[name])


@for_every("name", lambda: names(".py"))
def test_the_sources_compile(name: str) -> None:
    compile(files()[name], name, "exec")


@for_every("spec", with_odd)
def test_every_tool_is_there_with_a_source_that_names_it(spec: Spec) -> None:
    assert tool(spec)["extra"]["python"]["source"] == f"tools/{spec.name}.py"
    assert f"tools/{spec.name}.yaml" in listed()
    tree = ast.parse(files()[f"tools/{spec.name}.py"])
    [called] = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert ast.unparse(called) == f"messages(self, '{spec.name}', tool_parameters)"


@for_every("spec", with_odd)
def test_every_field_is_a_parameter(spec: Spec) -> None:
    parameters = {one["name"]: one for one in tool(spec)["parameters"]}
    asked = {"devin_confirm"} if spec.effect.needs_consent else set()
    assert parameters.keys() == spec.tool.model_fields.keys() | asked
    for field in fields_of(spec):
        told = parameters[field.name]
        assert told["type"] in TYPES
        assert told["required"] is field.is_required
        assert told["form"] == ("form" if field.is_user_only else "llm")
        assert ("llm_description" in told) is not field.is_user_only
        assert (told["type"] == "secret-input") is field.is_secret
        assert "default" not in told  # what is left out is not sent


def test_parameters_are_typed() -> None:
    limit = parameter("devin_list_sessions", "limit")
    assert (limit["type"], limit["min"], limit["max"], limit["precision"]) == ("number", 1, 200, 0)
    flag = parameter("devin_create_session", "resumable")
    assert (flag["type"], [one["value"] for one in flag["options"]]) == ("select", ["true", "false"])
    assert parameter("devin_create_session", "tags")["input_schema"]["items"]["type"] == "string"
    assert parameter("devin_create_session", "structured_output_schema")["type"] == "object"
    assert parameter("devin_fan_out", "items")["type"] == "array"
    assert parameter("devin_create_session", "session_secrets")["form"] == "form"


@for_every("spec", with_odd)
def test_variables_are_of_one_type_each(spec: Spec) -> None:
    schema = tool(spec)["output_schema"]
    assert schema["properties"].keys() == spec.output_schema["properties"].keys() - TAKEN

    def walk(node: dict[str, Any]) -> None:
        assert isinstance(node["type"], str)
        assert node.keys() <= {"type", "description", "items", "properties"}
        for part in (*node.get("properties", {}).values(), *([node["items"]] if "items" in node else ())):
            walk(part)

    walk(schema)


def test_the_plugin_pins_this_package_and_names_what_else_it_needs() -> None:
    lines = files()["requirements.txt"].splitlines()
    assert f"devin-tools=={__version__}" in lines
    assert "# and the package that brings the module support" in lines
    assert "#" not in pack("dify")["requirements.txt"]


def test_no_file_has_a_key() -> None:
    keyless = {name: text.replace("cog_...", "") for name, text in files().items()}
    assert [name for name, text in keyless.items() if "cog_" in text] == []
    assert {"PRIVACY.md", "README.md", "_assets/icon.svg", "main.py", "manifest.yaml"} <= files().keys()


@pytest.mark.parametrize(("asked", "got"), [(None, MAX_SECONDS * 0.8), (7200, MAX_SECONDS * 0.8), (3, 3)])
def test_a_wait_ends_before_dify_would_end_it(
    asked: float | None, got: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []

    def run(call: Any, *, confirm: bool) -> Any:
        calls.append(call)
        return SimpleNamespace(model_dump=lambda mode: {})

    monkeypatch.setattr(dify, "client_of", lambda settings: SimpleNamespace(run=run))
    invoked({}, "devin_wait_session", session_id="devin-" + "0" * 32, max_seconds=asked)
    assert [call.max_seconds for call in calls] == [got]


@pytest.fixture
def account(made: list[Client]) -> dict[str, Any]:
    return {"api_key": f"cog_any{next(ACCOUNTS)}", "org_id": Simulator(seed=1).world.org_id}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Client]]:
    """Let the clients that nodes share speak to a simulator, and note each that is made."""
    transport, made = Simulator(seed=1).connection()["transport"], list[Client]()

    def client(settings: Settings) -> Client:
        made.append(Client(settings, transport=transport))
        return made[-1]

    monkeypatch.setattr(connections, "Client", client)
    yield made
    for one in made:
        one.close()


def invoked(account: dict[str, Any], name: str, **parameters: Any) -> list[Any]:
    """Run a tool as Dify's SDK does, whose messages are pairs here."""
    tool: Any = SimpleNamespace(
        runtime=SimpleNamespace(credentials=account),
        create_json_message=lambda value: ("json", value),
        create_variable_message=lambda key, value: (key, value),
    )
    return list(dify.messages(tool, name, parameters))


def test_an_output_is_given_whole_and_in_parts(account: dict[str, Any]) -> None:
    whole, *parts = invoked(account, "devin_create_session", prompt="Go.", tags=["a"], title="")
    assert whole[0] == "json"
    assert dict(parts) == whole[1]
    assert whole[1]["title"] is None
    _, *parts = invoked(account, "devin_list_session_attachments", session_id=whole[1]["session_id"])
    assert "attachments" in dict(parts)


def test_nodes_of_one_account_share_a_client(
    account: dict[str, Any], made: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVIN_MAX_SESSIONS", "1")
    invoked(account, "devin_create_session", prompt="One.")
    with pytest.raises(ValueError, match="it may start no more"):
        invoked(account, "devin_create_session", prompt="Two.")
    assert len(made) == 1


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"prompt": "Go.", "max_acu_limit": -987}, "max_acu_limit: Input should be greater"),
        ({"prompt": "Go.", "structured_output_schema": "{987"}, "structured_output_schema must be JSON"),
        ({}, "prompt: Field required"),
    ],
)
def test_a_refusal_is_words(account: dict[str, Any], parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        invoked(account, "devin_create_session", **parameters)
    assert "987" not in str(caught.value)
