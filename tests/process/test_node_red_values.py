"""What the Node-RED pack takes from a person: the same checks in the editor and in running flows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from support.builder_forms import every_example, odd
from support.node_red_code import NODE, described, run

from devin_tools import Spec
from devin_tools.export.builders.node_red import fields_shown

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node")

TAKE = """
const { toArguments } = require('./values.js');
const main = cases => cases.map(([fields, values]) => {
  try { return { values: toArguments(fields, values) }; } catch (error) { return { error: error.message }; }
});
"""

EDIT = """
const types = {}, RED = { nodes: { registerType: (type, of) => { types[type] = of; } } };
const page = require('fs').readFileSync('tools.html', 'utf8');
new Function('RED', '$', page.split('<script type="text/javascript">')[1].split('</script>')[0])(RED);
const main = cases => cases.map(([type, filled]) => {
  const of = types[type].defaults, node = {};
  for (const name of Object.keys(of)) node[name] = name in filled ? filled[name] : of[name].value;
  const wrong = {};
  for (const name of Object.keys(of).filter(name => name.startsWith('f_') && of[name].validate)) {
    const said = of[name].validate.call(node, node[name], {});
    if (said !== true) wrong[name.slice(2)] = said;
  }
  return wrong;
});
"""

KINDS = """
const types = {}, RED = { nodes: { registerType: (type, of) => { types[type] = of; } } };
let shown;
const $ = place => ({ typedInput: of => { shown[place] = of.types.map(kind => kind.value || kind); } });
const page = require('fs').readFileSync('tools.html', 'utf8');
new Function('RED', '$', page.split('<script type="text/javascript">')[1].split('</script>')[0])(RED, $);
const main = names => Object.fromEntries(names.map(name => {
  shown = {};
  types[name].oneditprepare.call({});
  return [name, shown];
}));
"""
REFERENCES = ["msg", "flow", "global", "env", "jsonata"]


def all_examples() -> list[tuple[Spec, Mapping[str, Any]]]:
    """Return every example, with a value where it has a reference to a secret, which nothing follows here."""
    found = [*every_example(), *((spec, example) for spec in odd() for example in spec.examples)]
    return [(spec, {name: valued(value) for name, value in example.items()}) for spec, example in found]


def valued(value: Any) -> Any:
    return "a value" if isinstance(value, str) and value.startswith("env:") else value


def written(kind: str, value: Any) -> str:
    """Write a value as a form holds it: JSON too."""
    if kind == "choices":
        return ",".join(value)
    return value if isinstance(value, str) and kind != "json" else json.dumps(value)


def fitting(spec: Spec, example: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of an example that the node has fields for, its ids as they travel."""
    fields = {field.name: field for field in fields_shown(spec)}
    return {
        name: with_prefix(fields[name].prefix, value) for name, value in example.items() if name in fields
    }


def with_prefix(prefix: str, value: Any) -> Any:
    if isinstance(value, list) and prefix:
        return [with_prefix(prefix, item) for item in value]
    return prefix + value.removeprefix(prefix) if prefix else value


def test_every_example_is_taken_from_text_as_it_is_meant() -> None:
    cases, wanted = [], []
    for spec, example in all_examples():
        kinds = {field.name: field.kind for field in fields_shown(spec)}
        meant = fitting(spec, example)
        typed = {  # Node-RED itself reads the JSON of a form
            name: value if value is None or kinds[name] == "json" else written(kinds[name], value)
            for name, value in meant.items()
        }
        cases.append([described()[spec.name]["fields"], typed])
        wanted.append({"values": meant})
    assert len(cases) > 60
    assert run(TAKE, cases) == wanted


def test_every_example_is_right_in_the_editor() -> None:
    cases = []
    for spec, example in all_examples():
        filled: dict[str, str] = {}
        for field in fields_shown(spec):
            if field.name in example and example[field.name] is not None:
                kind = {"choice": "choice", "choices": "choice", "json": "json"}.get(field.kind, "str")
                text = written(field.kind, example[field.name])
                filled |= {f"f_{field.name}": text, f"f_{field.name}Type": kind}
            elif field.name in example:
                filled |= {f"f_{field.name}": "null", f"f_{field.name}Type": "json"}
        cases.append([described()[spec.name]["type"], filled])
    assert run(EDIT, cases) == [{}] * len(cases)


def test_a_new_node_lacks_its_required_fields_alone() -> None:
    tools = list(described().values())
    marked = run(EDIT, [[tool["type"], {}] for tool in tools])
    for tool, wrong in zip(tools, marked, strict=True):
        required = {f["name"] for f in tool["fields"] if f.get("required")}
        chosen = {f["name"] for f in tool["fields"] if f["kind"] in ("choice", "flag") or f.get("options")}
        assert required - chosen <= wrong.keys() <= required, tool["id"]


