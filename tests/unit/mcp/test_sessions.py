"""A session is its opener's, and nobody's sessions push out those of others."""

from __future__ import annotations

import pytest

from devin_tools.errors import NotFound
from devin_tools.mcp.client_pool import OWN
from devin_tools.mcp.sessions import Sessions


class Hours:
    """A clock that goes on by one at each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def can_visit(sessions: Sessions, name: str, caller: str) -> bool:
    try:
        with sessions.visited(name, caller):
            return True
    except NotFound:
        return False


def test_only_the_opener_gets_into_a_session_and_only_while_it_is_open() -> None:
    sessions = Sessions()
    sessions.add("one", "ada")
    assert can_visit(sessions, "one", "ada")
    assert not any(can_visit(sessions, name, "bob") for name in ("one", "two", ""))
    sessions.forget("one")
    assert not can_visit(sessions, "one", "ada")


def test_a_caller_with_too_many_sessions_gives_up_the_one_it_has_not_used_for_longest() -> None:
    sessions = Sessions(each=2, now=Hours())
    assert sessions.add("of bob", "bob") == sessions.add("a1", "ada") == sessions.add("a2", "ada") == []
    assert can_visit(sessions, "a1", "ada")
    assert sessions.add("a3", "ada") == ["a2"]
    assert can_visit(sessions, "of bob", "bob")


def test_a_session_at_work_outlasts_those_that_are_idle() -> None:
    sessions = Sessions(each=2, now=Hours())
    sessions.add("a1", "ada")
    with sessions.visited("a1", "ada"):
        sessions.add("a2", "ada")
        assert sessions.add("a3", "ada") == ["a2"]


def test_when_there_are_too_many_in_all_the_caller_with_the_most_gives_up_one() -> None:
    sessions = Sessions(most=3, now=Hours())
    for name, caller in (("b1", "bob"), ("a1", "ada"), ("a2", "ada")):
        sessions.add(name, caller)
    assert sessions.add("c1", "cy") == ["a1"]
    assert can_visit(sessions, "b1", "bob") and len(sessions) == 3


def test_holders_of_the_servers_token_are_bounded_by_the_whole_alone() -> None:
    sessions = Sessions(most=5, each=1, now=Hours())
    assert [sessions.add(str(number), OWN) for number in range(6)] == [[], [], [], [], [], ["0"]]


def test_idle_sessions_end_when_another_is_opened() -> None:
    clock = Hours()
    sessions = Sessions(idle_seconds=60, now=clock)
    sessions.add("a1", "ada")
    sessions.add("a2", "ada")
    with sessions.visited("a2", "ada"):
        clock.now += 100
        assert sessions.add("b1", "bob") == ["a1"]


def test_a_session_that_nobody_has_is_told_without_its_name() -> None:
    with pytest.raises(NotFound) as caught, Sessions().visited("CANARY", "ada"):
        pass
    assert "CANARY" not in str(caught.value.as_dict())
