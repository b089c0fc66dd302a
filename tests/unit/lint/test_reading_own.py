"""The linter finds the faults that public lists of tools are known for, and none in this package's own.

All exports of all tools are judged in tests/process/lint/test_own.py.
"""

from __future__ import annotations

from functools import cache

import pytest
from support.laws import for_every
from support.paths import DATA
from support.tools import built_in, each_kind

from devin_tools import Catalog, Output, Tool, describe
from devin_tools.lint import Listed, judge, own_lists, read_file
from devin_tools.model_input import for_models
from devin_tools.tool import WRITE, Spending
from devin_tools.wire import POST

FIXTURES = DATA / "lint_lists"
OF_OURS = ("TOOL_COUNT", "TOKEN_BUDGET", "OUTPUT_BUDGET")  # the whole pack: who offers it chooses from it

KNOWN = {
    ("appstoreconnect.json", None, ""): {
        ("PROP_KEYS", '$.tools[0].inputSchema.properties["filter[bundleId]"]'),
        ("PROP_KEYS", '$.tools[0].inputSchema.properties["filter[name]"]'),
        ("PROP_KEYS", '$.tools[1].inputSchema.properties["filter[platforms]"]'),
        ("PROP_KEYS", '$.tools[1].inputSchema.properties["exists[parent]"]'),
    },
    ("promptfoo_5ire.json", None, ""): {
        ("NO_ADDITIONAL", "$[0].functionDeclarations[0].parameters.additionalProperties"),
        ("KEYWORDS", '$[0].functionDeclarations[0].parameters["$schema"]'),
        (
            "NO_ADDITIONAL",
            "$[0].functionDeclarations[1].parameters.properties.edits.items.additionalProperties",
        ),
    },
    ("zed.json", None, ""): {
        ("NO_TYPE_LIST", "$.tools[0].functionDeclarations[0].parameters.properties.offset.type"),
        ("NO_TYPE_LIST", "$.tools[0].functionDeclarations[1].parameters.properties.assignee.type"),
        ("NO_TYPE_LIST", "$.tools[0].functionDeclarations[1].parameters.properties.labels.items.type"),
    },
    ("n8n.json", None, ""): {
        ("NO_EMPTY_OBJECT", "$[0].functionDeclarations[0].parameters"),
        ("NO_EMPTY_OBJECT", "$[0].functionDeclarations[1].parameters.properties.payload"),
        ("FORMATS", "$[0].functionDeclarations[1].parameters.properties.address.format"),
    },
    ("composio.json", None, ""): {("ROOT_OBJECT", "$[0].function.parameters.type")},
    ("composio.json", "anthropic", ""): {
        ("ROOT_OBJECT", "$[0].function.parameters.type"),
        ("PROP_KEYS", '$[1].function.parameters.properties["$top"]'),
        ("PROP_KEYS", '$[1].function.parameters.properties["@microsoft.graph.conflictBehavior"]'),
    },
    ("long_names.json", None, ""): set(),
    ("long_names.json", None, "mcp__tooluniverse__"): {("NAME_LEN", "$.result.tools[0].name")},
}


def few(most: int = 5) -> Catalog:
    """Return the built-in formats with a few tools that have most of what a tool can have."""
    specs = {spec.name: spec for spec in each_kind()[:most]}
    return Catalog(specs=specs, exporters=dict(built_in().exporters))


@cache
def few_lists() -> list[list[Listed]]:
    return own_lists(few())


@cache
def mcp_list() -> list[Listed]:
    """Return all tools of ours as an MCP server offers them, with output schemas."""
    exporters = {"mcp": built_in().exporters["mcp"]}
    _, whole = own_lists(Catalog(specs=built_in().specs, exporters=exporters))
    assert all("outputSchema" in tool.body for tool in whole)
    return whole


@pytest.mark.parametrize(("file", "provider", "prefix"), KNOWN)
def test_known_faults_are_found_and_nothing_else_is_called_an_error(file, provider, prefix):
    tools = read_file((FIXTURES / file).read_text(encoding="utf-8"), file)
    findings = judge(tools, provider=provider, prefix=prefix)
    errors = {(finding.rule, finding.path) for finding in findings if finding.severity == "error"}
    assert errors == KNOWN[file, provider, prefix]


