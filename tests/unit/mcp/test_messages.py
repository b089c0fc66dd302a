"""A line of standard input is a message, or has an answer that says why it is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic_core import to_json

from devin_tools.mcp.messages import INVALID_REQUEST, PARSE_ERROR, Unreadable, read, result

PING = '{"jsonrpc": "2.0", "id": 1, "method": "ping"}'


@pytest.mark.parametrize(
    ("line", "code", "number"),
    [
        ("{", PARSE_ERROR, None),
        ("hello", PARSE_ERROR, None),
        ("", PARSE_ERROR, None),
        (PING[:-1], PARSE_ERROR, None),
        (PING + PING, PARSE_ERROR, None),
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
        ('{"jsonrpc": "2.0", "id": 1.5, "method": "ping"}', INVALID_REQUEST, None),
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
