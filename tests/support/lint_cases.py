"""For every rule, lists that break it and lists that keep it; each is judged in all its dialects."""

from __future__ import annotations

from typing import Any

from support.lint_lists import (
    FREE,
    HINTS,
    NULLABLE,
    TEXT,
    Case,
    closed,
    deep,
    holding,
    listing,
    manifest,
    nested,
    of_property,
    of_schema,
    of_tool,
    tool,
    tools,
)
from support.lint_more_cases import MORE_CASES

__all__ = ["CASES"]

TREE = holding(children={"type": "array", "items": {"$ref": "#/$defs/Node"}}) | {
    "$defs": {"Node": holding(next={"$ref": "#/$defs/Leaf"}), "Leaf": holding(back={"$ref": "#/$defs/Node"})}
}
LINE = holding(first={"$ref": "#/$defs/A"}, second={"$ref": "#/$defs/A"}) | {
    "$defs": {"A": holding(next={"$ref": "#/$defs/B"}), "B": TEXT}
}
SIXTEEN = {f"p{index}": NULLABLE for index in range(16)}
UNIONS = {f"p{index}": NULLABLE for index in range(17)}
CALL = {"type": "function", "name": "get_thing", "description": "Get.", "parameters": holding(x=TEXT)}
KEY = "sk-ant-api03-4f9a8b7c6d5e4f3a2b1c"

NAMES = [
    of_tool("NAME_CHARS", {"name": "get thing"}, {"name": "get_thing"}, ".name"),
    of_tool("NAME_CHARS", {"name": "get:thing"}, {"name": "getThing2"}, ".name"),
    of_tool(
        "NAME_CHARS", {"name": "get.thing"}, {"name": "get-thing"}, ".name", "openai", "anthropic", "mcp"
    ),
    of_tool("NAME_CHARS", {"name": ...}, {"name": "a"}, ".name"),
    of_tool("NAME_CHARS", {"name": ""}, {"name": "_"}, ".name"),
    Case("NAME_CHARS", listing(tool(name="a b")), listing(tool()), prefix="mcp__devin__"),
    of_tool("NAME_LEN", {"name": "a" * 65}, {"name": "a" * 64}, ".name"),
    Case("NAME_LEN", listing(tool(name="a" * 53)), listing(tool(name="a" * 52)), prefix="mcp__devin__"),
    of_tool("NAME_START", {"name": "3d_view"}, {"name": "view_3d"}, ".name"),
    of_tool("NAME_START", {"name": "-view"}, {"name": "_view"}, ".name", "gemini", "gemini-json"),
    Case("NAME_UNIQUE", listing(tool(), tool()), listing(tool(), tool(name="b")), "$.tools[1].name"),
    of_tool("DESC_GIVEN", {"description": ...}, {"description": "x"}, ".description"),
    of_tool("DESC_GIVEN", {"description": "  "}, {"description": "x"}, ".description"),
    of_tool("DESC_LEN", {"description": "a" * 1025}, {"description": "a" * 1024}, ".description"),
]

