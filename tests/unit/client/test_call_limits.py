"""The rules of the settings: what each refuses, wherever the call stands, and what it says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from support.furnished import Worlds
from support.laws import for_every
from support.tools import starts_git, tools

from devin_tools import Client, Simulator, Spec
from devin_tools.api import (
    ArchiveSession,
    CreateSession,
    GetSession,
    ListSessions,
    SendMessage,
    TerminateSession,
)
from devin_tools.client.call_limits import require_permitted
from devin_tools.errors import Ambiguous, BadRequest, Refused
from devin_tools.permissions import is_permitted
from devin_tools.settings import FILE_SETTINGS, VARIABLES, Settings
from devin_tools.simulator import Faults
from devin_tools.tasks import RunTask, WaitSession, WaitSessions

CREATE, TASK = CreateSession(prompt="x"), RunTask(prompt="x")
RULES: list[tuple[str, Any, Any, Any]] = [
    ("read_only", True, CREATE, ListSessions()),
    ("read_only", True, TASK, WaitSessions(session_ids=["abc"])),
    ("read_only", True, TerminateSession(session_id="abc"), ListSessions()),
    ("allowed_tools", ("devin_list_sessions",), CREATE, ListSessions()),
    ("allowed_tools", ("devin_create_session",), TASK, CREATE),
    ("allowed_tools", ("devin_run_task",), ListSessions(), TASK),
    ("denied_tools", ("devin_terminate_session",), TerminateSession(session_id="abc"), CREATE),
    ("denied_tools", ("devin_create_session",), CREATE, ListSessions()),
    ("denied_tools", ("devin_create_session",), TASK, ListSessions()),
    ("denied_tools", ("devin_run_task",), TASK, CREATE),
    ("denied_tools", ("devin_terminate_sesion",), TerminateSession(session_id="abc"), CREATE),
    ("denied_tools", ("devin_pin_session", "devin_run_tsk"), TASK, CREATE),
    ("max_acu", 5, CreateSession(prompt="x", max_acu_limit=6), CreateSession(prompt="x", max_acu_limit=5)),
    ("max_acu", 5, RunTask(prompt="x", max_acu_limit=6), RunTask(prompt="x", max_acu_limit=1)),
    ("max_sessions", 0, CREATE, ListSessions()),
    ("max_sessions", 0, TASK, ListSessions()),
    ("confirm", True, CREATE, ListSessions()),
    ("confirm", True, TASK, ListSessions()),
    ("confirm", True, SendMessage(session_id="abc", message="x"), ListSessions()),
    ("confirm", True, TerminateSession(session_id="abc"), ListSessions()),
]
every_rule = for_every("rule, value, refused, passes", lambda: RULES)


@pytest.fixture
def go(with_client: Callable[..., Any], simulator: Simulator) -> Callable[..., Any]:
    """Return a function that runs calls one after another over the simulator, with either client."""

    def run_all(*calls: Any, **options: Any) -> Any:
        async def work(perform: Any) -> Any:
            return [await perform("run", call) for call in calls][-1]

        return with_client(None, work, **simulator.connection(), **options)

    return run_all


@every_rule
def test_a_rule_refuses_and_says_which_it_is_and_how_to_change_it(
    go: Any, simulator: Simulator, rule: str, value: Any, refused: Any, passes: Any
) -> None:
    with pytest.raises(Refused) as caught:
        go(refused, **{rule: value})
    error = caught.value
    assert VARIABLES[rule] in error.hint and f"setting {rule} " in error.hint
    assert error.details == ({"rule": rule, "variable": VARIABLES[rule]},)
    assert not error.retryable and not simulator.world.sessions
    assert [method for method, _ in simulator.requests if method != "GET"] == []


@every_rule
def test_a_rule_lets_the_rest_pass(go: Any, rule: str, value: Any, refused: Any, passes: Any) -> None:
    go(passes, **{rule: value})


def test_every_rule_is_in_the_table() -> None:
    others = {"api_key", "org_id", "base_url", "max_tries", "max_retry_seconds", "tag_creates", "default_acu"}
    others |= {*FILE_SETTINGS}  # they bound files, not calls: test_attachments.py
    others |= {"allow_unbounded"}  # it refuses nothing: test_guards_spending.py
    others |= {"dry_run"}  # it lets nothing pass: test_guards_attacked.py
    assert {rule for rule, _, _, _ in RULES} == VARIABLES.keys() - others


@pytest.mark.parametrize("kind", ["create", "task", "message", "end"])
def test_consent_is_given_with_the_call_and_covers_its_parts(simulator: Simulator, kind: str) -> None:
    with Client(**simulator.connection(), guards=(), confirm=True) as client:
        made = client.run(CREATE, confirm=True).session_id
        end, message = TerminateSession(session_id=made), SendMessage(session_id=made, message="x")
        call: Any = {"create": CREATE, "task": TASK, "message": message, "end": end}[kind]
        client.run(call, confirm=True)
        with pytest.raises(Refused, match=r"pass confirm=True where a person consents"):
            client.run(call)


def test_consent_is_asked_of_events_too(simulator: Simulator) -> None:
    with Client(**simulator.connection(), guards=(), confirm=True) as client:
        with pytest.raises(Refused):
            next(client.events(TASK))
        assert [*client.events(TASK, confirm=True)][-1].value.outcome == "finished"


def free() -> list[Spec]:
    """Return the tools that neither spend, destroy, administer accounts nor show a secret."""
    return [spec for spec in tools() if not spec.effect.needs_consent]


@pytest.fixture
def worlds(folder_for_files: Path) -> Worlds:
    return Worlds(guards=(), confirm=True)


@for_every("spec", lambda: [spec for spec in free() if not starts_git(spec.name)])
def test_consent_is_not_asked_for_what_does_no_harm(worlds: Worlds, spec: Spec) -> None:
    assert worlds.run(spec, spec.examples[0])


ACU = [
    ({}, None, None),
    ({}, 7, 7),
    ({"default_acu": 3}, None, 3),
    ({"default_acu": 3}, 7, 7),
    ({"max_acu": 5}, None, 5),
    ({"max_acu": 5}, 2, 2),
    ({"max_acu": 5, "default_acu": 3}, None, 3),
    ({"max_acu": 5, "default_acu": 3}, 5, 5),
]


@for_every("limits, tool", lambda: product(ACU, [CreateSession, RunTask]))
def test_a_session_gets_the_default_limit_unless_it_has_its_own(
    go: Any, simulator: Simulator, limits: Any, tool: Any
) -> None:
    (settings, asked, sent), before = limits, len(simulator.world.sessions)
    go(tool(prompt="x", **({} if asked is None else {"max_acu_limit": asked})), **settings)
    (record,) = list(simulator.world.sessions.values())[before:]
    assert record.asked["max_acu_limit"] == sent


def test_a_limit_of_null_is_no_way_around_the_default(go: Any, simulator: Simulator) -> None:
    go(CreateSession(prompt="x", max_acu_limit=None), max_acu=5)
    (record,) = simulator.world.sessions.values()
    assert record.asked["max_acu_limit"] == 5


@pytest.mark.parametrize("call", [CREATE, TASK])
@pytest.mark.parametrize("most", [1, 3])
def test_a_client_starts_as_many_as_it_may(go: Any, simulator: Simulator, call: Any, most: int) -> None:
    go(*[call] * most, max_sessions=most)
    with pytest.raises(Refused, match=f"has started {most} sessions"):
        go(*[call] * (most + 1), max_sessions=most)
    assert len(simulator.world.sessions) == 2 * most


def test_sessions_that_are_adopted_do_not_count(go: Any, simulator: Simulator) -> None:
    keyed = [CreateSession(prompt="x", idempotency_key=key) for key in "ab"]
    go(*keyed)
    go(*keyed, CREATE, max_sessions=1)
    assert len(simulator.world.sessions) == 3


def test_a_task_may_be_resumed_when_no_more_sessions_may_be_started(go: Any, simulator: Simulator) -> None:
    slices = [RunTask(prompt="x", idempotency_key="k", max_seconds=20)] * 5
    assert go(*slices, max_sessions=1).outcome == "finished"
    assert len(simulator.world.sessions) == 1


def test_a_key_is_no_way_around_the_most_sessions(go: Any, simulator: Simulator) -> None:
    with pytest.raises(Refused, match="has started 1 sessions"):
        go(*(CreateSession(prompt="x", idempotency_key=key) for key in "ab"), max_sessions=1)
    assert len(simulator.world.sessions) == 1


def test_sessions_that_the_api_refused_do_not_count(simulator: Simulator) -> None:
    with Client(**simulator.connection(), guards=(), max_sessions=1) as client:
        for _ in range(3):
            with pytest.raises(BadRequest):
                client.run(CreateSession(prompt="x", platform="amiga"))
        client.run(CREATE)


def test_sessions_that_a_guard_refused_do_not_count(simulator: Simulator) -> None:
    class Veto:
        is_on = True

        def before(self, spec: Any, call: Any) -> None:
            if self.is_on:
                raise Refused("Not now.")

        def after(self, spec: Any, call: Any, outcome: Any) -> None:
            pass

    veto = Veto()
    with Client(**simulator.connection(), guards=[veto], max_sessions=1) as client:
        for call in (CREATE, TASK):
            with pytest.raises(Refused, match="Not now"):
                client.run(call)
        veto.is_on = False
        client.run(CREATE)


def test_a_session_that_may_have_been_started_counts(simulator: Simulator) -> None:
    simulator.faults = Faults(rate=1.0, kinds=("lost",))
    with Client(**simulator.connection(), guards=(), max_sessions=1, tag_creates=False) as client:
        with pytest.raises(Ambiguous):
            client.run(CREATE)
        with pytest.raises(Refused, match="has started 1 sessions"):
            client.run(CREATE)
    assert len(simulator.world.sessions) == 1


def test_twenty_threads_together_start_no_more_than_they_may(simulator: Simulator) -> None:
    together = threading.Barrier(20)

    def start(client: Client) -> bool:
        together.wait()
        try:
            return client.run(CREATE).creation == "created"
        except Refused:
            return False

    with (
        Client(**simulator.connection(), guards=(), max_sessions=7) as client,
        ThreadPoolExecutor(20) as pool,
    ):
        assert sum(pool.map(start, [client] * 20)) == len(simulator.world.sessions) == 7


class Watcher:
    """A guard that keeps what it is asked about, and what it is told of."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.told: list[tuple[str, str]] = []

    def before(self, spec: Any, call: Any) -> None:
        self.asked.append(call)

    def after(self, spec: Any, call: Any, outcome: Any) -> None:
        self.told.append((spec.name, type(outcome).__name__))


