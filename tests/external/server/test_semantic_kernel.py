"""semantic-kernel loads the OpenAPI document of the server, and calls its tools: `nox -s semantic-kernel`."""

from __future__ import annotations

from external.server.importers.seeing import fillable, offered, seen_by


def test_semantic_kernel_loads_and_calls_every_tool():
    seen, specs = seen_by("semantic-kernel"), offered()
    functions = {item["name"].removeprefix("devin-"): item for item in seen["functions"]}
    assert {name: set(item["parameters"]["properties"]) for name, item in functions.items()} == {
        name: fillable(name) for name in specs
    }
    assert {name: item["description"] for name, item in functions.items()} == {
        name: spec.summary for name, spec in specs.items()
    }
    limit = functions["devin_list_sessions"]["parameters"]["properties"]["limit"]
    assert (limit["minimum"], limit["maximum"], limit["type"]) == (1, 200, "integer")
    assert seen["myself"]["principal_type"] == "service_user"
    assert seen["created"]["tags"][:2] == ["a", "b"]
    assert seen["waited"]["resume_with"]["name"] == "devin_wait_session"
    assert seen["faults"] == [True, True]
