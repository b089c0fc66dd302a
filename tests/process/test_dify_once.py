"""The Dify plugin keeps what its texts promise: what an answer was lost of is adopted, not paid again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from devin_tools import Simulator
from devin_tools.adapters.dify import messages
from devin_tools.simulator.response import Answer
from devin_tools.wire import Request


class Losing(Simulator):
    """Loses the answer to the first create."""

    creates = 0

    def handle(self, request: Request, *rest: Any, **more: Any) -> Answer:
        answer = super().handle(request, *rest, **more)
        self.creates += request.method == "POST"
        is_first = request.method == "POST" and self.creates == 1
        return Answer(answer.status, answer.body, answer.headers, delivery="reset") if is_first else answer


def tool_of(url: str, org_id: str) -> Any:
    """Return what Dify gives: the credentials, and makers of messages."""
    credentials = {"api_key": "cog_any", "org_id": org_id, "base_url": url}
    return SimpleNamespace(
        runtime=SimpleNamespace(credentials=credentials),
        create_json_message=lambda value: ("json", value),
        create_variable_message=lambda key, value: (key, value),
    )


def test_a_session_whose_answer_was_lost_is_adopted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEVIN_TAG_CREATES", raising=False)
    simulator = Losing(seed=1)
    with simulator.serve() as server:
        tool: Any = tool_of(server.url, simulator.world.org_id)
        said: dict[str, Any] = dict(messages(tool, "devin_create_session", {"prompt": "PAY"}))
    assert said["json"]["creation"] == "adopted" and simulator.creates == 1
    assert len([one for one in simulator.world.sessions.values() if "PAY" in str(one.asked)]) == 1