def test_plugin_guards_see_the_writes_inside_a_task_and_not_its_reads(go: Any) -> None:
    watcher = Watcher()
    go(TASK, guards=[watcher], default_acu=4)
    assert [type(call) for call in watcher.asked] == [RunTask, CreateSession]
    assert watcher.asked[1].max_acu_limit == 4
    assert watcher.told == [("devin_create_session", "CreatedSession"), ("devin_run_task", "TaskOutput")]


def test_a_plugin_guard_can_stop_the_create_inside_a_task(go: Any, simulator: Simulator) -> None:
    class NoCreates(Watcher):
        def before(self, spec: Any, call: Any) -> None:
            if spec.name == "devin_create_session":
                raise Refused("No sessions today.")

    guard = NoCreates()
    with pytest.raises(Refused, match="No sessions today"):
        go(TASK, guards=[guard])
    assert simulator.requests == [] and guard.told == [("devin_run_task", "Refused")]


def test_reads_of_ones_own_are_asked_about(go: Any) -> None:
    watcher = Watcher()
    go(ListSessions(), WaitSessions(session_ids=["abc"]), guards=[watcher])
    assert [type(call) for call in watcher.asked] == [ListSessions, WaitSessions]


def test_a_read_only_client_still_waits(simulator: Simulator) -> None:
    with Client(**simulator.connection(), guards=()) as client:
        session_id = client.run(CREATE).session_id
    with Client(**simulator.connection(), guards=(), read_only=True) as client:
        assert client.run(WaitSession(session_id=session_id)).outcome == "finished"
        assert client.run(GetSession(session_id=session_id)).status == "running"
        with pytest.raises(Refused):
            client.run(ArchiveSession(session_id=session_id))


@for_every("spec", tools)
def test_what_is_not_offered_by_the_settings_is_what_they_refuse(spec: Spec) -> None:
    names = ("devin_get_session", spec.name), ("devin_get_session",)
    rules = [
        {"read_only": True},
        *({rule: some} for rule in ("allowed_tools", "denied_tools") for some in names),
    ]
    for rule in ({}, *rules):
        settings = Settings(**rule)
        try:
            require_permitted(spec, settings)
        except Refused as refused:
            assert not is_permitted(spec, settings) and refused.details[0]["rule"] in rule
        else:
            assert is_permitted(spec, settings)
