"""What a field of a node of n8n cannot hold stops the call, by the name of the field; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest
from external.builders.listening import Listening, world
from external.builders.n8n_home import HOME, Engine, started_engine, step, workflow

if not (HOME / "node_modules" / "n8n-core").exists():
    pytest.skip("needs n8n-core: nox -s n8n", allow_module_level=True)

Started: TypeAlias = tuple[Engine, Listening]

UNSET = ("={{ $json.nothing }}", "={{ null }}", "={{ $json.nothing?.more }}", "={{ NaN }}")
NO_TEXT = (
    *UNSET,
    "={{ true }}",
    "={{ [1] }}",
    "={{ ['a'] }}",
    "={{ ({a: 1}) }}",
    "={{ new Date(0) }}",
    "={{ $now }}",
    "={{ String($json.nothing) }}",
    "={{ `${null}` }}",
    "={{ String({}) }}",
    "={{ `Fix ${$json.nothing}` }}",
    "={{ 'Fix ' + $json.nothing + '.' }}",
    "={{ 'Fix ' + $json['nothing'] }}",
    "={{ 'Fix ' + $json.void }}",
    "={{ 'Fix ' + $('Start').item.json.nothing }}",
    "={{ 'Fix ' + $json.inner }}",
    "=a {{ $json.nothing }} b",
    "=a {{ ({a: 1}) }} b",
    "={{ 1n }}",
)
NO_NUMBER = (
    *UNSET,
    "={{ 'five' }}",
    "={{ '' }}",
    "={{ true }}",
    "={{ [5] }}",
    "={{ ({}) }}",
    "={{ 1/0 }}",
    "={{ 5n }}",
    "={{ '5 ACUs' }}",
    "={{ '0x10' }}",
    "five",
)
NO_LIST = (
    *UNSET,
    "",
    "  ",
    ",",
    "null",
    "undefined",
    "a, null",
    '["a"',
    '["a", true]',
    '"a", "b"',
    "a, [b]",
    "a\nb",
    "={{ ['[a', 'b]'] }}",
    '["a", null]',
    '["a", ""]',
    '{"a": "b"}',
    "[object Object]",
    "={{ [$json.nothing] }}",
    "={{ ['a', null] }}",
    "={{ [{a: 1}] }}",
    "={{ [['a']] }}",
    "={{ ({a: 1}) }}",
    "={{ 5 }}",
    "={{ true }}",
    "={{ [ , ] }}",
    "={{ 'tag-' + $json.nothing }}",
    "=team:{{ $json.nothing }}",
    "=a, {{ ({b: 1}) }}",
    "={{ $json.nothing }}, b",
    "={{ Array(51).fill('a') }}",
)
NO_OBJECT = (
    *UNSET,
    "",
    '{"type": "object"',
    "my-token",
    "[]",
    '["a"]',
    "5",
    '"{}"',
    "null",
    "true",
    "={{ [] }}",
    "={{ 5 }}",
    "={{ ({a: $json.nothing}) }}",
    "={{ ({a: [NaN]}) }}",
    "={{ ({a: () => 1}).toString() }}",
    "[object Object]",
    "={{ new Date(0) }}",
    '={ "a": {{ $json.nothing }} }',
)
NO_SECRETS = (
    *UNSET,
    "",
    "my-token",
    "{}",
    '{"key": "a", "value": "b"}',
    '[{"key": "a"}]',
    '["a"]',
    '[{"key": "a", "value": 1}]',
    '[{"key": "", "value": "b"}]',
    '[{"key": "a", "value": "b", "more": 1}]',
    '[{"key": "a", "value": "b"',
    '[{"key": "a", "value": "env:NAME"}]',
)
NO_FLAG = (*UNSET, "", "={{ 'no' }}", "={{ 1 }}", "={{ 0 }}", "={{ [] }}", "={{ ({}) }}", "={{ '' }}")
NO_ID = (*NO_TEXT, "a/b", "a b", "={{ 'sched-' + $json.nothing }}", "={{ 'x'.repeat(257) }}")
NO_TIME = (
    *UNSET,
    "={{ $now.toMillis() }}",
    "yesterday",
    "2026-13-01",
    "2026-02-30",
    "2026",
    "2026-01-31T09:00",
    "={{ 5.5 }}",
    "={{ -1 }}",
    "",
)

CREATE = {
    "max_acu_limit": (*NO_NUMBER, "={{ 5.5 }}", 0, -1, 1_000_001, "={{ 0 }}", "={{ 1e300 }}", None, ""),
    "tags": NO_LIST,
    "knowledge_ids": (*(value for value in NO_LIST if "51" not in value), "a/b, c"),
    "attachment_urls": ("file:///etc/passwd", "nope", '["https://a.example/b", "x"]'),
    "structured_output_schema": NO_OBJECT,
    "session_secrets": NO_SECRETS,
    "structured_output_required": NO_FLAG,
    "resumable": NO_FLAG,
    "playbook_id": NO_ID,
    "title": NO_TEXT,
    "devin_mode": NO_TEXT,
    "create_as_user_id": (*NO_ID, ""),
    "idempotency_key": (*NO_TEXT, "", "={{ $json.nothing ?? '' }}"),
}
LISTED = {
    "created_after": NO_TIME,
    "session_ids": (
        *(value for value in NO_LIST if "51" not in value),
        "[]",
        "a?b c",
        "https://app.devin.ai/settings/x",
    ),
    "is_archived": NO_FLAG,
    "category": NO_TEXT,
}


@pytest.fixture(scope="module")
def started(folder_for_files_of_module: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Start the engine over a simulator."""
    simulator, _ = world()
    with (
        simulator.serve() as server,
        started_engine(tmp_path_factory.mktemp("n8n"), simulator, api=server.url) as n8n,
    ):
        yield n8n, simulator


