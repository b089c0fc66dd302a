"""fastmcp loads the OpenAPI document of the server, and calls its tools: `nox -s fastmcp`."""

from __future__ import annotations

from external.server.importers.seeing import fillable, offered, seen_by


def test_fastmcp_loads_and_calls_every_tool():
    seen, specs = seen_by("fastmcp"), offered()
    assert set(seen["inputs"]) == set(specs)
    assert {name: set(schema["properties"]) for name, schema in seen["inputs"].items()} == {
        name: fillable(name) for name in specs
    }
    assert seen["has_output"] == sorted(specs)
    assert seen["descriptions"] == {name: spec.description for name, spec in specs.items()}
    limit = seen["inputs"]["devin_list_sessions"]["properties"]["limit"]
    assert (limit["minimum"], limit["maximum"], limit["type"]) == (1, 200, "integer")
    assert seen["myself"]["principal_type"] == "service_user"
    assert seen["created"]["creation"] == "created"
    assert seen["waited"]["resume_with"]["name"] == "devin_wait_session"
    for (is_error, text), kind in zip(seen["faults"], ["invalid_arguments", "not_found"], strict=True):
        assert is_error
        assert kind in text
        assert "canary" not in text
