"""A driver of flows without I/O: it answers each step from a table and keeps what the flow did."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

from devin_tools import DevinToolsError, Settings
from devin_tools.flow import (
    DRAWS,
    After,
    AppendLines,
    Before,
    Draw,
    Flow,
    Hold,
    KeepSecret,
    LastLines,
    Monotonic,
    Now,
    Pause,
    Progress,
    ReadLastLines,
    ReadRepository,
    Recall,
    RepositoryState,
    SaveText,
    Setting,
)
from devin_tools.wire import Request, Response

__all__ = ["EPOCH", "Driver", "ok"]

EPOCH = 1_767_225_600.0
"""When the time of a driver starts: 2026-01-01 00:00 UTC, on a whole second."""

Answer = Response | DevinToolsError
Answering = Callable[[Request], Answer]


def ok(body: Any, **headers: str) -> Response:
    """Return a 200 with this body."""
    return Response(200, json.dumps(body).encode(), headers)


class Driver:
    """Performs the steps of a flow in a time of its own, which only pauses move.

    `answers` are given in their order, or are a function of the request. `chance` is what every
    draw comes to, from 0 up to, but not including, 1.
    """

    def __init__(
        self, answers: Iterable[Answer] | Answering = (), *, chance: float = 0.5, **settings: Any
    ) -> None:
        self.answer_with(answers)
        self._settings = Settings(**settings)
        self._bits = int(chance * DRAWS)
        self.now = EPOCH
        self.set_by = 0.0
        """By how much somebody has set the clock on the wall: waits do not go by that one."""
        self.steps: list[Any] = []

    def answer_with(self, answers: Iterable[Answer] | Answering) -> None:
        """Answer requests with these from now on."""
        if callable(answers):
            self._answer: Answering = answers
        else:
            in_order = iter(answers)
            self._answer = lambda _: next(in_order)

    def run(self, flow: Flow[Any]) -> Any:
        """Perform a flow to its end: return what it returns, or raise what it raises."""
        reply: Any = None
        fault: DevinToolsError | None = None
        while True:
            try:
                step = flow.throw(fault) if fault else flow.send(reply)
            except StopIteration as done:
                return done.value
            self.steps.append(step)
            reply = self._reply(step)
            reply, fault = (None, reply) if isinstance(reply, DevinToolsError) else (reply, None)

    def _reply(self, step: Any) -> Any:
        match step:
            case Request():
                return self._answer(step)
            case Pause(seconds):
                assert seconds >= 0
                self.now += seconds
            case Now():
                return self.now + self.set_by
            case Monotonic():
                return self.now
            case Draw():
                return self._bits
            case Setting(name):
                return getattr(self._settings, name)
            case Before(call):
                return call
            case ReadRepository():
                return RepositoryState("github.com/acme/shop", "main", (), 0, (), ())
            case KeepSecret(path):
                return f"/there/{path}"
            case ReadLastLines(folder, name):
                return LastLines(f"{folder}/{name}", (), 0, 0)
            case AppendLines(text=text, at=at):
                return at + len(text.encode())
            case SaveText(folder, name):
                return f"{folder}/{name}"
            case Hold():
                return nullcontext()
            case After() | Progress() | Recall():
                pass
            case _:
                raise AssertionError(f"{step!r} is not a step")
        return None

    def kept(self, kind: type[Any]) -> list[Any]:
        """Return the steps of one kind."""
        return [step for step in self.steps if isinstance(step, kind)]

    @property
    def requests(self) -> list[Request]:
        """The requests, in their order."""
        return self.kept(Request)

    @property
    def writes(self) -> list[Request]:
        """The requests that change something."""
        return [request for request in self.requests if request.method != "GET"]

    @property
    def pauses(self) -> list[float]:
        """The seconds of each pause."""
        return [step.seconds for step in self.kept(Pause)]