OBJECTS = [
    of_schema("ROOT_OBJECT", {"properties": {}}, holding(), ".type"),
    of_schema("ROOT_OBJECT", {"type": "array", "items": TEXT}, holding(), ".type"),
    of_schema("ROOT_OBJECT", {"type": ["object", "null"]}, holding(), ".type"),
    Case("ROOT_OBJECT", listing(tool(inputSchema=True)), listing(tool()), "$.tools[0].inputSchema"),
    Case(
        "ROOT_OBJECT",
        listing(tool(inputSchema=None)),
        listing(tool()),
        "$.tools[0]",
        ("anthropic", "anthropic-strict", "bedrock", "mcp"),
    ),
    of_schema("ROOT_PROPERTIES", FREE, {"type": "object", "properties": {}}),
    *(
        of_schema("ROOT_NO_UNION", holding(a=TEXT) | {name: value}, holding(a=NULLABLE), f".{name}")
        for name, value in {
            "anyOf": [{"required": ["a"]}],
            "oneOf": [{"required": ["a"]}],
            "allOf": [{"required": ["a"]}],
            "not": {"required": ["b"]},
            "enum": [{}],
        }.items()
    ),
    of_schema(
        "PROP_KEYS", holding(**{"filter[id]": TEXT}), holding(filter_id=TEXT), '.properties["filter[id]"]'
    ),
    of_schema("PROP_KEYS", holding(**{"$top": TEXT}), holding(top=TEXT), '.properties["$top"]'),
    of_schema("PROP_KEYS", holding(**{"a" * 65: TEXT}), holding(**{"a" * 64: TEXT})),
    of_schema("PROP_KEYS", holding(x=holding(**{"a b": TEXT})), holding(x=holding(a=TEXT))),
    of_schema("PROP_KEYS", holding(**{"a.b": TEXT}), holding(a_b=TEXT), "", "gemini", "gemini-json"),
    of_schema("PROP_KEYS", holding(**{"a b": TEXT}), holding(**{"a.b-c": TEXT}), "", "anthropic", "mcp"),
    of_schema("PROP_PYTHON", holding(**{"from": TEXT}), holding(sender=TEXT), ".properties.from"),
    of_schema("PROP_PYTHON", holding(**{"2fa": TEXT}), holding(fa2=TEXT)),
    of_schema("REQUIRED_SUBSET", holding(a=TEXT) | {"required": ["b"]}, holding(a=TEXT), ".required[0]"),
    of_property("REQUIRED_SUBSET", FREE | {"required": ["b"]}, holding(b=TEXT), ".required[0]"),
    of_schema("REQUIRED_ALL", holding(a=TEXT, b=TEXT) | {"required": ["a"]}, holding(a=TEXT), ".required"),
    of_property("REQUIRED_ALL", {"type": "object", "properties": {"a": TEXT}}, holding(a=TEXT), ".required"),
    of_schema("CLOSED_OBJECTS", holding(a=TEXT), closed(a=TEXT)),
    of_schema("CLOSED_OBJECTS", closed(x=holding(a=TEXT)), closed(x=closed(a=TEXT)), ".properties.x"),
    of_schema("CLOSED_OBJECTS", closed() | {"additionalProperties": TEXT}, closed()),
    of_schema("NO_ADDITIONAL", closed(a=TEXT), holding(a=TEXT), ".additionalProperties"),
    of_property("NO_ADDITIONAL", FREE | {"additionalProperties": TEXT}, TEXT, ".additionalProperties"),
    of_schema("NO_EMPTY_OBJECT", holding(), holding(a=TEXT), "", "gemini"),
    of_property("NO_EMPTY_OBJECT", FREE, holding(a=TEXT)),
]

