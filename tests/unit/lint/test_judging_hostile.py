"""What others wrote can be endless, malformed or secret: it is judged or refused, and never repeated."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devin_tools import UsageError
from devin_tools.lint import judge, offers, read_file, read_tools
from devin_tools.lint.finding import json_path
from devin_tools.lint.rules.keyword_values import EXPECTED
from devin_tools.lint.shown import looks_secret, shown
from devin_tools.schemas import traversal as walking
from devin_tools.schemas.traversal import MAX_LEVELS, MAX_NODES, walk

SCHEMA = {"type": "object", "properties": {"q": {"type": "string"}}}
MCP = {"name": "a", "description": "A.", "inputSchema": SCHEMA}


@pytest.fixture
def few_nodes(monkeypatch):
    """Lower the cap, so that meeting it is quick."""
    assert MAX_NODES == 100_000
    monkeypatch.setattr(walking, "MAX_NODES", 500)
    return 500


def test_a_walk_ends_at_its_caps(few_nodes):
    deep = {}
    for _ in range(1_000):
        deep = {"items": deep}
    walked = walk(deep)
    assert (len(walked.nodes), walked.cut) == (MAX_LEVELS + 1, ("items",) * MAX_LEVELS)
    wide = walk({"properties": {str(n): {} for n in range(few_nodes + 10)}})
    assert (len(wide.nodes), wide.cut) == (few_nodes, ("properties", str(few_nodes - 1)))


def test_a_schema_that_holds_itself_is_no_endless_walk(few_nodes):
    loop = {"type": "object"}
    loop["properties"] = {"a": loop, "b": loop}
    assert walk(loop).cut is not None


def test_references_that_fan_out_cost_nothing():
    levels = {f"L{n}": {"anyOf": [{"$ref": f"#/$defs/L{n + 1}"}] * 10} for n in range(50)}
    schema = SCHEMA | {"$defs": levels | {"L50": {"type": "string"}}}
    findings = judge(read_tools([MCP | {"inputSchema": schema}]), provider="anthropic-strict")
    assert "NO_RECURSION" not in [finding.rule for finding in findings]


def test_references_that_meet_again_are_not_a_circle():
    sides = {"allOf": [{"$ref": "#/$defs/left"}, {"$ref": "#/$defs/right"}]}
    side = {"$ref": "#/$defs/end"}
    schema = SCHEMA | {"$defs": {"start": sides, "left": side, "right": side, "end": {"type": "string"}}}
    findings = judge(read_tools([MCP | {"inputSchema": schema}]), provider="anthropic-strict")
    assert "NO_RECURSION" not in [finding.rule for finding in findings]


def test_many_findings_alike_are_counted_and_not_all_listed():
    schema = {"type": "object", "properties": {f"a {n}": {} for n in range(500)}}
    findings = judge(read_tools([MCP | {"inputSchema": schema}, MCP | {"name": "b", "inputSchema": schema}]))
    keys = [finding for finding in findings if finding.rule == "PROP_KEYS"]
    assert len(keys) == 40
    assert keys[19].detail.endswith("and 480 more like it")
    assert [finding.tool for finding in keys] == ["a"] * 20 + ["b"] * 20


def test_several_providers_that_find_the_same_make_one_finding():
    findings = judge(read_tools([MCP | {"name": "a b"}]), provider="all")
    (unlike, same) = [finding for finding in findings if finding.rule == "NAME_CHARS"]
    assert same.providers == ("gemini",)
    assert unlike.providers == ("openai", "anthropic", "bedrock", "mcp", "mistral", "ollama", "llama-cpp")


def test_a_rule_can_be_left_out():
    assert [finding.rule for finding in judge(read_tools([MCP]), ignore=["ANNOTATIONS_COMPLETE"])] == [
        "TOKEN_COST"
    ]


SECRETS = [
    "cog_live_1234567890abcdef",
    "sk-proj-Ab3dEf6hIj9lMn2pQr5t",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "xoxb-123456789012-abcdefABCDEF",
    "AKIAIOSFODNN7EXAMPLE1",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc",
    "Bearer abcdef0123456789",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_that_looks_like_a_key_is_repeated(secret):
    assert secret not in shown(secret)
    schema = {
        "type": secret,
        "format": secret,
        "$ref": secret,
        "properties": {
            secret: {"enum": [secret], "default": secret, "pattern": secret, secret: 1, "format": secret}
        },
        "required": [f"{secret}x"],
    }
    tool = {"name": secret, "description": secret, "inputSchema": schema, "annotations": {secret: secret}}
    for provider in (None, "all", "openai-strict", "anthropic-strict"):
        findings = judge(read_tools([tool], "f.json"), provider=provider, prefix="mcp__a__")
        told = "\n".join(json.dumps(finding.as_dict()) + str(finding) for finding in findings)
        assert findings
        assert secret.removeprefix("Bearer ") not in told


@pytest.mark.parametrize(
    "text", ["get_thing", "task-runner-options-2", "sk-...", "skip_the_first_1000_rows", "3f" * 20, "cog"]
)
def test_ordinary_words_are_no_keys(text):
    assert not looks_secret(text)


def test_what_is_shown_is_one_short_line_without_control_characters():
    assert shown("getUserV2AccountSettingsAndPreferences") == "getUserV2AccountSettingsAndPreferences"
    assert shown("a" * 500) == "a" * 77 + "..."
    assert shown("a\n\x1b[31mb") == '"a\\n\\u001b[31mb"'
    assert json_path(("a", 0, "b c", "d\n")) == '$.a[0]["b c"]["d\\n"]'
    assert len(json_path(("a",) * 1000)) < 500


def test_offers_are_short_unique_and_steady():
    names = [f"{'list_all_the_attachments_of_a_session_' * 2}{index}" for index in range(50)] + ["short"]
    chosen = offers(names, "mcp__some_server__")
    assert sorted(chosen) == sorted(names[:-1])
    assert len({*chosen.values(), "short"}) == len(names)
    assert max(map(len, chosen.values())) <= 64 - len("mcp__some_server__")
    assert chosen == offers(names, "mcp__some_server__")
    assert offers(["a" * 30], "p" * 62) == {}


@pytest.mark.parametrize("secret", SECRETS)
def test_no_half_of_a_key_is_offered_as_a_name(secret):
    name = f"call_{secret}_{'a' * 60}"
    assert offers([name]) == {}
    told = "".join(map(str, judge(read_tools([MCP | {"name": name}]))))
    assert "NAME_LEN" in told
    assert secret[4:16] not in told


KEYS = st.sampled_from(
    ["type", "properties", "items", "required", "enum", "anyOf", "$ref", "$defs", "name", "inputSchema",
     "format", "tools", "function", "parameters", "minItems", "annotations", "pattern", "const", "x",
     "maxItems", "patternProperties", "outputSchema", "title", "_meta", "icons", "strict", "toolSpec", "json",
     "default", "input_schema", "functionDeclarations", "parametersJsonSchema", "exclusiveMinimum", "minimum",
     "maximum", "dependencies", "dependentRequired", "$schema", "result", "additionalProperties", "nullable",
     "description"]
)  # fmt: skip
VALUES = st.sampled_from(
    ["object", "array", "string", "#", "#/$defs/x", "#/properties/x/items/0", "function", "", "[a-z", "^a$"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)


@settings(max_examples=80)
@given(JSON, st.sampled_from([None, "all", "openai-strict", "anthropic-strict", "gemini-json"]))
def test_any_schema_is_judged_without_a_crash(schema, provider):
    tool = {
        "name": "a",
        "inputSchema": schema,
        "outputSchema": schema,
        "annotations": schema,
        "icons": schema,
    }
    findings = judge(read_tools([tool]), provider=provider)
    assert findings
    assert all("\n" not in str(finding) for finding in findings)


ODD = [10**400, -(10**400), 1e308, float("inf"), float("nan"), "\ud800", "\x00", "a" * 40_000, {}, [], [[]]]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_an_odd_value_anywhere_is_judged(odd):
    every = dict.fromkeys([*EXPECTED, "const", "default", "type"], odd)
    for kind in ("string", "integer", "array", "object"):
        other = {"type": kind, "enum": [odd], "const": odd, "minimum": odd, "maximum": odd}
        schema = {"type": "object", "properties": {"x": every, "y": other}}
        tools = read_tools([{"name": "a", "inputSchema": schema, "outputSchema": schema, "title": odd}])
        assert all("\n" not in str(finding) for finding in judge(tools, provider="all"))


@settings(max_examples=60)
@given(JSON)
def test_any_json_is_read_or_refused(value):
    try:
        tools = read_file(json.dumps(value), "f.json")
    except UsageError as error:
        assert "f.json" in error.message
    else:
        judge(tools, provider="all")