BAD = """
const { toArguments } = require('./values.js');
const vm = require('vm');
const loop = {}; loop.loop = loop;
const deep = value => ({ type: 'object', properties: { a: value } });
const values = {
  NaN: NaN, Infinity: Infinity, undefined: 'undefined', null: 'null', 'text NaN': 'NaN',
  object: '[object Object]', variable: '${NOT_SET}', 'older variable': '$(NOT_SET)',
  template: '{{payload.nothing}}', spaced: ' undefined\\n', function: () => 1, symbol: Symbol('x'), big: 10n,
  date: new Date(0), buffer: Buffer.from('x'), map: new Map(), set: new Set(['a']), loop,
  broken: '{"type": ', 'broken list': '["a"', 'wrong kind': '{"a": 1}', five: 'five',
  'a list in a list': [['a']], 'null in a list': [null], 'undefined in a list': ['undefined'], gap: [, 'a'],
  'empty in a list': [''], 'list as a text': '"[\\\\"a\\\\"]"', 'deep NaN': deep(NaN),
  'deep nothing': deep(undefined), 'deep buffer': deep(Buffer.from('x')), half: 5.5, 'text half': '5.5',
  'of a script': vm.runInNewContext('new Date(0)'), nested: { nested: { a: 1 } }, blank: ' ', empty: '',
  huge: 1e300,
};
const main = ({ fields }) => fields.map(field => Object.keys(values).flatMap(name => {
  try {
    const taken = toArguments([field], { [field.name]: values[name] })[field.name];
    return [[name, JSON.stringify(taken)]];
  } catch (error) {
    const isOurs = error.message.startsWith(field.name + ': ') && error.message.endsWith('Nothing was sent.');
    return isOurs ? [] : [[name, 'ERROR ' + error.message]];
  }
}));
"""

TAKEN: dict[str, set[str]] = {
    "text": {"five", "text half", "half", "huge", "blank", "empty", "list as a text"},
    "texts": {"five", "text half"},
    "choices": set(),
    "choice": set(),
    "flag": set(),
    "integer": set(),
    "number": {"half", "text half", "huge"},
    "object": {"wrong kind", "nested"},
    "array": set(),
    "pet": {"nested", "wrong kind"},
    "note": {"blank", "empty", "five", "list as a text", "text half"},
    "either": {"blank", "empty", "five", "huge", "list as a text", "text half"},
}
"""What of the odd values each kind of field can hold; text that has no JSON form in it is text."""


def test_what_a_field_cannot_hold_stops_the_call_and_names_the_field() -> None:
    fields = {
        json.dumps({key: part for key, part in field.items() if key not in ("name", "wire", "where")}): field
        for tool in described().values()
        for field in tool["fields"]
    }
    for field, taken in zip(fields.values(), run(BAD, {"fields": list(fields.values())}), strict=True):
        kind = field.get("shape", field["name"]) if field["kind"] == "json" else field["kind"]
        odd_ones = {name: value for name, value in taken if name not in TAKEN[kind]}
        loose = {"broken", "broken list", "wrong kind"} if kind in ("text", "note", "either") else set[str]()
        loose |= {"date", "of a script"} if field.get("time") else set()
        if field["name"] == "counts":
            assert [name for name, _ in taken] == ["wrong kind"]
        assert not odd_ones.keys() - loose, (field["name"], kind, odd_ones)