TYPES = [
    of_schema("KEYWORD_VALUES", {"type": "object", "properties": []}, holding(), ".properties"),
    *(
        of_property("KEYWORD_VALUES", {"type": kind, name: value}, {"type": kind, name: good}, f".{name}")
        for kind, name, value, good in (
            ("string", "enum", "a", ["a"]),
            ("string", "description", 3, "three"),
            ("string", "pattern", None, "a"),
            ("string", "minLength", -1, 1),
            ("string", "maxLength", float("inf"), 2.0),
            ("number", "minimum", "1", 1.5),
            ("number", "exclusiveMinimum", True, 0),
            ("array", "items", [TEXT], TEXT),
            ("object", "required", True, []),
            ("object", "additionalProperties", "no", False),
            ("object", "definitions", {"A": 1}, {"A": {}}),
            ("string", "anyOf", [], [TEXT]),
            ("string", "allOf", TEXT, [TEXT]),
        )
    ),
    of_property("KEYWORD_VALUES", {"type": "str"}, TEXT, ".type"),
    of_property("KEYWORD_VALUES", {"type": None}, TEXT, ".type"),
    of_property("KEYWORD_VALUES", {"type": []}, {"type": ["string"]}, ".type"),
    of_property("KEYWORD_VALUES", {"type": "STRING"}, TEXT, ".type", "openai", "anthropic", "mcp"),
    of_property("KEYWORD_VALUES", {"type": "ENUM"}, {"type": "STRING"}, ".type", "gemini"),
    of_property("ITEMS_TYPED", {"type": "array"}, {"type": "array", "items": TEXT}),
    of_property(
        "ITEMS_TYPED", {"type": "array", "items": {}}, {"type": "array", "items": TEXT}, ".items",
        "openai-strict", "gemini", "gemini-json",
    ),
    of_property(
        "ITEMS_TYPED", {"type": "array", "items": {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}},
        {"type": "array", "items": NULLABLE}, ".items", "gemini",
    ),
    of_property(
        "ITEMS_TYPED", {"type": "array"}, {"type": "array", "prefixItems": [TEXT]}, "", "openai", "mcp",
    ),
    of_property("TYPED", {"anyOf": [{"description": "any"}, TEXT]}, NULLABLE, ".anyOf[0]"),
    of_property("TYPED", {"description": "any"}, TEXT, "", "openai-strict", "anthropic-strict"),
    of_schema("TYPED", holding(x=True), holding(x=TEXT), ".properties.x"),
    of_property("NO_TYPE_LIST", {"type": ["string", "null"]}, NULLABLE, ".type", "gemini", "mcp"),
    of_property("NO_TYPE_LIST", {"type": ["string", "number"]}, TEXT, ".type"),
    of_property(
        "NO_TYPE_LIST", {"type": ["string", "number"]}, {"type": ["string", "null"]}, "", "gemini-json",
    ),
    of_property("UNION_ALONE", {"type": "string"} | NULLABLE, NULLABLE, ".type"),
    of_property("UNION_ALONE", {"description": "A."} | NULLABLE, NULLABLE, "", "gemini"),
    of_property("ENUM_STRINGS", {"type": "integer", "enum": [1, 2]}, TEXT | {"enum": ["1"]}, ".enum"),
    of_property("ENUM_STRINGS", {"enum": ["a"]}, TEXT | {"enum": ["a"]}, ".enum"),
    of_property("ENUM_STRINGS", TEXT | {"enum": ["a", ""]}, TEXT | {"enum": ["a"]}, ".enum[1]"),
]  # fmt: skip

KEYWORDS = [
    *(
        of_property("KEYWORDS", {"type": kind, name: value}, {"type": kind}, f".{name}", "openai-strict")
        for kind, name, value in (
            ("string", "default", "a"),
            ("string", "minLength", 1),
            ("string", "maxLength", 9),
            ("string", "oneOf", [TEXT]),
            ("string", "allOf", [TEXT]),
            ("string", "not", {"const": "a"}),
            ("object", "patternProperties", {}),
            ("array", "uniqueItems", True),
            ("array", "contains", TEXT),
        )
    ),
    of_property("KEYWORDS", TEXT | {"pattern": "a"}, TEXT, ".pattern", "anthropic-strict"),
    of_property("KEYWORDS", {"type": "integer", "minimum": 1}, {"type": "integer"}, "", "anthropic-strict"),
    of_property(
        "KEYWORDS", {"type": "array", "items": TEXT, "minItems": 2},
        {"type": "array", "items": TEXT, "minItems": 1}, ".minItems", "anthropic-strict",
    ),
    of_schema("KEYWORDS", holding() | {"$schema": "s"}, holding(), '["$schema"]', "gemini", "gemini-json"),
    of_property("KEYWORDS", TEXT | {"const": "a"}, TEXT | {"enum": ["a"]}, ".const", "gemini", "gemini-json"),
    of_property(
        "KEYWORDS", {"type": "integer", "exclusiveMinimum": 0}, {"type": "integer", "minimum": 1},
        ".exclusiveMinimum", "gemini", "gemini-json",
    ),
    of_property("KEYWORDS", TEXT | {"x-hint": 1}, TEXT | {"title": "X"}, '["x-hint"]', "gemini"),
    of_property("FORMATS", TEXT | {"format": "regex"}, TEXT | {"format": "date-time"}, ".format"),
    of_property("FORMATS", TEXT | {"format": "uri"}, TEXT | {"format": "uuid"}, ".format", "openai-strict"),
    of_property("FORMATS", TEXT | {"format": "int32"}, TEXT | {"format": "uri"}, "", "anthropic-strict"),
    of_property("FORMATS", TEXT | {"format": "email"}, {"type": "integer", "format": "int64"}, "", "gemini"),
    *(
        of_property("PATTERN_NO_LOOKAROUND", TEXT | {"pattern": bad}, TEXT | {"pattern": good}, ".pattern")
        for bad, good in (("^(?=a)b", "^(?:a)b"), ("(?<!a)b", r"\(?=b"), ("a(?!b)", "(?P<n>a)"))
    ),
]  # fmt: skip

