"""The packs that read fields in JavaScript decide alike, and hold no value that our own client would not."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any, TypeAlias

import pytest
from support.packs import pack

from devin_tools import Spec, load_catalog
from devin_tools.codec import encode
from devin_tools.errors import InvalidArguments
from devin_tools.wire import dump_json

NODE = shutil.which("node") or ""

pytestmark = pytest.mark.skipif(not NODE, reason="needs node")

READ = """
const { LEFT_OUT, Unfit, read } = require('./n8n.js'), { BadInput, toValue } = require('./node_red.js');
const told = (kind, work) => {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof kind) return { error: error.message };
    throw error;
  }
};
const kept = value => (value === LEFT_OUT ? '(left out)' : value);
const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const said = cases.map(([one, other, value]) => ({
  n8n: told(Unfit, () => kept(read(one, value, true))),
  node_red: told(BadInput, () => toValue(other, value)),
}));
console.log(JSON.stringify(said));
"""

VALUES: list[Any] = [
    "abc", " abc ", "a b", "a, b", "a,,b", ",", "a, null", "null", "undefined", "None", "NaN",
    "[object Object]", "devin-abc", "https://app.devin.ai/sessions/abc", "https://app.devin.ai/sessions/abc/?x=1#y",
    "https://app.devin.ai/org/x/abc", "http://x", "devin-", "a/b", "../x", "é", "x" * 300, "*/5 * * * *",
    '["a", "b"]', '["a","b"', "[]", "{}", '{"a": 1}', '{"a": 1', '["a", null]', '["a", 1]', '["a", ""]',
    '"a"', '"a", "b"', "'a', 'b'", "a\nb", "[a, b]", "a, [b]", ' ["a"] ', '["a", "null"]', '["[\\"x\\"]"]',
    "5", " 5 ", "5.0", "5.5", "-1", "0", "1e3", "0x10", "0b1", "1_000", "Infinity", "1e400", "+5",
    "true", "True", "false", "yes", "1",
    "2026-01-31", "2026-01-31T09:00:00Z", "2026-01-31 09:00:00 +0200", "2026-01-31T09:00:00", "2026-02-30",
    "2026-13-01", "1769850000", "1769850000000", "20260131", "20260231", "2026", "yesterday",
    5, 5.0, 5.5, 0, -1, 2026, 20260131, 1769850000, 1769850000000, 1e30, True, False,
    [], ["a"], ["a", "b"], ["a", None], ["a", 1], ["a", ""], ["undefined"], ["[a", "b]"], [["a"]], [{"a": 1}],
    {}, {"a": 1}, ["a"] * 51, ["devin-a", "https://app.devin.ai/sessions/b"], ["../x"], ["a/b"],
    "env:HOME", "file:/etc/passwd", '[{"key":"a","value":"b"}]', [{"key": "a", "value": "env:HOME"}],
    '[{"key":"a"}]', '[{"key":"a","value":1}]', '{"type":"object"}', {"type": "object"}, "owner/repo",
]  # fmt: skip
"""What people, scripts and templates put into fields. Empty values are not here: in n8n they leave out."""

UNSPEAKABLE = ("x" * 300, "https://app.devin.ai/org/x/abc", "1769850000000", "file:/etc/passwd", "owner/repo")
"""Values that no error may repeat."""

UNREAD = frozenset(
    {
        "after",
        "exclude_repo_paths",
        "frequency",
        "host",
        "idp_group_name",
        "ip_ranges",
        "key",
        "only_repo_paths",
        "pinned_repo",
        "platform",
        "repo_name",
        "repository_path",
        "repository_paths",
        "scheduled_at",
        "tag",
    }
)
"""Texts whose grammar the packs leave to the API, which refuses them: nothing is started then."""

NAMED_BY_PEOPLE = frozenset(
    {
        *("devin_create_code_scan_profile", "devin_update_code_scan_profile"),
        *("devin_create_organization", "devin_update_organization", "devin_create_service_user_key"),
        *("devin_create_service_user", "devin_create_enterprise_service_user"),
    }
)
"""What takes as `name` whatever the packs were given; our own client refuses what looks like a list."""

OF_THE_SERVER = frozenset({("devin_fan_out", "items")})
"""Read by the tools server once more, which refuses what one of the packs does not."""

NEEDED: Mapping[str, Any] = {
    "cycle_acu_limit": 5,
    "emails": ["ada@example.com"],
    "permissions": [{"git_connection_id": "connection-1", "repo_path": "o/r"}],
    "read_only": True,
    "ttl_seconds": 3_600,
    "actions": [{"type": "start_session", "prompt": "p"}],
    "pr_url": "https://github.com/o/r/pull/5",
    "repository_path": "o/r",
    "repositories": [{"repository_path": "o/r"}],
    "repository_paths": ["o/r"],
    "run_as": {"type": "organization"},
    "time_after": 1,
    "time_before": 99_999_999_999,
    "triggers": [],
}

CATALOG = load_catalog(plugins=())
SPECS = {spec.name: spec for spec in CATALOG}

Place: TypeAlias = tuple[str, str]
Read: TypeAlias = Mapping[str, Any]
Fields: TypeAlias = dict[tuple[str, str], dict[str, Any]]


def fields_of_n8n() -> Fields:
    found: Fields = {}
    for node in ("Devin", "DevinToolsServer"):
        for call in json.loads(pack("n8n")[f"dist/nodes/{node}/calls.json"])["calls"].values():
            sizes = [call["paging"]["size"]] if "paging" in call else []
            found |= {(call["tool"], field["name"]): field for field in [*call["fields"], *sizes]}
    return found


def fields_of_node_red() -> Fields:
    made = json.loads(pack("node-red")["tools.json"])["tools"]
    return {(tool["id"], field["name"]): field for tool in made for field in tool["fields"]}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Place, Any, Read, Read]]:
    """Return what both make of every value in every field that both have."""
    folder = tmp_path_factory.mktemp("fields")
    (folder / "n8n.js").write_text(pack("n8n")["dist/fields.js"], encoding="utf-8")
    (folder / "node_red.js").write_text(pack("node-red")["values.js"], encoding="utf-8")
    (folder / "main.js").write_text(READ, encoding="utf-8")
    one, other = fields_of_n8n(), fields_of_node_red()
    cases = [(place, value) for place in one if place in other for value in VALUES]
    given = json.dumps([[one[place], other[place], value] for place, value in cases])
    done = subprocess.run(
        [NODE, "main.js"], input=given, cwd=folder, capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout)
    return [(*case, each["n8n"], each["node_red"]) for case, each in zip(cases, said, strict=True)]


def test_both_packs_read_a_field_alike(read: list[tuple[Place, Any, Read, Read]]) -> None:
    assert len(read) > 20_000
    differ = {
        place: (value, one, other)
        for place, value, one, other in read
        if one.get("value") != other.get("value") and place not in OF_THE_SERVER
    }
    assert differ == {}


def test_no_error_repeats_a_value(read: list[tuple[Place, Any, Read, Read]]) -> None:
    for _, value, *said in read:
        if value in UNSPEAKABLE:
            assert not any(value in one.get("error", "") for one in said)


def test_what_they_hold_our_own_client_holds(read: list[tuple[Place, Any, Read, Read]]) -> None:
    refused: dict[Place, Any] = {}
    for (name, field), value, _, held in read:
        spec = SPECS[name]
        if "value" not in held or not spec.is_one_request or field in UNREAD:
            continue
        if field == "name" and name in NAMED_BY_PEOPLE:
            continue
        try:
            call = CATALOG.call(name, {**complete(spec), field: held["value"]})
        except InvalidArguments as error:
            refused[name, field] = value, error.details
            continue
        place = next(one for one in spec.places if one.field == field)
        assert spec.route is not None
        if place.where == "body":
            body = encode(spec.route, call).body
            assert body is not None and plain(body[place.wire]) == held["value"]
    assert refused == {}


def complete(spec: Spec) -> dict[str, Any]:
    """Return what a call of a tool needs."""
    properties = spec.input_schema["properties"]
    return {
        name: NEEDED.get(name, sample(properties[name])) for name in spec.input_schema.get("required", ())
    }


def sample(schema: Mapping[str, Any]) -> Any:
    if schema.get("type") == "array":
        return ["abc"]
    return schema.get("examples", schema.get("enum", ["abc"]))[0]


def plain(value: Any) -> Any:
    return json.loads(dump_json(value))
