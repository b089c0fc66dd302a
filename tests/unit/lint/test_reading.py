"""Any provider's list is recognised; anything else is refused in one sentence."""

from __future__ import annotations

import json

import pytest
from support.laws import for_every
from support.tools import built_in, each_kind

from devin_tools import UsageError
from devin_tools.export.manifest import manifest_files
from devin_tools.lint import judge, read_file, read_folder, read_tools
from devin_tools.lint.finding import json_path

SCHEMA = {"type": "object", "properties": {"q": {"type": "string"}}}
MCP = {"name": "a", "description": "A.", "inputSchema": SCHEMA}
CHAT = {"type": "function", "function": {"name": "a", "parameters": SCHEMA}}
RESPONSES = {"type": "function", "name": "a", "parameters": SCHEMA}
ANTHROPIC = {"name": "a", "input_schema": SCHEMA}
DECLARED = {"name": "a", "parameters": SCHEMA}
UPPER = {"name": "a", "parameters": {"type": "OBJECT"}}
JSON_SCHEMA = {"name": "a", "parametersJsonSchema": SCHEMA}
BEDROCK = {"toolSpec": {"name": "a", "inputSchema": {"json": SCHEMA}}}

RECOGNISED = [
    ({"tools": [MCP]}, "mcp", "$.tools[0].inputSchema"),
    ({"jsonrpc": "2.0", "id": 1, "result": {"tools": [MCP]}}, "mcp", "$.result.tools[0].inputSchema"),
    ([MCP], "mcp", "$[0].inputSchema"),
    (MCP, "mcp", "$.inputSchema"),
    ([CHAT], "openai-chat", "$[0].function.parameters"),
    ({"model": "m", "tools": [CHAT]}, "openai-chat", "$.tools[0].function.parameters"),
    ({"functions": [DECLARED]}, "openai-chat", "$.functions[0].parameters"),
    ([RESPONSES], "openai-responses", "$[0].parameters"),
    ([{"type": "function", "name": "a"}], "openai-responses", "$[0].parameters"),
    ([ANTHROPIC], "anthropic", "$[0].input_schema"),
    ([{"type": "custom", **ANTHROPIC}], "anthropic", "$[0].input_schema"),
    ([{"functionDeclarations": [DECLARED]}], "gemini", "$[0].functionDeclarations[0].parameters"),
    ([{"function_declarations": [DECLARED]}], "gemini", "$[0].function_declarations[0].parameters"),
    ({"tools": {"functionDeclarations": [UPPER]}}, "gemini", "$.tools.functionDeclarations[0].parameters"),
    ([{"functionDeclarations": [{"name": "a"}]}], "gemini", "$[0].functionDeclarations[0].parameters"),
    ([UPPER], "gemini", "$[0].parameters"),
    ([JSON_SCHEMA], "gemini-json", "$[0].parametersJsonSchema"),
    ({"toolConfig": {"tools": [BEDROCK]}}, "bedrock", "$.toolConfig.tools[0].toolSpec.inputSchema.json"),
    ([{"name": "b"}, ANTHROPIC], "anthropic", "$[0]"),
    ([{"name": "b"}], "mcp", "$[0]"),
]  # fmt: skip

REFUSED = [
    3, "tools", None, True, {}, {"tools": 3}, {"tools": None}, {"tools": {"a": 1}}, [1, 2, 3], ["a"], [None],
    [{}], [{"foo": 1}], [[[[[[[MCP]]]]]]], {"tools": [MCP, 4]}, {"type": "object", "properties": {}},
    [{"type": "object"}], [{"type": "function", "function": "a"}], {"error": {"code": -32601}},
]  # fmt: skip


@for_every("value, form, path", lambda: RECOGNISED)
def test_a_list_is_recognised_by_its_keys(value, form, path):
    first = read_tools(value)[0]
    assert (first.form, json_path(first.schema_place)) == (form, path)


def test_the_form_decides_the_dialect_and_a_strict_tool_is_judged_as_strict():
    values = [
        CHAT,
        CHAT["function"] | {"type": "function", "strict": True},
        ANTHROPIC | {"strict": True},
        JSON_SCHEMA,
    ]
    tools = read_tools(values)
    assert [tool.dialect().name for tool in tools] == [
        "openai", "openai-strict", "anthropic-strict", "gemini-json",
    ]  # fmt: skip
    assert [tool.dialect("gemini").name for tool in tools] == ["gemini", "gemini", "gemini", "gemini-json"]
    assert {tool.dialect("openai-strict").name for tool in tools} == {"openai-strict"}
    assert tools[2].dialect("openai").name == "openai"


def test_tools_that_a_provider_hosts_are_left_out():
    hosted = [
        {"type": "web_search_20250305", "name": "web_search"},
        {"type": "web_search"},
        {"googleSearch": {}},
    ]
    assert [tool.form for tool in read_tools([*hosted, ANTHROPIC])] == ["anthropic"]
    assert read_tools(hosted) == []