REFERENCES = [
    of_schema("NO_REF", holding(a={"$ref": "#/$defs/A"}) | {"$defs": {"A": TEXT}}, holding(a=TEXT)),
    of_schema("NO_REF", holding(a=TEXT) | {"definitions": {}}, holding(a=TEXT), ".definitions"),
    of_schema(
        "REF_SIBLINGS",
        LINE | {"properties": {"a": {"$ref": "#/$defs/B", "description": "A."}}},
        LINE,
        '.properties.a["$ref"]',
    ),
    of_property("REF_TARGET", {"$ref": "#/$defs/Lost"}, TEXT, '["$ref"]'),
    of_property("REF_TARGET", {"$ref": "https://example.com/schema"}, TEXT, '["$ref"]'),
    of_schema("REF_TARGET", LINE | {"properties": {"a": {"$ref": "#/$defs/C"}}}, LINE),
    of_schema(
        "REF_TARGET",
        holding(a=TEXT, b={"$ref": "#/properties/a"}),
        holding(a={"$ref": "#"}),
        '.properties.b["$ref"]',
        "openai-strict",
    ),
    of_schema("NO_RECURSION", TREE, LINE),
    of_property("NO_RECURSION", {"$ref": "#"}, TEXT, '["$ref"]'),
    of_schema("NO_RECURSION", holding(x={"type": "array", "items": {"$ref": "#/properties/x"}}), LINE),
    of_schema("SIZE_CAP", deep(120), deep(90)),
]

SIZES = [
    of_property("ENUM_TOTAL", {"enum": list(map(str, range(1001)))}, {"enum": list(map(str, range(1000)))}),
    of_schema(
        "ENUM_TOTAL",
        holding(**{f"p{part}": TEXT | {"enum": list(map(str, range(501)))} for part in range(2)}),
        holding(a=TEXT | {"enum": list(map(str, range(501)))})
        | {"$defs": {"B": TEXT | {"enum": list(map(str, range(501)))}}},
    ),
    of_property("ENUM_CHARS", TEXT | {"enum": ["x" * 60] * 251}, TEXT | {"enum": ["x" * 60] * 250}, ".enum"),
    of_schema("DEPTH", nested(11), nested(10), ".properties.inner" * 10),
    of_schema("DEPTH", nested(11), nested(6) | {"$defs": {"A": nested(6)}}),
    of_schema(
        "PROP_TOTAL",
        holding(**{f"p{n}": TEXT for n in range(5001)}),
        holding(**{f"p{n}": TEXT for n in range(5000)}),
    ),
    of_property(
        "STRING_TOTAL", TEXT | {"enum": ["x" * 1000] * 120}, TEXT | {"enum": ["x" * 1000] * 119}
    ),
    of_property("STRING_TOTAL", {"const": "x" * 120_001}, {"const": "x" * 119_000}),
]  # fmt: skip

