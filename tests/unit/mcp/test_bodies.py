"""A body is given on as it came, unless there is a parser that does not take it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from support.laws import for_every

from devin_tools.errors import UsageError
from devin_tools.mcp.bodies import MAX_BODY, read_json


def read(*parts: bytes, end: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Read parts, and what `end` is after them; return what is given again, up to two messages more."""
    sent = [{"type": "http.request", "body": part, "more_body": True} for part in parts[:-1]]
    sent += [{"type": "http.request", "body": parts[-1], "more_body": end is not None}]
    sent += [end or {"type": "http.disconnect"}, {"type": "http.disconnect"}]
    source = iter(sent)

    async def receive() -> dict[str, Any]:
        return next(source)

    async def work() -> list[dict[str, Any]]:
        again = await read_json(receive)
        return [dict(await again()) for _ in sent]

    given = asyncio.run(work())
    assert given == sent
    return given


def nested(depth: int) -> bytes:
    return b'[{"a":' * (depth // 2) + b"1" + b"}]" * (depth // 2)


KEPT = [
    (b"{}",),
    (b"{", b"}"),
    (nested(200),),
    (b"[" + b"[]," * 9_000 + b"1]",),
    (json.dumps({"text": '"[\\' * 9_000 + "{" * 9_000}).encode(),),
    (json.dumps({"text": "\U0001f600", "number": 10**400}).encode(),),
    (b"[" * MAX_BODY, b"["),  # the SDK refuses it by its length
]


@for_every("parts", lambda: KEPT)
def test_a_body_that_parsers_take_is_given_on_as_it_came(parts: tuple[bytes, ...]) -> None:
    read(*parts)
    read(*parts, end={"type": "http.request", "body": b" ", "more_body": False})


REFUSED = [
    (nested(202),),
    (b"[" * 60_000,),
    (b"[" * 150, b'"a",' + b"[" * 150),
    (("[" * 300).encode("utf-16"),),
    ('{"a": 1}'.encode("utf-32"),),
    (b'{"a": "\xff"}',),
    (b'{"id": "\\ud800"}',),
    (b'{"\\udfff": 1}',),
    (b'{"id": ' + b"9" * 5_000 + b"}",),
    (b'{"a": "\0"}',),
    (b'{"a": 1}{}',),
    (b"{",),
    (b"",),
]


@for_every("parts", lambda: REFUSED)
def test_a_body_that_some_parser_does_not_take_is_refused(parts: tuple[bytes, ...]) -> None:
    with pytest.raises(UsageError, match="not JSON, or is nested too deeply"):
        read(*parts)


def test_arguments_as_text_are_given_on_as_the_object_that_they_are() -> None:
    sent = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "a", "arguments": '{"b": NaN}'},
    }
    body = json.dumps(sent).encode()

    async def work() -> dict[str, Any]:
        parts = iter([(body[:9], True), (body[9:], False)])

        async def receive() -> dict[str, Any]:
            part, is_open = next(parts)
            return {"type": "http.request", "body": part, "more_body": is_open}

        return dict(await (await read_json(receive))())

    given = asyncio.run(work())
    assert (given["type"], given["more_body"]) == ("http.request", False)
    assert str(json.loads(given["body"])["params"]) == "{'name': 'a', 'arguments': {'b': nan}}"
