"""The Dify plugin has every tool and every field, with what only a person may fill kept from models."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from support.builder_forms import ODD, SPECS

from devin_tools import Simulator, Spec, load_catalog
from devin_tools.adapters import connections, dify
from devin_tools.export.dify import MAX_SECONDS, dify_files
from devin_tools.export.dify.form import TAKEN
from devin_tools.export.fields import fields_of
from devin_tools.version import __version__

FILES = dify_files([*SPECS, *ODD])
TYPES = {"string", "number", "boolean", "select", "secret-input", "array", "object", "any"}
every_tool = pytest.mark.parametrize("spec", [*SPECS, *ODD], ids=lambda spec: spec.name)


def tool(spec: Spec) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(FILES[f"tools/{spec.name}.yaml"])
    return read


def parameter(name: str, field: str) -> dict[str, Any]:
    parameters = tool(load_catalog(plugins=()).spec(name))["parameters"]
    return next(one for one in parameters if one["name"] == field)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".yaml")])
def test_json_is_the_same_as_yaml(name: str) -> None:
    assert yaml.safe_load(FILES[name]) == json.loads(FILES[name])


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".py")])
def test_the_sources_compile(name: str) -> None:
    compile(FILES[name], name, "exec")


@every_tool
def test_every_tool_is_there_with_a_source_that_names_it(spec: Spec) -> None:
    assert tool(spec)["extra"]["python"]["source"] == f"tools/{spec.name}.py"
    assert f"tools/{spec.name}.yaml" in json.loads(FILES["provider/devin.yaml"])["tools"]
    tree = ast.parse(FILES[f"tools/{spec.name}.py"])
    [called] = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert ast.unparse(called) == f"messages(self, '{spec.name}', tool_parameters)"


@every_tool
def test_every_field_is_a_parameter(spec: Spec) -> None:
    parameters = {one["name"]: one for one in tool(spec)["parameters"]}
    consent = spec.effect.is_billable or spec.effect.kind == "destroy"
    assert parameters.keys() == spec.tool.model_fields.keys() | ({"devin_confirm"} if consent else set())
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


@every_tool
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
    lines = FILES["requirements.txt"].splitlines()
    assert f"devin-tools=={__version__}" in lines
    assert "# and the package that brings the module support" in lines
    assert "#" not in dify_files(SPECS)["requirements.txt"]


def test_no_file_has_a_key() -> None:
    keyless = {name: text.replace("cog_...", "") for name, text in FILES.items()}
    assert [name for name, text in keyless.items() if "cog_" in text] == []
    assert {"PRIVACY.md", "README.md", "_assets/icon.svg", "main.py", "manifest.yaml"} <= FILES.keys()


@pytest.mark.parametrize(("asked", "got"), [(None, MAX_SECONDS * 0.8), (7200, MAX_SECONDS * 0.8), (3, 3)])
def test_a_wait_ends_before_dify_would_end_it(asked: float | None, got: float) -> None:
    spec = load_catalog(plugins=()).spec("devin_wait_session")
    call = dify._call(spec, {"session_id": "devin-" + "0" * 32, "max_seconds": asked})
    assert call.max_seconds == got


@pytest.fixture
def account() -> Iterator[dict[str, Any]]:
    simulator = Simulator(seed=1)
    with simulator.serve() as server:
        yield {"api_key": "cog_any", "org_id": simulator.world.org_id, "base_url": server.url}
    while connections._clients:
        connections._clients.popitem()[1].close()


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
    account: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVIN_MAX_SESSIONS", "1")
    invoked(account, "devin_create_session", prompt="One.")
    with pytest.raises(ValueError, match="it may start no more"):
        invoked(account, "devin_create_session", prompt="Two.")
    assert len(connections._clients) == 1


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