LONG = {"description": "x" * 1000}
BULKY = [tool(FREE | {"title": "x" * 4000}, name=f"get_{index}") for index in range(10)]
DEFERRED = {
    "name": "a",
    "description": "A.",
    "input_schema": FREE | {"title": "x" * 5000},
    "defer_loading": True,
}

COSTS = [
    Case("TOKEN_COST", listing(tool()), listing(), "$"),
    Case("TOKEN_COST", [DEFERRED, DEFERRED | {"defer_loading": False}], [DEFERRED], "$", ("anthropic",)),
    Case("TOKEN_BUDGET", listing(*BULKY), listing(*BULKY[:9]), "$"),
    Case(
        "TOKEN_BUDGET",
        listing(*[DEFERRED | {"defer_loading": False}] * 8),
        listing(*[DEFERRED] * 99, tool()),
        "$",
        ("anthropic",),
    ),
    Case(
        "OUTPUT_BUDGET",
        listing(tool(outputSchema=FREE | {"title": "x" * 40_100})),
        listing(tool(outputSchema=FREE | {"title": "x" * 39_000})),
        "$",
    ),
    Case(
        "OUTPUT_BUDGET",
        listing(tool(outputSchema=FREE | {"title": "x" * 50_100})),
        listing(tool(FREE | {"title": "x" * 50_000}, outputSchema=FREE | {"title": "x" * 50_000})),
        "$",
    ),
    of_schema(
        "DESC_BUDGET",
        holding(**{f"p{index}": TEXT | LONG for index in range(6)}),
        holding(**{f"p{index}": TEXT | LONG for index in range(5)}),
    ),
    Case(
        "DESC_BUDGET",
        [DEFERRED | {"description": "x" * 6001, "defer_loading": False}],
        [DEFERRED | {"description": "x" * 6001}],
        "$[0]",
        ("anthropic",),
    ),
]

LISTS = [
    Case("STRICT_TOOLS", tools(21), tools(20), "$"),
    of_schema(
        "STRICT_OPTIONALS",
        {"type": "object", "properties": {f"p{n}": TEXT for n in range(25)}},
        {"type": "object", "properties": {f"p{n}": TEXT for n in range(24)}},
    ),
    Case(
        "STRICT_OPTIONALS",
        tools(5, {"type": "object", "properties": {f"p{n}": TEXT for n in range(5)}}),
        tools(4, {"type": "object", "properties": {f"p{n}": TEXT for n in range(6)}}),
    ),
    of_schema("STRICT_UNIONS", holding(**UNIONS), holding(**SIXTEEN)),
    of_schema(
        "STRICT_UNIONS",
        holding(**{f"p{n}": {"type": ["string", "null"]} for n in range(17)}),
        holding(**{f"p{n}": TEXT for n in range(17)}),
    ),
    Case("STRICT_STATED", [CALL], [CALL | {"strict": False}], "$[0]"),
    Case("STRICT_STATED", [CALL | {"strict": None}], [{"type": "function", "function": CALL}]),
    Case("NO_EMPTY_LIST", listing(), listing(tool()), "$"),
    Case("NO_EMPTY_LIST", [{"functionDeclarations": []}], listing(tool()), "$"),
]

