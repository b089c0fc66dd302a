"""A line of standard input is a message, or has an answer that says why it is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic_core import from_json, to_json

from devin_tools.mcp.messages import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    PARSE_ERROR,
    Unreadable,
    parts_of,
    read,
    result,
)

PING = '{"jsonrpc": "2.0", "id": 1, "method": "ping"}'


@pytest.mark.parametrize(
    ("line", "code", "number"),
    [
        ("{", PARSE_ERROR, None),
        ("hello", PARSE_ERROR, None),
        ("", PARSE_ERROR, None),
        (PING[:-1], PARSE_ERROR, 1),
        (PING + PING, PARSE_ERROR, 1),
        ('{"method": "tools/call", "id" : "a\\"b", "params": {"name": "x', PARSE_ERROR, 'a"b'),
        ('{"method": "ping", "params": {"a": x}, "jsonrpc": "2.0", "id": -4}\r', PARSE_ERROR, -4),
        ('{"method": "ping", "params": {"a": x, "jsonrpc": "2.0", "id": 4}', PARSE_ERROR, 4),
        ('{"jsonrpc": "2.0", "id": 12', PARSE_ERROR, None),
        ('{"jsonrpc": "2.0", "id": 1.5, "a": x}', PARSE_ERROR, None),
        ('{"jsonrpc": "2.0", "params": {"id": 3}, x}', PARSE_ERROR, None),
        ('{"params": {"jsonrpc": "2.0", "id": 3}, x}', PARSE_ERROR, None),
        ('{"id": "\\ud83d", x}', PARSE_ERROR, None),
        ("[" * 5000, PARSE_ERROR, None),
        ('{"a":' * 500 + "1" + "}" * 500, PARSE_ERROR, None),
        (f"[{PING}]", INVALID_REQUEST, None),
        ("1", INVALID_REQUEST, None),
        ("{}", INVALID_REQUEST, None),
        ('{"id": 7, "method": "ping"}', INVALID_REQUEST, 7),
        ('{"jsonrpc": "1.0", "id": "a", "method": "ping"}', INVALID_REQUEST, "a"),
        ('{"jsonrpc": "2.0", "id": 7}', INVALID_REQUEST, 7),
        ('{"jsonrpc": "2.0", "id": 7, "method": 1}', INVALID_REQUEST, 7),
        ('{"jsonrpc": "2.0", "id": 7, "method": "ping", "params": [1]}', INVALID_REQUEST, 7),
        ('{"jsonrpc": "2.0", "id": null, "method": "ping"}', INVALID_REQUEST, None),
        ('{"jsonrpc": "2.0", "id": true, "method": "ping"}', INVALID_REQUEST, None),
        ('{"jsonrpc": "2.0", "id": 1.5, "method": "ping"}', INVALID_REQUEST, 1.5),
        ('{"jsonrpc": "2.0", "id": NaN, "method": "ping"}', INVALID_REQUEST, None),
        ('{"jsonrpc": "2.0", "id": {}, "method": "ping"}', INVALID_REQUEST, None),
    ],
)
def test_what_is_no_message_has_an_answer(line: str, code: int, number: Any) -> None:
    with pytest.raises(Unreadable) as caught:
        read(line)
    answer = json.loads(caught.value.answer)
    assert (answer["jsonrpc"], answer["id"], answer["error"]["code"]) == ("2.0", number, code)
    assert answer["error"]["message"] == str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        PING,
        PING + "\r",
        '{"jsonrpc": "2.0", "method": "notifications/x", "params": {"a": [NaN]}}',
        '{"jsonrpc": "2.0", "id": "x", "method": "of/tomorrow", "params": null}',
        '{"jsonrpc": "2.0", "id": 1, "result": {}}',
        '{"jsonrpc": "2.0", "id": 1, "error": {"code": 1, "message": "x"}}',
    ],
)
def test_a_message_stays_as_it_came(line: str) -> None:
    assert read(line).line == line


def test_an_id_that_is_a_whole_number_with_a_point_is_that_number() -> None:
    message = read('{"jsonrpc": "2.0", "id": 3.0, "method": "ping"}')
    assert message.content["id"] == json.loads(message.line)["id"] == 3 and "3.0" not in message.line


@pytest.mark.parametrize("mark", ["", " ", "\ufeff"])
def test_a_list_of_messages_is_each_of_them(mark: str) -> None:
    parts = parts_of(f'{mark}[{PING}, 1, {{"a": "é"}}]\r')
    assert list(map(json.loads, parts)) == [json.loads(PING), 1, {"a": "é"}]


@pytest.mark.parametrize("line", [PING, "[]", "[", "[1", "1", f"[{'1,' * 1000}1]", "[" * 5000])
def test_what_is_no_list_of_messages_is_one_line(line: str) -> None:
    assert parts_of(line) == [line]


def test_a_byte_order_mark_is_dropped() -> None:
    assert read("\ufeff" + PING).line == PING


@pytest.mark.parametrize("half", ["\\ud83d", "\\udc00"])
def test_half_of_a_character_is_replaced(half: str) -> None:
    said = f'{{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {{"name": "a{half}b"}}}}'
    message = read(said)
    assert message.content["params"] == {"name": "a\ufffdb"}
    assert json.loads(message.line) == message.content


def test_a_result_is_one_line() -> None:
    assert (
        result("a", to_json({"text": "é\n"}))
        == '{"jsonrpc":"2.0","id":"a","result":{"text":"é\\n"}}'.encode()
    )


def call(arguments: Any, name: Any = "a") -> str:
    params = {"name": name, "arguments": arguments}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})


@pytest.mark.parametrize(
    "text, held",
    [('{"a": ["b"], "c": null}', {"a": ["b"], "c": None}), ("{}", {}), (" \n", {}), ("", {}), ("null", {})],
)
def test_arguments_may_be_the_text_of_an_object(text: str, held: Any) -> None:
    message = read(call(text))
    assert message.content["params"] == {"name": "a", "arguments": held}
    assert json.loads(message.line) == message.content


@pytest.mark.parametrize(
    "given",
    [[], [{"a": 1}], "[]", "0", "CANARY", '{"CANARY": 1,}', "{'a': True}", 1, True, "{" * 300, '"{}"',
     json.dumps({"a": 1}) * 2, "[" * 199 + "]" * 199],
)  # fmt: skip
def test_other_arguments_have_an_answer(given: Any) -> None:
    with pytest.raises(Unreadable, match="one JSON object; nothing was run") as caught:
        read(call(given))
    assert json.loads(caught.value.answer)["error"]["code"] == INVALID_PARAMS
    assert b"CANARY" not in caught.value.answer


def test_no_line_is_made_deeper_than_the_sdk_reads() -> None:
    for depth in range(190, 210):
        try:
            from_json(read(call('{"a":' * depth + "1" + "}" * depth)).line)
        except Unreadable:
            assert depth > 190


@pytest.mark.parametrize("name", [None, 5, ["a"], {}])
def test_a_name_that_is_no_text_has_an_answer(name: Any) -> None:
    with pytest.raises(Unreadable, match="name of a tool must be a text"):
        read(call({}, name))


def test_arguments_of_other_methods_stay_as_they_came() -> None:
    line = call("{}").replace("tools/call", "of/tomorrow")
    assert read(line).line == line


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_json_has_not_is_not_lost_where_a_line_is_mended(number: str) -> None:
    within = f'{{"prompt": "a\\ud83d", "max_acu_limit": {number}}}'
    line = call("HERE").replace('"HERE"', within)
    for read_line in (read(line).line, read(call(within.replace("\\ud83d", ""))).line):
        assert str(json.loads(read_line)["params"]["arguments"]["max_acu_limit"]) in ("nan", "inf", "-inf")