@for_every("value", lambda: REFUSED)
def test_what_is_no_list_of_tools_is_refused_with_its_place(value):
    with pytest.raises(UsageError, match=r"^f\.json: \$.* is neither a tool nor") as caught:
        read_tools(value, "f.json")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "line 1, column 1"),
        ("{'tools': []}", "line 1, column 2"),
        ('[\n {"name": cog_canary}]', "line 2, column 11"),
        ("[" * 100_000, "nested too deeply"),
        ("[" * 450 + "]" * 450, "nested more than 400"),
        ("1" * 5000, "not valid JSON"),
        ('{"format": "devin-tools/manifest/1", "tools": []}', "index of manifests"),
    ],
)
def test_what_cannot_be_parsed_is_refused_without_repeating_it(text, reason):
    with pytest.raises(UsageError, match=reason) as caught:
        read_file(text, "f.json")
    assert "canary" not in str(caught.value)
    assert caught.value.message.startswith("f.json")


ANSWER = json.dumps({"jsonrpc": "2.0", "id": 2, "result": {"tools": [MCP]}})
HELLO = json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"protocolVersion": "2025-11-25"}})
ASKED = json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/list"})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (json.dumps(MCP) + "\n" + json.dumps(MCP | {"name": "b"}) + "\n", ["a", "b"]),
        (f"{HELLO}\n{ASKED}\n{ANSWER}\n", ["a"]),
        (f"{HELLO}\r\n\r\n{ANSWER}", ["a"]),
        (f"event: message\ndata: {ANSWER}\n\n", ["a"]),
        (f": ping\nid: 1\nevent: message\ndata: {HELLO}\n\ndata: {ANSWER}\n\n", ["a"]),
        (f"\ufeff{ANSWER}", ["a"]),
        (f"{ANSWER}\n{ANSWER.replace(chr(34) + 'a' + chr(34), chr(34) + 'b' + chr(34))}", ["a", "b"]),
    ],
)
def test_lines_and_event_streams_are_read(text, names):
    assert [tool.name for tool in read_file(text)] == names


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ({"mcpServers": {"a": {"command": "npx"}}}, "a client's list of servers"),
        ({"servers": {"a": {"url": "https://example.com"}}}, "a client's list of servers"),
        ({"jsonrpc": "2.0", "id": 1, "error": {"code": -32601}}, "an error that a server answered"),
    ],
)
def test_what_is_often_taken_for_a_list_is_told_apart(value, what):
    with pytest.raises(UsageError, match=what) as caught:
        read_tools(value, "mcp.json")
    assert "tools/list" in caught.value.hint


@pytest.mark.parametrize("text", ["{}\n{", f"{HELLO}\n{ASKED}", "data: {", "\n\n", "event: message\n"])
def test_lines_without_tools_are_refused(text):
    with pytest.raises(UsageError, match=r"^f\.jsonl"):
        read_file(text, "f.jsonl")


def test_an_empty_list_is_a_list():
    assert read_file("[]") == []
    assert [finding.rule for finding in judge([])] == ["NO_EMPTY_LIST"]


def test_a_folder_of_manifests_is_one_list_and_other_files_are_their_own():
    specs = each_kind()
    texts = manifest_files(specs) | {
        "mcp.json": json.dumps([MCP]),
        "package.json": '{"name": "x", "description": "X.", "main": "x"}',
    }
    reading = read_folder({f"folder/{name}": text for name, text in texts.items()})
    assert [len(tools) for tools in reading.lists] == [1, len(specs)]
    assert reading.skipped == ["folder/package.json"]


@pytest.mark.parametrize("texts", [{}, {"a.json": "{}"}, {"index.json": "[]"}])
def test_a_folder_without_tools_is_refused(texts):
    with pytest.raises(UsageError, match="No file"):
        read_folder(texts)


def test_a_folder_with_a_broken_file_is_refused():
    with pytest.raises(UsageError, match=r"^b\.json is not valid JSON"):
        read_folder({"a.json": json.dumps([MCP]), "b.json": "{"})


def test_of_a_manifest_only_what_a_model_may_see_is_judged():
    files = manifest_files([built_in().spec("devin_create_session")])
    manifest = json.loads(files["devin_create_session.json"])
    (tool,) = read_tools(manifest)
    assert "session_secrets" in manifest["input"]["properties"]
    assert "session_secrets" not in tool.schema["properties"]
    assert "SessionSecret" not in json.dumps(tool.schema)
    manifest["visibility"]["session_secrets"] = "llm"
    assert "SECRET_FIELDS_ABSENT" in [finding.rule for finding in judge(read_tools(manifest))]


def test_definitions_that_a_model_can_reach_stay():
    keep = {"$ref": "#/$defs/A"}
    manifest = {
        "format": "devin-tools/manifest/1",
        "id": "a",
        "visibility": {"x": "llm", "y": "user"},
        "input": {
            "type": "object",
            "properties": {"x": keep, "y": {"$ref": "#/$defs/C"}},
            "$defs": {
                "A": {"items": {"$ref": "#/$defs/B"}},
                "B": {"type": "string"},
                "C": {"type": "string"},
            },
        },
    }
    (tool,) = read_tools(manifest)
    assert list(tool.schema["properties"]) == ["x"]
    assert sorted(tool.schema["$defs"]) == ["A", "B"]