CONDUCT = [
    of_tool("ANNOTATIONS_COMPLETE", {"annotations": ...}, {}, ".annotations"),
    of_tool("ANNOTATIONS_COMPLETE", {"annotations": HINTS | {"readOnlyHint": None}}, {}, ".annotations"),
    of_tool("ANNOTATIONS_COMPLETE", {"title": ...}, {"title": ..., "annotations": HINTS | {"title": "T"}}),
    of_tool("ANNOTATIONS_COMPLETE", {"annotations": HINTS | {"destructiveHint": True}}, {}, ".annotations"),
    of_tool(
        "OUTPUT_ROOT_OBJECT", {"outputSchema": {"type": "array"}}, {"outputSchema": FREE}, ".outputSchema"
    ),
    of_tool("OUTPUT_ROOT_OBJECT", {"outputSchema": True}, {}, ".outputSchema"),
    *(
        of_schema("SECRET_FIELDS_ABSENT", holding(**{name: TEXT}), holding(**{other: TEXT}))
        for name, other in (
            ("password", "password_hint"),
            ("api_key", "key"),
            ("apiKey", "keyboard"),
            ("clientSecret", "secret_ids"),
            ("access_token", "next_page_token"),
            ("secrets", "max_tokens"),
        )
    ),
    of_property("SECRET_FIELDS_ABSENT", TEXT | {"format": "password"}, TEXT | {"format": "uuid"}),
    of_property("SECRET_FIELDS_ABSENT", TEXT | {"writeOnly": True}, TEXT | {"writeOnly": False}),
    of_schema("SECRET_FIELDS_ABSENT", holding(secret=TEXT), holding(secret={"type": "boolean"})),
    of_property("SECRET_VALUES", TEXT | {"default": KEY}, TEXT | {"default": "sk-..."}, ".default"),
    of_property("SECRET_VALUES", TEXT | {"examples": [KEY]}, TEXT | {"examples": ["a" * 40]}, ".examples"),
    of_tool("SECRET_VALUES", {"description": f"Use {KEY}."}, {"description": "Use a key."}, ".description"),
    of_tool("MIXED_VERBS", {"name": "get_or_create_page"}, {"name": "get_page"}, ".name"),
    of_tool("MIXED_VERBS", {"name": "readAndWriteFile"}, {"name": "read_rule_set"}, ".name"),
    of_schema(
        "MIXED_VERBS",
        holding(action=TEXT | {"enum": ["list", "get", "deletePage"]}),
        holding(action=TEXT | {"enum": ["list", "get"]}),
        ".properties.action",
    ),
]

FREE_OF_COST: dict[str, Any] = {"kind": "write", "billable": False, "spending": None}


def paid(starts: str, **names: str) -> dict[str, Any]:
    """Return the effect of a tool that spends."""
    return {"kind": "write", "billable": True, "spending": {"starts": starts} | names}


SPENDING = [
    Case(
        "SPENDING_DECLARED",
        listing(manifest(FREE_OF_COST | {"billable": True})),
        listing(manifest(paid("one"))),
        "$.tools[0].effect",
    ),
    Case(
        "SPENDING_DECLARED",
        listing(manifest(paid("one")), manifest(FREE_OF_COST, id="start_other")),
        listing(
            manifest(paid("one")),
            manifest(FREE_OF_COST, id="start_other", path="/v3/y"),
            manifest(FREE_OF_COST, id="start_many", path=None),
        ),
        "$.tools[1].effect",
    ),
    *(
        Case(
            "SPENDING_DECLARED", listing(manifest(FREE_OF_COST, name)), listing(manifest(FREE_OF_COST, other))
        )
        for name, other in (("max_acu_limit", "acus_consumed"), ("maxAcus", "max_items"))
    ),
    *(
        Case(
            "SPENDING_COMPLETE",
            listing(manifest(paid(starts), field)),
            listing(
                manifest(paid(starts, **{key: field}), field), manifest(paid(other), field, path="/v3/y")
            ),
            "$.tools[0].effect.spending",
        )
        for starts, key, field, other in (
            ("one", "limit", "max_acu_limit", "nothing"),
            ("parts", "total", "max_acu_total", "nothing"),
            ("standing", "limit", "max_acus", "nothing"),
            ("standing", "cron", "frequency", "one"),
            ("standing", "cron", "cronSchedule", "one"),
            ("standing", "stops", "enabled", "one"),
            ("standing", "stops", "isEnabled", "one"),
        )
    ),
]

CASES = [
    *NAMES, *OBJECTS, *TYPES, *KEYWORDS, *REFERENCES, *SIZES, *COSTS, *LISTS, *CONDUCT, *SPENDING,
    *MORE_CASES,
]  # fmt: skip