SESSION = {"session_id": "abc"}
WRONG = [
    ("devin_get_session", {}, "session_id: is required"),
    ("devin_get_session", {"session_id": ""}, "session_id: is empty"),
    ("devin_get_session", {"session_id": None}, "session_id: cannot be null"),
    ("devin_get_session", {"session_id": {"SPOIL": 1}}, "session_id: is not text"),
    ("devin_get_session", {"session_id": "https://app.devin.ai/"}, "session_id: is not the URL of a session"),
    (
        "devin_terminate_session",
        {"session_id": "SPOIL/abc"},
        "session_id: is not an id: it has a slash in it",
    ),
    ("devin_terminate_session", {"session_id": "SPOIL abc"}, "session_id: is not an id"),
    ("devin_get_session", {"session_id": "///"}, "session_id: is not an id"),
    ("devin_create_session", {"prompt": "x", "max_acu_limit": "0x10"}, "max_acu_limit: is not a number"),
    ("devin_create_session", {"prompt": "x", "tags": '"SPOIL", "b"'}, "tags: has quotation marks"),
    ("devin_list_sessions", {"created_after": "2026-02-30"}, "created_after: is not a date of the calendar"),
    ("devin_create_session", {"prompt": "x", "max_acu_limit": "0"}, "max_acu_limit: must be at least 1"),
    ("devin_create_session", {"prompt": "x", "max_acu_limit": "2.5"}, "max_acu_limit: is not a whole number"),
    ("devin_create_session", {"prompt": "x", "max_acu_limit": "SPOIL"}, "max_acu_limit: is not a number"),
    ("devin_create_session", {"prompt": "x", "tags": ["t"] * 51}, "tags: must hold at most 50"),
    ("devin_create_session", {"prompt": "x", "tags": ","}, "tags: holds nothing; for an empty list, give []"),
    ("devin_create_session", {"prompt": "x", "tags": ["SPOIL", 1.5, {}]}, "tags: is not text"),
    (
        "devin_create_session",
        {"prompt": "x", "knowledge_ids": "a,SPOIL b"},
        "knowledge_ids: has not the right form",
    ),
    (
        "devin_create_session",
        {"prompt": "x", "playbook_id": "SPOIL/.."},
        "playbook_id: has not the right form",
    ),
    ("devin_create_session", {"prompt": "x", "resumable": "SPOIL"}, "resumable: is neither true nor false"),
    (
        "devin_create_session",
        {"prompt": "x", "structured_output_schema": '{"SPOIL'},
        "structured_output_schema: is not JSON",
    ),
    (
        "devin_create_session",
        {"prompt": "x", "structured_output_schema": '["SPOIL"]'},
        "structured_output_schema: is not a JSON object",
    ),
    ("devin_index_repositories", {"repositories": "[]"}, "repositories: must hold at least 1"),
    ("devin_list_sessions", {"created_after": -1}, "created_after: must be at least 0"),
    ("devin_list_sessions", {"session_ids": "[]"}, "session_ids: must hold at least 1"),
    ("devin_wait_session", {**SESSION, "timeout_seconds": 0}, "timeout_seconds: must be above 0"),
    ("devin_update_knowledge_note", {"note_id": "n", "clear": "SPOIL"}, "clear: must be one of"),
    ("devin_find_odd", {"pet": {}, "note": None, "size": "4"}, "size: must be one of 1, 2, 3"),
]


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = run(TAKE, [[described()[tool]["fields"], given] for tool, given, _ in WRONG])
    return said


@pytest.mark.parametrize("number", range(len(WRONG)), ids=lambda number: str(WRONG[number][2]))
def test_what_is_wrong_is_told_by_field_and_never_by_value(
    number: int, answers: list[dict[str, Any]]
) -> None:
    _, _, reason = WRONG[number]
    if reason is None:
        assert "values" in answers[number]  # the last part of any URL is taken for the id; the API knows
        return
    assert answers[number]["error"].startswith(reason)
    assert answers[number]["error"].endswith("Nothing was sent.")
    assert "SPOIL" not in answers[number]["error"]


def test_the_editor_says_why_a_field_is_wrong() -> None:
    cases = [
        ["devin-create-session", {"f_prompt": "", "f_promptType": "str"}],
        ["devin-create-session", {"f_prompt": "", "f_promptType": "msg"}],
        [
            "devin-create-session",
            {"f_prompt": "x", "f_max_acu_limit": "0", "f_max_acu_limitType": "num", "f_tagsType": "json"},
        ],
    ]
    assert run(EDIT, cases) == [
        {"prompt": "prompt is empty"},
        {"prompt": "prompt names nothing"},
        {"max_acu_limit": "max_acu_limit must be at least 1", "tags": "tags is not JSON"},
    ]


def test_null_is_sent_where_it_means_something() -> None:
    fields = described()["devin_find_odd"]["fields"]
    taken, refused = run(TAKE, [[fields, {"pet": {}, "note": None}], [fields, {"pet": None, "note": None}]])
    assert taken == {"values": {"pet": {}, "note": None}}
    assert refused["error"].startswith("pet: cannot be null")


def test_a_choice_is_sent_as_what_it_is() -> None:
    fields = described()["devin_find_odd"]["fields"]
    (taken,) = run(TAKE, [[fields, {"pet": {}, "note": "n", "size": "2"}]])
    assert taken["values"]["size"] == 2


def test_what_may_be_typed_into_each_field() -> None:
    kinds = run(KINDS, [tool["type"] for tool in described().values()])
    for tool in described().values():
        for field in tool["fields"]:
            offered = kinds[tool["type"]][f"#node-input-f_{field['name']}"]
            literal = [kind for kind in offered if kind not in ("omit", *REFERENCES)]
            assert offered[-5:] == REFERENCES
            assert (offered[0] == "omit") is not field.get("required", False)
            assert (literal == []) is field.get("secret", False), "secrets do not belong in a flow file"
    assert kinds["devin-create-session"]["#node-input-f_devin_mode"][:3] == ["omit", "choice", "str"]
