"""Cases of rules on values that are judged by their own grammar, and on the tool around its schema."""

from __future__ import annotations

from typing import Any

from support.lint_lists import (
    FREE,
    HINTS,
    TEXT,
    Case,
    holding,
    listing,
    of_property,
    of_schema,
    of_tool,
    tool,
    tools,
)

__all__ = ["MORE_CASES"]

PYTHON, ECMASCRIPT = ("openai", "openai-strict"), ("mcp",)
CHAT = {"type": "function", "function": {"name": "a", "description": "A.", "parameters": holding(x=TEXT)}}
RESPONSES = {"type": "function", "name": "a", "description": "A.", "parameters": holding(x=TEXT)}
ANTHROPIC = {"name": "a", "description": "A.", "input_schema": holding(x=TEXT)}
GEMINI = {"name": "a", "description": "A.", "parameters": {"type": "OBJECT", "properties": {}}}
BEDROCK = {"toolSpec": {"name": "a", "description": "A.", "inputSchema": {"json": holding(x=TEXT)}}}
FORMS: dict[str, Any] = {
    "openai": [CHAT], "openai-strict": [CHAT], "mistral": [CHAT], "anthropic": [ANTHROPIC],
    "anthropic-strict": [ANTHROPIC], "gemini": [{"functionDeclarations": [GEMINI]}],
    "gemini-json": [{"functionDeclarations": [GEMINI]}], "bedrock": [BEDROCK], "mcp": [tool()],
}  # fmt: skip


def of_values(rule: str, breaks: Any, keeps: Any, at: str, *dialects: str) -> list[Case]:
    """Return cases of a property's schema, and of the same in an output schema for MCP."""
    output = Case(
        rule,
        listing(tool(outputSchema=holding(x=breaks))),
        listing(tool(outputSchema=holding(x=keeps))),
        f"$.tools[0].outputSchema.properties.x{at}" if at else "",
        ("mcp",),
    )
    return [
        of_property(rule, breaks, keeps, at, *dialects),
        *([output] if "mcp" in (dialects or "mcp") else []),
    ]


def pattern(bad: str, good: str, *dialects: str) -> list[Case]:
    return of_values(
        "PATTERN_SYNTAX", TEXT | {"pattern": bad}, TEXT | {"pattern": good}, ".pattern", *dialects
    )


def with_field(form: str, key: str, value: Any) -> Any:
    """Return the list of one tool of a form with one more field."""
    changed = {key: value}
    if form in ("openai", "openai-strict", "mistral"):
        return [CHAT | {"function": CHAT["function"] | changed}]
    if form == "bedrock":
        return [{"toolSpec": BEDROCK["toolSpec"] | changed}]
    if form.startswith("gemini"):
        return [{"functionDeclarations": [GEMINI | changed]}]
    return [(tool() if form == "mcp" else ANTHROPIC) | changed]


PATTERNS = [
    *pattern("^[a-z", "^[a-z]"),
    *pattern("(a", "(a)"),
    *pattern("a{2,1}", "a{1,2}"),
    *pattern(r"^\p{L}+$", "^[a-z]+$", *PYTHON),
    *pattern("(?<n>a)", "(?P<n>a)", *PYTHON),
    *pattern(r"\u{1F600}", r"\u00e9", *PYTHON),
    *pattern("(?P<n>a)", "(?<n>a)", *ECMASCRIPT),
    *pattern("(?i)a", "[aA]", *ECMASCRIPT),
    *pattern(r"a\-b", r"[a\-b]", *ECMASCRIPT),
    *pattern(r"\Aa\Z", "^a$", *ECMASCRIPT),
    *pattern("(?>a)", "(?:a)", *ECMASCRIPT),
    *pattern("a++", "a+?", *ECMASCRIPT),
    *pattern("a{", r"a\{", *ECMASCRIPT),
    of_property(
        "PATTERN_SYNTAX",
        FREE | {"patternProperties": {"[a": TEXT}},
        FREE | {"patternProperties": {"[a]": TEXT}},
        ".patternProperties",
    ),
]