@for_every("path", lambda: sorted(FIXTURES.glob("*.json")))
def test_every_fixture_says_where_its_fault_was_reported(path):
    readme = (FIXTURES / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith(f"| `{path.name}` |"))
    assert "https://github.com/" in row
    assert path.name in {file for file, _, _ in KNOWN}


@pytest.mark.parametrize("prefix", ["", "mcp__devin__"])
def test_our_own_exports_have_no_fault(prefix):
    findings = [finding for tools in few_lists() for finding in judge(tools, prefix=prefix, ignore=OF_OURS)]
    assert [str(finding) for finding in findings if finding.severity != "note"] == []
    assert len(findings) == len(few_lists())


def test_no_tool_of_ours_has_a_fault():
    findings = judge(mcp_list(), ignore=OF_OURS)
    assert [str(finding) for finding in findings if finding.severity != "note"] == []
    assert {tool.name for tool in mcp_list()} == {spec.name for spec in for_models(built_in())}


def test_our_own_exports_cover_every_provider():
    forms = {tool.form for tools in few_lists() for tool in tools}
    assert forms == {
        "openai-chat", "openai-responses", "anthropic", "gemini", "gemini-json", "bedrock", "mcp",
        "manifest",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("provider", "forms"),
    [
        ("gemini", {"gemini", "gemini-json"}),
        ("openai-strict", {"openai-chat", "openai-responses"}),
        ("mcp", {"mcp", "manifest"}),
    ],
)
def test_a_provider_chooses_its_own_exports(provider, forms):
    lists = own_lists(few(2), provider)
    assert {tool.form for tools in lists for tool in tools} == forms


def test_without_formats_for_providers_the_manifests_are_judged():
    catalog = few()
    catalog.exporters = {"manifest": catalog.exporters["manifest"]}
    (tools,) = own_lists(catalog)
    assert {tool.form for tool in tools} == {"manifest"}
    assert len(tools) == len(catalog)
    assert [str(finding) for finding in judge(tools, ignore=OF_OURS) if finding.severity != "note"] == []


class Begun(Output):
    """What was begun."""


class BeginQuietly(Tool[Begun]):
    """Begin a session, and say nothing of it."""

    route = POST("/v3/organizations/{org_id}/sessions")

    prompt: str
    """The task."""

    max_acu_limit: int | None = None
    """The most ACUs."""


class BeginDaily(Tool[Begun]):
    """Begin a session each day, and say half of it."""

    route = POST("/v3/organizations/{org_id}/days")
    effect = WRITE.billable(Spending(starts="standing"))

    frequency: str
    """When."""

    max_acu_limit: int | None = None
    """The most ACUs."""


def test_a_plugin_s_tool_that_does_not_say_what_it_spends_is_found():
    specs = [built_in().spec("devin_create_session"), describe(BeginQuietly), describe(BeginDaily)]
    catalog = Catalog({spec.name: spec for spec in specs}, exporters=dict(built_in().exporters))
    findings = {finding for tools in own_lists(catalog) for finding in judge(tools)}
    assert {
        (finding.tool, finding.rule, finding.detail) for finding in findings if "SPENDING" in finding.rule
    } == {
        (
            "devin_begin_quietly",
            "SPENDING_DECLARED",
            "it sends what devin_create_session sends, which spends ACUs",
        ),
        (
            "devin_begin_quietly",
            "SPENDING_DECLARED",
            "it takes a limit of ACUs, and says that it spends none",
        ),
        (
            "devin_begin_daily",
            "SPENDING_COMPLETE",
            "the limit of ACUs is not named, which max_acu_limit seems to hold",
        ),
        (
            "devin_begin_daily",
            "SPENDING_COMPLETE",
            "when sessions start by themselves is not named, which frequency seems to hold",
        ),
    }


def test_the_prefix_of_a_plugin_leaves_our_longest_names_no_room_and_aliases_are_offered():
    findings = judge(mcp_list(), prefix="mcp__plugin_devin-tools_devin-tools__")
    long = {finding.tool: finding.detail for finding in findings if finding.rule == "NAME_LEN"}
    assert "devin_list_session_attachments" in long
    assert "67 characters with the prefix" in long["devin_list_session_attachments"]
    assert all("would fit" in detail for detail in long.values())