@pytest.fixture(scope="module")
def folder_for_files_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the world be furnished with a file."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "note.txt").write_text("A note.\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEVIN_FILE_ROOT", str(folder))
        yield


def stopped(started: Started, node: dict[str, Any], field: str) -> str | None:
    """Return what is wrong with how a call is stopped: it names the field and the item, and asks nothing."""
    n8n, simulator = started
    simulator.asked.clear()
    ran = n8n.run(workflow(node, items=[{"n": 1, "void": None, "inner": {"a": 1}}]))
    error = ran.get(node["name"], {}).get("error", "")
    is_named = f"({field})" in error and "[item 0]" in error and ran[node["name"]]["item"] == 0
    if simulator.asked or not is_named:
        return f"{field}: {node['parameters']}: {ran} asked {simulator.asked}"
    return None


@pytest.mark.parametrize("field", CREATE)
def test_what_a_field_of_a_create_cannot_hold_stops_it(started: Started, field: str) -> None:
    create = ("Create", "devin_create_session", "sessions")
    nodes = (step(*create, prompt="x", additionalFields={field: value}) for value in CREATE[field])
    assert not [wrong for node in nodes if (wrong := stopped(started, node, field))]


@pytest.mark.parametrize("field", LISTED)
def test_what_a_field_of_a_list_cannot_hold_stops_it(started: Started, field: str) -> None:
    list_ = ("List", "devin_list_sessions", "sessions")
    nodes = (step(*list_, limit=2, additionalFields={field: value}) for value in LISTED[field])
    assert not [wrong for node in nodes if (wrong := stopped(started, node, field))]


def test_what_is_required_is_not_empty(started: Started) -> None:
    def nodes() -> Iterator[tuple[str, dict[str, Any]]]:
        for value in (*NO_TEXT, " ", "={{ '' }}"):
            yield "prompt", step("Node", "devin_create_session", "sessions", prompt=value)
            yield "session_id", step("Node", "devin_get_session", "sessions", session_id=value)
            yield "note_id", step("Node", "devin_delete_knowledge_note", "knowledge", note_id=value)
        for value in ("..", ".", "={{ '..' }}"):
            yield "session_id", step("Node", "devin_terminate_session", "sessions", session_id=value)
            yield "note_id", step("Node", "devin_delete_knowledge_note", "knowledge", note_id=value)
        for value in (*NO_LIST[5:], " ", "={{ [] .concat([null]) }}"):
            tags = {"session_id": "abc", "tags": value}
            yield "tags", step("Node", "devin_replace_session_tags", "tags", **tags)
        for value in (*NO_NUMBER, "={{ 0 }}", "={{ 201 }}"):
            yield "limit", step("Node", "devin_list_sessions", "sessions", limit=value)
        for value in (*NO_NUMBER, "={{ 0 }}"):
            fan_out = {"prompt": "{item}", "items": '["a"]', "max_acu_total": value}
            node = step("Node", "devin_fan_out", "sessions", node_="devinToolsServer", **fan_out)
            yield "max_acu_total", node
        for value in (*UNSET, "a, b", "{}", "[]", "[1]", '[{"a": []}]', '["a"'):
            fan_out = {"prompt": "{item}", "items": value, "max_acu_total": 1}
            yield "items", step("Node", "devin_fan_out", "sessions", node_="devinToolsServer", **fan_out)

    assert not [wrong for field, node in nodes() if (wrong := stopped(started, node, field))]