VALUES = [
    *of_values("BOOLEAN_SCHEMA", holding(deep=False), holding(deep={}), ".properties.deep"),
    of_schema("BOOLEAN_SCHEMA", holding(x=True), holding(x={}), ".properties.x"),
    of_property(
        "BOOLEAN_SCHEMA",
        {"type": "array", "items": True},
        {"type": "array", "items": TEXT},
        ".items",
        "llama-cpp",
    ),
    *(
        case
        for keyword, bad, good in (
            ("required", ["a", "a"], ["a"]),
            ("type", ["string", "string"], ["string", "null"]),
            ("enum", [], ["a"]),
            ("multipleOf", 0, 0.5),
            ("maxLength", "three", 3),
            ("uniqueItems", "yes", True),
            ("readOnly", 1, False),
            ("minContains", -1, 0),
            ("dependentRequired", {"a": ["b", "b"]}, {"a": ["b"]}),
            ("dependencies", {"a": 1}, {"a": ["b"]}),
            ("examples", "a", ["a"]),
            ("$id", 1, "https://example.com/a"),
            ("contentSchema", [], {}),
            ("unevaluatedProperties", "no", False),
            ("unevaluatedItems", 1, True),
            ("propertyNames", [], {}),
            ("if", None, {}),
        )
        for case in of_values(
            "KEYWORD_VALUES", {"type": "string"} | {keyword: bad}, {"type": "string"} | {keyword: good}, ""
        )
    ),
    of_property(
        "KEYWORD_VALUES", TEXT | {"maxLength": "3"}, TEXT | {"maxLength": 3}, ".maxLength", "openai", "mcp"
    ),
    *(
        of_property(
            "BOUNDS_ORDER", {"type": kind, low: 3, high: 2}, {"type": kind, low: 2, high: 3}, f".{low}"
        )
        for kind, low, high in (
            ("string", "minLength", "maxLength"),
            ("array", "minItems", "maxItems"),
            ("number", "minimum", "maximum"),
            ("object", "minProperties", "maxProperties"),
        )
    ),
    of_property(
        "BOUNDS_ORDER",
        {"type": "number", "exclusiveMinimum": 1, "maximum": 1},
        {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    ),
    of_property(
        "VALUE_TYPES",
        TEXT | {"enum": ["a", None]},
        {"type": ["string", "null"], "enum": ["a", None]},
        ".enum",
    ),
    of_property("VALUE_TYPES", {"type": "array", "enum": [0]}, {"type": "integer", "enum": [0]}, ".enum"),
    of_property(
        "VALUE_TYPES", {"type": "integer", "const": 1.5}, {"type": "integer", "const": 1.0}, ".const"
    ),
    of_property(
        "VALUE_TYPES",
        {"type": "boolean", "default": "true"},
        {"type": "boolean", "default": None},
        ".default",
    ),
    of_property(
        "VALUE_TYPES", {"type": "number", "default": True}, {"type": "number", "default": 1}, ".default"
    ),
    of_property(
        "VALUE_TYPES", {"type": "object", "default": []}, {"type": "object", "default": {}}, ".default"
    ),
    of_property(
        "VALUE_TYPES",
        TEXT | {"enum": ["a"], "default": "b"},
        TEXT | {"enum": ["a"], "default": "a"},
        ".default",
    ),
    of_property("ENUM_UNIQUE", TEXT | {"enum": ["a", "b", "a"]}, {"enum": [1, "1", True]}, ".enum"),
    *of_values("SCHEMA_DRAFT", TEXT | {"dependencies": {}}, TEXT, ".dependencies"),
    of_schema(
        "SCHEMA_DRAFT",
        holding(x=TEXT) | {"$schema": "http://json-schema.org/draft-07/schema#"},
        holding(x=TEXT),
        '["$schema"]',
    ),
    of_schema(
        "SCHEMA_DRAFT",
        holding(x=TEXT) | {"$schema": "https://json-schema.org/draft/2020-12/schema"},
        holding(x=TEXT),
        '["$schema"]',
    ),
]

GRAMMARS = [
    *(
        of_property("GRAMMAR_PATTERN", TEXT | {"pattern": bad}, TEXT | {"pattern": good}, ".pattern")
        for bad, good in (
            (r"^\d+$", "^[0-9]+$"), ("abc", "^abc$"), (r"^[\s]$", "^[ ]*?$"), (r"^a\.b$", "^a[.]b$"),
            ("^(?:a)$", "^(a)$"), ("^a{1,992}$", "^a{1,991}$"), ("^[]a]$", r"^[\]a]$"),
        )
    ),
    of_property("GRAMMAR_COUNT", TEXT | {"maxLength": 65536}, TEXT | {"maxLength": 990}, ".maxLength"),
    of_property(
        "GRAMMAR_COUNT", {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 992},
        {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 991}, ".maxItems",
    ),
    of_property("GRAMMAR_TYPED", {"description": "Any."}, {}),
    of_property("GRAMMAR_TYPED", {"not": TEXT}, {"enum": [1]}),
    of_property("GRAMMAR_TYPED", {"anyOf": [{"title": "A"}, TEXT]}, {"anyOf": [{}, TEXT]}, ".anyOf[0]"),
    of_property("GRAMMAR_TYPED", {"type": "array", "items": {}}, {"type": "array"}, ".items"),
    of_property("REF_TARGET", {"$ref": "#"}, TEXT, '["$ref"]', "llama-cpp"),
]  # fmt: skip

MCP_FIELDS = {
    "title": None, "description": None, "annotations": None, "outputSchema": None, "_meta": [],
    "icons": "a.png", "execution": "no",
}  # fmt: skip

TOOL_OBJECTS = [
    *(of_tool("TOOL_FIELDS", {key: value}, {}, f".{key}", "mcp") for key, value in MCP_FIELDS.items()),
    of_tool("TOOL_FIELDS", {"icons": [{"href": "a"}]}, {"icons": [{"src": "a"}]}, ".icons", "mcp"),
    of_tool(
        "TOOL_FIELDS",
        {"icons": [{"src": "a", "sizes": "48x48"}]},
        {"icons": [{"src": "a", "sizes": ["48x48"]}]},
        ".icons",
        "mcp",
    ),
    of_tool(
        "TOOL_FIELDS",
        {"execution": {"taskSupport": "maybe"}},
        {"execution": {"taskSupport": "required"}},
        ".execution",
        "mcp",
    ),
    of_tool(
        "TOOL_FIELDS",
        {"annotations": HINTS | {"title": 1}},
        {"annotations": HINTS | {"title": "T"}},
        ".annotations.title",
        "mcp",
    ),
    of_tool("TOOL_FIELDS", {"annotations": HINTS | {"openWorldHint": "no"}}, {}, "", "mcp"),
    *(
        Case("TOOL_FIELDS", with_field(form, "description", ["a"]), lists, "", (form,))
        for form, lists in FORMS.items()
    ),
    Case(
        "TOOL_FIELDS",
        with_field("openai", "strict", "yes"),
        with_field("openai", "strict", None),
        "",
        ("openai",),
    ),
    Case("TOOL_FIELDS", [{"function": CHAT["function"]}], [CHAT], "$[0].type", ("openai",)),
    Case("TOOL_FIELDS", {"tools": [CHAT["function"]]}, {"functions": [CHAT["function"]]}, "", ("openai",)),
    Case(
        "TOOL_FIELDS",
        with_field("gemini", "parametersJsonSchema", FREE),
        FORMS["gemini"],
        "",
        ("gemini-json",),
    ),
    Case(
        "TOOL_FIELDS",
        with_field("bedrock", "inputSchema", FREE),
        [BEDROCK],
        "$[0].toolSpec.inputSchema",
        ("bedrock",),
    ),
    *(
        Case("TOOL_KEYS", with_field(form, "required", []), lists, "", (form,))
        for form, lists in FORMS.items()
    ),
    Case("TOOL_KEYS", [CHAT | {"name": "a"}], [CHAT], "$[0].name", ("openai",)),
    of_tool("SENDABLE", {"description": "A \ud83d."}, {"description": "A \U0001f600."}, ".description"),
    of_property("SENDABLE", {"default": float("nan")}, {"default": 0.5}, ".default"),
    of_property("SENDABLE", {"enum": ["a", float("-inf")]}, {"enum": ["a"]}, ".enum[1]"),
    Case(
        "ID_UNIQUE",
        listing(tool(), tool(holding(x=TEXT) | {"$id": "a"}, outputSchema=FREE | {"$id": "a"}, name="b")),
        listing(tool(holding(x=TEXT) | {"$id": "a"}), tool(holding(x=TEXT) | {"$id": "b"}, name="b")),
        '$.tools[1].outputSchema["$id"]',
    ),
    Case("ONE_FORM", [tool(), ANTHROPIC | {"name": "b"}], [tool(), tool(name="b")], "$[1]"),
    Case("ONE_FORM", [CHAT, RESPONSES], [{"name": "b"}, ANTHROPIC], "$[1]"),
    Case("ROOT_GIVEN", [{"type": "function", "function": {"name": "a"}}], [CHAT], ""),
    of_tool("NAME_CLIENT", {"name": "a" * 60}, {"name": "a" * 59}, ".name"),
    Case("NAME_CLIENT", listing(tool(name="a" * 45)), listing(tool(name="a" * 44)), prefix="my-github-mcp-x"),
    Case("TOOL_COUNT", tools(129), tools(128), "$", ("openai", "openai-strict")),
    Case("TOOL_COUNT", tools(513), tools(512), "$", ("gemini", "gemini-json")),
    Case("TOOL_COUNT", tools(41), tools(40), "$", ("mcp",)),
    Case(
        "REF_TARGET",
        listing(tool(outputSchema=holding(x={"$ref": "#/$defs/Lost"}))),
        listing(tool()),
        '$.tools[0].outputSchema.properties.x["$ref"]',
        ("mcp",),
    ),
    Case(
        "NO_RECURSION",
        listing(tool(outputSchema=holding(x={"$ref": "#"}))),
        listing(tool()),
        '$.tools[0].outputSchema.properties.x["$ref"]',
        ("mcp",),
    ),
    of_property("PATTERN_NO_LOOKAROUND", TEXT | {"pattern": "^(?!a)b"}, TEXT | {"pattern": "b"}, ".pattern"),
]

MORE_CASES = [*PATTERNS, *VALUES, *GRAMMARS, *TOOL_OBJECTS]
