"""What a flow sees of sessions while it runs: a flow around a flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from ..api.sessions import Session, SessionPage
from ..errors import DevinToolsError
from ..flow import Flow
from ..reading import read
from ..wire import Request, Response

__all__ = ["looking"]

T = TypeVar("T")


def looking(flow: Flow[T], see: Callable[[Sequence[Session]], None]) -> Flow[T]:
    """Perform a flow, and show every session that an answer brings, changed or not."""
    reply: Any = None
    fault: DevinToolsError | None = None
    while True:
        try:
            step = flow.throw(fault) if fault else flow.send(reply)
        except StopIteration as done:
            value: T = done.value
            return value
        reply = fault = None
        try:
            reply = yield step
        except DevinToolsError as error:
            fault = error
        if isinstance(step, Request) and isinstance(reply, Response):
            see(_sessions(step, reply))


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
