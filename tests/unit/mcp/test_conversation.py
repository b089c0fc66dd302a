"""How a conversation ends when the process is asked to stop, without the SDK."""

from __future__ import annotations

import asyncio
import os
import signal
from types import SimpleNamespace

import pytest

from devin_tools.mcp import conversation
from devin_tools.mcp.conversation import _Answers, _let_finish, _until_stopped


async def breaking(*, is_asked: bool) -> None:
    """Break in the way of the SDK, as it ends or before that."""
    try:
        if is_asked:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()
    finally:
        raise ExceptionGroup("streams", [ValueError("nobody takes this message")])


def test_what_breaks_while_the_sdk_ends_is_a_good_end() -> None:
    asyncio.run(_until_stopped(breaking(is_asked=True)))


def test_what_breaks_before_that_is_told() -> None:
    with pytest.raises(ExceptionGroup, match="streams"):
        asyncio.run(_until_stopped(breaking(is_asked=False)))


class Kept:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def send(self, line: bytes) -> None:
        self.lines.append(line)


def test_an_answer_is_due_until_it_is_sent_or_nobody_wants_it() -> None:
    async def converse() -> list[set[str]]:
        answers = _Answers(Kept(), is_greeted=False)  # type: ignore[arg-type]
        seen = []
        for message in (
            {"id": 1, "method": "ping"},
            {"id": "b", "method": "ping"},
            {"method": "ping"},
            {"id": 9},
        ):
            answers.expect(message)
        seen.append({*answers.due})
        for line in ('{"id": 1, "method": "elicitation/create"}', '{"id": 1, "result": {}}'):
            await answers.write(line)
            seen.append({*answers.due})
        answers.expect({"method": "notifications/cancelled", "params": {"requestId": "b"}})
        return [*seen, {*answers.due}]

    assert asyncio.run(converse()) == [{"1", "b"}, {"1", "b"}, {"b"}, set()]


def test_a_client_that_hangs_up_gets_the_answers_that_the_sdk_has_not_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conversation, "TURN_SECONDS", 0)

    async def hang_up() -> bool:
        answers = _Answers(Kept(), is_greeted=False)  # type: ignore[arg-type]
        answers.expect({"id": 1, "method": "tools/list"})
        waiting = asyncio.ensure_future(_let_finish(SimpleNamespace(under_way=0), answers))  # type: ignore[arg-type]
        for _ in range(20):
            await asyncio.sleep(0)
        was_waiting = not waiting.done()
        await answers.write('{"id": 1, "result": {}}')
        await waiting
        return was_waiting

    assert asyncio.run(hang_up())