HELD = {
    "tags": (
        ("a, b", ["a", "b"]),
        (' ["a, b"] ', ["a, b"]),
        ('\ufeff["a"]', ["a"]),
        ("[]", []),
        ("={{ ['a', 'b'] }}", ["a", "b"]),
        ('=["{{ $json.n }}"]', ["1"]),
        ("=a{{ $json.n }}, {{ $json.nothing ?? 'b' }}", ["a1", "b"]),
        ("undefined behaviour", ["undefined behaviour"]),
    ),
    "max_acu_limit": ((5, 5), ("={{ '5' }}", 5), ("={{ 5.0 }}", 5)),
    "structured_output_schema": (
        (' {"type": "object"} ', {"type": "object"}),
        ("={{ ({type: 'object', a: null}) }}", {"type": "object", "a": None}),
        ('={ "type": "{{ \'object\' }}" }', {"type": "object"}),
    ),
    "resumable": (("={{ 'false' }}", False), (False, False), ("={{ 'True' }}", True)),
    "playbook_id": (("={{ 42 }}", "42"), ("", ...), ("={{ $json.nothing ?? '' }}", ...)),
    "title": (
        ("={{ 'undefined is not a function' }}", "undefined is not a function"),
        ("null pointer", "null pointer"),
        ("={{ 'Fix ' + $json.said }}", "Fix null of undefined"),
        ("={{ $json.nothing ? 'b' : 'null pointer' }}", "null pointer"),
    ),
    "devin_mode": (("={{ 'turbo' }}", "turbo"), ("fast", "fast")),
}


@pytest.mark.parametrize("field", HELD)
def test_what_it_can_hold_is_sent(started: Started, field: str) -> None:
    n8n, simulator = started
    wrong = []
    for given, sent in HELD[field]:
        simulator.asked.clear()
        create = step(
            "Create", "devin_create_session", "sessions", prompt="x", additionalFields={field: given}
        )
        ran = n8n.run(workflow(create, items=[{"n": 1, "said": "null of undefined"}]))
        body = simulator.asked[0].body if simulator.asked else {}
        found = body.get(field, ...)
        if field == "tags":
            found = [tag for tag in found if not tag.startswith("devin-tools-key:")]
        if found != sent or not simulator.asked:
            wrong.append((given, found, ran))
    assert not wrong


def test_times_are_taken_as_seconds_dates_and_moments(started: Started) -> None:
    n8n, simulator = started
    times = {
        "created_after": "={{ new Date('2026-01-31T09:00:00Z') }}",
        "created_before": "={{ DateTime.fromISO('2026-01-31T09:00:00Z') }}",
        "updated_after": "2026-01-31",
        "updated_before": "={{ '1769850000' }}",
    }
    simulator.asked.clear()
    n8n.run(workflow(step("List", "devin_list_sessions", "sessions", limit=1, additionalFields=times)))
    [asked] = simulator.asked
    query = dict(asked.query)
    assert query["created_after"] == query["created_before"] == query["updated_before"] == "1769850000"
    assert query["updated_after"] == str(1769850000 - 9 * 3600)


def test_nothing_is_sent_for_any_item_when_one_cannot_be_read(started: Started) -> None:
    n8n, simulator = started
    create = step("Create", "devin_create_session", "sessions", prompt="={{ $json.prompt }}")
    items = [{"prompt": "a"}, {}, {"prompt": "c"}]
    simulator.asked.clear()
    ran = n8n.run(workflow(create, items=items))["Create"]
    assert "[item 1]" in ran["error"] and ran["item"] == 1 and not simulator.asked
    assert ran["description"] == "Nothing was sent for any item."
    n8n.run(workflow(create | {"onError": "continueRegularOutput"}, items=items))
    assert sorted(one.body["prompt"] for one in simulator.asked) == ["a", "c"]


def test_no_value_is_repeated_in_an_error(started: Started) -> None:
    n8n, _ = started
    secrets = {"session_secrets": '[{"key": "a", "value": "CANARY"'}
    ran = n8n.run(
        workflow(step("C", "devin_create_session", "sessions", prompt="x", additionalFields=secrets))
    )
    assert "error" in ran["C"] and "CANARY" not in str(ran)


def test_what_a_person_fills_no_model_fills(started: Started) -> None:
    create = ("Create", "devin_create_session", "sessions")
    for field in ("create_as_user_id", "session_secrets", "bypass_approval"):
        node = step(*create, prompt="x", additionalFields={field: "={{ $fromAI('x', '', 'string') }}"})
        assert stopped(started, node, field) is None
        ran = started[0].run(workflow(node, items=[{"n": 1}]))
        assert "no model may" in ran["Create"]["error"]


def test_that_no_limit_was_set_is_said(started: Started) -> None:
    n8n, _ = started
    create = ("Create", "devin_create_session", "sessions")
    without = n8n.run(workflow(step(*create, prompt="x")))["Create"]
    limited = n8n.run(workflow(step(*create, prompt="x", additionalFields={"max_acu_limit": 1})))["Create"]
    assert "Max ACU limit was not set" in without["hints"][0] and not limited["hints"]
