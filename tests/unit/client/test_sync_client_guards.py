"""Guards are asked before every call and told what it gave. Each test holds for both clients."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from devin_tools.api import GetSession
from devin_tools.errors import NotFound, Refused


def found(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"session_id": "abc"})


def missing(request: httpx.Request) -> httpx.Response:
    return httpx.Response(404, json={"detail": "Session not found"})


class Watcher:
    """A guard that keeps what it sees, and vetoes when told to."""

    def __init__(self, name: str, seen: list[Any], vetoes: bool = False):
        self.name, self.seen, self.vetoes = name, seen, vetoes

    def before(self, spec: Any, call: Any) -> None:
        self.seen.append((self.name, "before", spec.name, call))
        if self.vetoes:
            raise Refused("Not today.", hint="Try tomorrow.")

    def after(self, spec: Any, call: Any, outcome: Any) -> None:
        self.seen.append((self.name, "after", spec.name, type(outcome).__name__))


def test_guards_are_asked_before_and_told_after_in_order(run) -> None:
    seen: list[Any] = []
    call = GetSession(session_id="abc")
    run(found, call, guards=[Watcher("one", seen), Watcher("two", seen)])
    assert seen == [
        ("one", "before", "devin_get_session", call),
        ("two", "before", "devin_get_session", call),
        ("one", "after", "devin_get_session", "Session"),
        ("two", "after", "devin_get_session", "Session"),
    ]


def test_guards_are_told_of_errors_too(run) -> None:
    seen: list[Any] = []
    with pytest.raises(NotFound):
        run(missing, GetSession(session_id="abc"), guards=[Watcher("one", seen)])
    assert seen[-1] == ("one", "after", "devin_get_session", "NotFound")


def test_a_veto_stops_the_call_before_anything_is_sent(run) -> None:
    seen: list[Any] = []
    sent: list[httpx.Request] = []
    guards = [Watcher("one", seen), Watcher("two", seen, vetoes=True), Watcher("three", seen)]
    with pytest.raises(Refused, match="Not today"):
        run(sent.append, GetSession(session_id="abc"), guards=guards, org_id=None)
    assert sent == [] and [entry[0] for entry in seen] == ["one", "two"]
