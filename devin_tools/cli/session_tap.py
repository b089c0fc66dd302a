"""What a flow sees of sessions while it runs: a flow around a flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from ..api.sessions import Session, SessionPage
from ..flow import Flow, Step, relay
from ..reading import read
from ..wire import Request, Response

T = TypeVar("T")


def looking(flow: Flow[T], see: Callable[[Sequence[Session]], None]) -> Flow[T]:
    """Perform a flow, and show every session that an answer brings, changed or not."""

    def answer(step: Step) -> Flow[Any]:
        reply = yield step
        if isinstance(step, Request) and isinstance(reply, Response):
            see(_sessions(step, reply))
        return reply

    return relay(flow, answer)


def _sessions(request: Request, response: Response) -> Sequence[Session]:
    if response.status >= 400:
        return ()
    try:
        if request.tool == "devin_get_session":
            return [read(Session, response.body)]
        if request.tool == "devin_list_sessions":
            return read(SessionPage, response.body).sessions
    except ValidationError:  # no answer of the API: the flow judges it
        pass
    return ()
