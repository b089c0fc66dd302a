"""Ceilings hold for all that spends, by what each tool says of how it does: a plugin's tool too."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from itertools import product
from typing import Annotated, Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from pydantic import Field
from support.laws import for_every
from support.tools import built_in, tools

from devin_tools import AsyncClient, Catalog, Client, Output, Settings, Simulator, Spec, Tool
from devin_tools.adapters.function import functions
from devin_tools.api import (
    CreateSchedule,
    CreateSession,
    SendMessage,
    TriggerPullRequestReview,
    UpdateAutomation,
    UpdateSchedule,
)
from devin_tools.cli import consent
from devin_tools.client.call_limits import acu_bound, recurring_cost
from devin_tools.declarations import describe
from devin_tools.dispatch import dispatch
from devin_tools.errors import BadDeclaration, DevinToolsError, Refused
from devin_tools.export.manifest import effect_of
from devin_tools.export.manifest_schema import MANIFEST_SCHEMA
from devin_tools.export.openapi import openapi_of
from devin_tools.export.providers.payloads import anthropic, mcp, openai_chat
from devin_tools.flow import Flow
from devin_tools.generate.tables import tool_table
from devin_tools.mcp.consent import question
from devin_tools.permissions import is_permitted
from devin_tools.presets import PRESETS, chosen, narrowed, offered
from devin_tools.tasks import FanOut, RunTask
from devin_tools.tool import READ, WRITE, Input, Spending, perform
from devin_tools.wire import GET, POST

STANDING = ("devin_create_schedule", "devin_update_schedule")
EACH_MINUTE: dict[str, Any] = {"name": "n", "prompt": "p", "frequency": "* * * * *"}
ONCE: dict[str, Any] = {
    "name": "n",
    "prompt": "p",
    "schedule_type": "one_time",
    "scheduled_at": "2099-01-01T00:00:00Z",
}
CREATE, ONE_TIME = CreateSchedule(**EACH_MINUTE), CreateSchedule(**ONCE)
REVIEW = TriggerPullRequestReview(pr_url="https://github.com/acme/shop/pull/7")
CHANGES: list[dict[str, Any]] = [
    {"enabled": True},
    {"isEnabled": True},
    {"frequency": "* * * * *"},
    {"cronSchedule": "* * * * *"},
    {"prompt": "another"},
    {"interval_count": 1},
    {"enabled": True, "schedule_type": "weekly"},
    {"name": "n"},
    ONCE | {"frequency": "* * * * *"},
]


class Done(Output):
    """What a tool of somebody else gives."""


class Limits(Input):
    """Limits of a watch."""

    acus: Annotated[int, Field(le=10**12)] | None = None
    """The most ACUs of each session."""


class WatchTickets(Tool[Done]):
    """Watch the tickets, and start a session for each."""

    route = POST("/v3/organizations/{org_id}/watches")
    effect = WRITE.billable(Spending(starts="standing", limit="limits.acus", cron="every"))

    limits: Limits | None = None
    """Limits."""

    every: str | None = None
    """When, as a cron expression."""


class ScanCode(Tool[Done]):
    """Scan the code."""

    route = POST("/v3/organizations/{org_id}/scans")
    effect = WRITE.billable(Spending(starts="one", limit="acus"))

    acus: int | None = None
    """The most ACUs."""

    idempotency_key: str | None = None
    """A name, by which this tool adopts nothing."""


class PeekAtCode(ScanCode):
    """Look at the code, for money."""

    effect = READ.billable(Spending(starts="one", limit="acus"))


class ScanAndMore(Tool[Done]):
    """Scan the code among other things."""

    effect = WRITE.billable(Spending(starts="parts"))

    def flow(self) -> Flow[Done]:
        """Perform what spends."""
        yield from perform(PeekAtCode())
        return Done()


class Told(Tool[Done]):
    """Start a session, as if that were nothing."""

    effect = WRITE

    def flow(self) -> Flow[Done]:
        """Perform what spends."""
        yield from perform(CreateSession(prompt="x"))
        return Done()


class WatchQuietly(Tool[Done]):
    """Watch the tickets among other things, and say nothing of it."""

    effect = WRITE.billable(Spending(starts="parts"))

    def flow(self) -> Flow[Done]:
        """Perform what repeats."""
        return (yield from perform(WatchTickets()))


class WatchOpenly(WatchQuietly):
    """Watch the tickets among other things."""

    effect = WRITE.billable(Spending(starts="standing"))


class Sent:
    """An API of somebody else, which takes all and keeps what it was sent."""

    def __init__(self, status: int = 200) -> None:
        self.bodies: list[Any] = []
        self.status = status

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(json.loads(request.content or b"null"))
        return httpx.Response(self.status, json={})

    def client(self, **rules: Any) -> Client:
        """Return a client of it."""
        settings = Settings(api_key="cog_x", org_id="org-1", max_tries=1, max_retry_seconds=0, **rules)  # type: ignore[arg-type]
        clock = Simulator().connection()["clock"]
        return Client(settings, transport=httpx.MockTransport(self), guards=(), clock=clock)


Wrapped = Annotated[Limits, Field(description="A limit.")]


def limited(kind: Any, default: Any = None) -> Any:
    """Make a tool whose limit stands in a field of this kind."""
    field = Field(default=default, description="What bounds it.")
    path = "x" if kind in (int, int | None) else "x.acus"
    facts = {"route": POST("/v3/x"), "effect": WRITE.billable(Spending(starts="one", limit=path))}
    body = {"__doc__": "Spend.", "__module__": __name__, "__annotations__": {"x": kind}, "x": field, **facts}
    return type(Tool[Done])("SpendSome", (Tool[Done],), body)


UNHELD: list[tuple[dict[str, Any], Tool[Any]]] = [
    *product(
        [{"max_acu": 5}, {"max_sessions": 0}, {"max_sessions": 1000}],
        [CREATE, CreateSchedule(**ONCE | {"frequency": "* * * * *"})],
    ),
    *product([{"max_acu": 5}, {"max_sessions": 0}], [ONE_TIME, REVIEW]),
    *(
        (rule, UpdateSchedule(schedule_id="s", **change))
        for rule, change in product([{"max_acu": 5}, {"max_sessions": 3}], CHANGES)
    ),
    *product(
        [{"read_only": True}, {"confirm": True}, {"dry_run": True}],
        [CREATE, ONE_TIME, REVIEW, PeekAtCode(), ScanAndMore()],
    ),
    ({"max_sessions": 3}, WatchTickets()),
    ({"max_acu": 5}, WatchTickets(limits=Limits(acus=6))),
    ({"max_acu": 5}, WatchTickets(limits=Limits(acus=0))),
    ({"max_acu": 5}, WatchTickets(limits=Limits(acus=-1))),
    ({"max_acu": 5}, ScanCode(acus=10**11)),
    ({"max_sessions": 0}, ScanCode()),
    ({"max_sessions": 0}, ScanAndMore()),
    ({"confirm": True}, ScanCode()),
]


@for_every("rule, call", lambda: UNHELD)
def test_a_ceiling_refuses_what_it_cannot_hold_before_anything_is_sent(rule: Any, call: Any) -> None:
    sent = Sent()
    with sent.client(**rule) as client, pytest.raises(Refused) as caught:
        client.run(call)
    assert sent.bodies == [] and f"setting {next(iter(rule))} " in caught.value.hint


@for_every("rule, call", lambda: UNHELD)
def test_a_preview_refuses_what_a_ceiling_does(rule: Any, call: Any) -> None:
    is_ceiling = "max_acu" in rule or rule.get("max_sessions", 0) > 0
    if is_ceiling and not isinstance(call, ScanAndMore):
        with Sent().client(**rule) as client, pytest.raises(Refused):
            client.preview(call)


@for_every("change", lambda: [{"enabled": False}, {"is_enabled": False}, {"isEnabled": False, "name": "n"}])
def test_a_schedule_can_be_stopped_under_every_ceiling(simulator: Simulator, change: Any) -> None:
    with Client(**simulator.connection(), guards=()) as client:
        made = client.run(CREATE).scheduled_session_id
    with Client(**simulator.connection(), guards=(), max_acu=1, max_sessions=0) as client:
        assert client.run(UpdateSchedule(schedule_id=made, **change)).enabled is False


def test_what_no_ceiling_holds_passes_where_a_person_allowed_it(simulator: Simulator) -> None:
    with Client(
        **simulator.connection(), guards=(), max_acu=5, max_sessions=2, allow_unbounded=True
    ) as client:
        client.run(CREATE)
        client.run(REVIEW)
        with pytest.raises(Refused, match="has started 2 sessions"):
            client.run(ONE_TIME)
        with pytest.raises(Refused, match="above the ceiling"):
            client.run(CreateSession(prompt="x", max_acu_limit=6))


def test_what_starts_once_counts_one(simulator: Simulator) -> None:
    with Client(**simulator.connection(), guards=(), max_sessions=3) as client:
        for call in (ONE_TIME, REVIEW, CreateSession(prompt="x")):
            client.run(call)  # type: ignore[arg-type]
        for call in (ONE_TIME, REVIEW, CreateSession(prompt="x"), RunTask(prompt="x")):
            with pytest.raises(Refused, match="has started 3 sessions"):
                client.run(call)  # type: ignore[arg-type]


@for_every(
    "call, sent",
    lambda: [
        (WatchTickets(), {"limits": {"acus": 3}}),
        (WatchTickets(limits=None), {"limits": {"acus": 3}}),
        (WatchTickets(limits=Limits(acus=None)), {"limits": {"acus": 3}}),
        (WatchTickets(limits=Limits(acus=5)), {"limits": {"acus": 5}}),
        (ScanCode(), {"acus": 3}),
        (ScanCode(acus=None), {"acus": 3}),
        (ScanAndMore(), {"acus": 3}),
        *((limited(kind), {"x": {"acus": 3}}) for kind in (Limits | None, Wrapped | None)),
        (limited(Limits)(x=Limits()), {"x": {"acus": 3}}),
        (limited(int | None), {"x": 3}),
        (limited(int, default=4), {"x": 4}),
    ],
)
def test_a_limit_left_out_or_taken_away_becomes_the_default_wherever_it_stands(call: Any, sent: Any) -> None:
    """One that is the field's own default is sent too: what nobody gave stays unsaid otherwise."""
    api = Sent()
    with api.client(max_acu=5, default_acu=3) as client:
        client.run(call() if isinstance(call, type) else call)
    assert api.bodies == [sent]


@for_every("rule", lambda: [{"max_acu": 5}, {"default_acu": 2}])
def test_a_limit_that_is_a_field_s_default_is_held_and_sent(rule: Any) -> None:
    api = Sent()
    with api.client(**rule) as client:
        if "max_acu" in rule:
            with pytest.raises(Refused, match="above the ceiling"):
                client.run(limited(int, default=100)())
        else:
            client.run(limited(int, default=100)())
    assert api.bodies == ([] if "max_acu" in rule else [{"x": 100}])


@for_every("status, counts", lambda: [(400, 0), (404, 0), (429, 0), (500, 1), (200, 1)])
def test_a_failure_counts_unless_surely_nothing_was_started(status: int, counts: int) -> None:
    api = Sent(status)
    with api.client(max_sessions=1) as client:
        for _ in range(2):
            with pytest.raises(DevinToolsError) if status != 200 else pytest.MonkeyPatch.context():
                client.run(ScanCode())
            if counts:
                break
        api.status = 200
        if not counts:
            client.run(ScanCode())
        with pytest.raises(Refused, match="has started 1 sessions"):
            client.run(ScanCode())


def test_a_key_of_somebody_else_s_tool_buys_nothing() -> None:
    with Sent().client(max_sessions=2) as client:
        for _ in range(2):
            client.run(ScanCode(idempotency_key="k"))
        with pytest.raises(Refused, match="has started 2 sessions"):
            client.run(ScanCode(idempotency_key="k"))


def test_threads_together_start_no_more_of_anything_than_they_may() -> None:
    api, together = Sent(), threading.Barrier(20)

    def start(client: Client) -> bool:
        together.wait()
        try:
            client.run(ScanCode())
        except Refused:
            return False
        return True

    with api.client(max_sessions=7) as client, ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(start, [client] * 20)) == len(api.bodies) == 7


@for_every("spec", tools)
def test_every_tool_says_how_it_spends_or_that_it_does_not(spec: Spec) -> None:
    assert spec.effect.is_billable == (spec.effect.spending is not None)
    names = spec.input_schema.get("properties", {})
    assert spec.effect.is_billable or "max_acu_limit" not in names


def test_the_tools_of_the_package_spend_as_they_are_known_to() -> None:
    spending = {spec.name: spec.effect.spending.starts for spec in built_in() if spec.effect.spending}
    found = {kind: {name for name, one in spending.items() if one == kind} for kind in spending.values()}
    assert found == {
        "one": {
            "devin_create_session",
            *("devin_trigger_pull_request_review", "devin_trigger_enterprise_pr_review"),
            *("devin_start_code_scan", "devin_start_ingestion_scan", "devin_remediate_finding"),
            *("devin_start_enterprise_scan", "devin_start_enterprise_ingestion_scan"),
            "devin_remediate_enterprise_finding",
        },
        "standing": {
            *STANDING,
            *("devin_enable_auto_scan", "devin_enable_enterprise_auto_scan"),
            *("devin_create_automation", "devin_update_automation"),
        },
        "parts": {
            "devin_run_task",
            "devin_fan_out",
            "devin_fix_bug",
            "devin_review_pull_request",
            "devin_handoff",
        },
        "nothing": {"devin_send_message", "devin_send_enterprise_message"},
    }


def test_a_message_wakes_a_session_within_the_limit_that_it_was_started_with(simulator: Simulator) -> None:
    with Client(**simulator.connection(), guards=(), max_acu=5, max_sessions=1) as client:
        made = client.run(CreateSession(prompt="x")).session_id
        assert simulator.world.sessions[made].asked["max_acu_limit"] == 5
        client.run(SendMessage(session_id=made, message="more"))


BAD: list[tuple[Spending | None, str]] = [
    (None, "must say how"),
    (Spending(starts="one", limit="nothing"), "not a field that holds a whole number"),
    (Spending(starts="one", limit="text"), "not a field that holds a whole number"),
    (Spending(starts="one", limit="share"), "not a field that holds a whole number"),
    (Spending(starts="one", limit="inner.text"), "not a field that holds a whole number"),
    (Spending(starts="one", limit="either"), "not a field that holds a whole number"),
    (Spending(starts="nothing", limit="acus"), "has no limit to say"),
    (Spending(starts="parts"), "has a route"),
    (Spending(starts="standing", cron="nothing"), "nothing is not a field"),
    (Spending(starts="standing", once=("kind", "x")), "kind is not a field"),
    (Spending(starts="standing", stops="enabled"), "enabled is not a field"),
    (Spending(starts="one", cron="text"), "text is not a field of what starts"),
]


@for_every("spending, message", lambda: BAD)
def test_a_tool_that_does_not_say_how_it_spends_is_refused(spending: Any, message: str) -> None:
    class Inner(Input):
        """What is in it."""

        text: str = ""
        """A text."""

    class SpendMuch(Tool[Done]):
        """Spend much."""

        route = POST("/v3/x")
        effect = WRITE.billable(spending)
        acus: int = 1
        """A whole number."""
        share: float = 1.0
        """A number, which could be none at all."""
        text: str = ""
        """A text."""
        either: int | str = 1
        """A number or a text."""
        inner: Inner | None = None
        """More."""

    with pytest.raises(BadDeclaration, match=message):
        describe(SpendMuch)


def test_the_fact_is_refused_of_a_tool_that_is_not_said_to_spend() -> None:
    class SpendLittle(Tool[Done]):
        """Spend little."""

        route = POST("/v3/x")
        effect = WRITE.__class__("write", spending=Spending(starts="one"))

    with pytest.raises(BadDeclaration, match="must say how"):
        describe(SpendLittle)


def test_a_tool_made_from_one_that_spends_is_refused_when_it_says_that_it_does_not() -> None:
    class StartQuietly(CreateSession):
        """Start a session, and say nothing of it."""

        effect = WRITE

    class StartMoreQuietly(StartQuietly):
        """Start a session, and say nothing of it."""

        effect = None

    for tool in (StartQuietly, StartMoreQuietly):
        with pytest.raises(BadDeclaration, match="is a CreateSession, which spends ACUs"):
            describe(tool)


def test_what_is_sent_again_after_faults_may_not_spend() -> None:
    class GetAnswer(Tool[Done]):
        """Get an answer, for money."""

        route = GET("/v3/answer")
        effect = READ.billable(Spending(starts="one"))

    with pytest.raises(BadDeclaration, match="sent again after faults"):
        describe(GetAnswer)


def test_what_reads_for_money_is_nowhere_among_what_only_reads() -> None:
    spec = describe(PeekAtCode)
    assert spec.effect.kind == "read" and not spec.effect.only_reads
    assert not PRESETS["observe"].has(spec) and not is_permitted(spec, Settings(read_only=True))
    assert mcp([spec])[0]["annotations"]["readOnlyHint"] is False
    operation = openapi_of([spec])["paths"]["/tools/devin_peek_at_code"]["post"]
    assert operation["x-openai-isConsequential"] is True


def test_what_repeats_is_no_part_of_a_call_that_does_not_say_so() -> None:
    api = Sent()
    with api.client(confirm=True) as client:
        with pytest.raises(Refused, match=r"devin_watch_quietly, .* does not say so") as caught:
            client.run(WatchQuietly(), confirm=True)
        assert "DEVIN_ALLOW_UNBOUNDED" in caught.value.hint and api.bodies == []
        client.run(WatchOpenly(), confirm=True)
    with api.client(allow_unbounded=True) as client:
        client.run(WatchQuietly())
    assert api.bodies == [{}, {}]


def test_what_repeats_is_no_part_of_an_asynchronous_call_that_does_not_say_so() -> None:
    async def start(api: Sent) -> None:
        settings = Settings(api_key="cog_x", org_id="org-1")  # type: ignore[arg-type]
        async with AsyncClient(settings, transport=httpx.MockTransport(api), guards=()) as client:
            await client.run(WatchQuietly())

    api = Sent()
    with pytest.raises(Refused, match="does not say so"):
        asyncio.run(start(api))
    assert api.bodies == []


def test_a_preview_and_a_dry_run_tell_what_the_parts_of_a_call_spend() -> None:
    with Sent().client(dry_run=True) as client:
        shown = client.preview(WatchQuietly())
        assert shown.is_billable and "start by themselves" in str(shown.cost)
        with pytest.raises(Refused, match=r"It can spend ACUs\. It makes sessions start by themselves"):
            client.run(WatchQuietly())
        assert client.preview(Told()).is_billable


COSTS: list[tuple[Tool[Any], str]] = [
    (CREATE, "up to 1,440 sessions start by themselves in a day, 43,200 in 30 days, without a limit of ACUs"),
    (CreateSchedule(**EACH_MINUTE | {"frequency": "0 2 * * 1-5"}), "up to 1 sessions .* in a day, 22 in 30"),
    (
        CreateSchedule(**EACH_MINUTE | {"frequency": "0 0 29 2 *"}),
        "up to 1 sessions .* in a day, 1 in 30 days",
    ),
    (CreateSchedule(**EACH_MINUTE | {"frequency": "*/30 8-9 1,15 * MON"}), "up to 4 .* in a day, 32 in 30"),
    (WatchTickets(every="0 * * * *"), "24 .* at most 5 ACUs each, 120 ACUs in a day and 3,600 in 30 days"),
    (
        WatchTickets(every="0 0 * * *", limits=Limits(acus=2)),
        "at most 2 ACUs each, 2 ACUs in a day and 60 in",
    ),
    (WatchTickets(every="often"), "how often, this call does not say"),
    (WatchTickets(), "how often, this call does not say"),
    (UpdateSchedule(schedule_id="s", enabled=True), "without a limit of ACUs; how often, this call does not"),
]


@for_every("call, cost", lambda: COSTS)
def test_what_repeats_says_what_it_costs_in_the_preview_and_where_consent_is_asked(
    call: Any, cost: str
) -> None:
    rules = {"max_acu": 5} if isinstance(call, WatchTickets) else {}
    with Sent().client(confirm=True, **rules) as client:
        shown = client.preview(call).cost
        assert shown is not None
        with pytest.raises(Refused, match="nobody confirmed it") as caught:
            client.run(call)
    assert re.search(cost, shown) and shown in str(caught.value)


@for_every("call", lambda: [ONE_TIME, REVIEW, CreateSession(prompt="x"), ScanAndMore()])
def test_what_does_not_repeat_says_no_such_cost(call: Any) -> None:
    assert recurring_cost(call, Settings()) is None


SAID: list[tuple[Tool[Any] | type[Tool[Any]], str, str]] = [
    (CreateSession(prompt="x"), "write, spends ACUs up to max_acu_limit", "without a limit"),
    (
        RunTask(prompt="x", max_acu_limit=4),
        "write, spends ACUs up to max_acu_limit a session",
        "at most 4 a s",
    ),
    (
        FanOut(prompt="{item}", items=["a"], max_acu_total=9),
        "write, spends ACUs up to max_acu_total in all",
        "at most 9 in all",
    ),
    (SendMessage(session_id="s", message="m"), "write, spends ACUs within the limit of its session", ""),
    (REVIEW, "write, spends ACUs without a limit", "without a limit"),
    (CREATE, "write, spends ACUs again and again by itself, without a limit", "without a limit"),
    (WatchTickets(limits=Limits(acus=2)), "by itself, up to limits.acus a session", "at most 2 a session"),
    (PeekAtCode(), "read, spends ACUs up to acus", "without a limit"),
    (
        UpdateAutomation(automation_id="a", enabled=True),
        "up to limits.max_acu_limit a session, shows a secret once",
        "within the limit that it has",
    ),
    (ScanAndMore(), "write, spends ACUs", ""),
]


@for_every("call, declared, bound", lambda: SAID)
def test_a_person_is_told_how_a_tool_spends_and_what_bounds_a_call(
    call: Any, declared: str, bound: str
) -> None:
    spec = describe(type(call))
    assert str(spec.effect).endswith(declared)
    assert acu_bound(call, Settings()).startswith(bound) and bool(acu_bound(call, Settings())) == bool(bound)
    assert f"| {spec.effect} |" in tool_table([spec])
    definitions = MANIFEST_SCHEMA["$defs"]
    Draft202012Validator(definitions["effect"] | {"$defs": definitions}).validate(effect_of(spec.effect))


def test_a_change_that_leaves_a_limit_alone_promises_no_other() -> None:
    def said(**fields: Any) -> str:
        return acu_bound(UpdateAutomation(automation_id="a", **fields), Settings(max_acu=7))

    assert said(name="n") == said(limits={"invocations": None}) == "within the limit that it has"
    assert (
        said(enabled=True)
        == said(limits=None)
        == said(limits={"max_acu_limit": None})
        == "at most 7 a session"
    )
    assert said(limits={"max_acu_limit": 3}) == "at most 3 a session"
    cost = recurring_cost(UpdateAutomation(automation_id="a", name="n"), Settings(max_acu=7))
    assert cost is not None and "each within the limit that it has" in cost


def test_what_is_taken_when_a_call_has_no_limit_is_told() -> None:
    calls = CreateSession(prompt="x"), WatchTickets(), RunTask(prompt="x")
    assert [acu_bound(call, Settings(max_acu=7)) for call in calls] == [
        "at most 7",
        "at most 7 a session",
        "at most 7 a session",
    ]


@for_every("spec", built_in)
def test_a_tool_of_the_package_names_each_field_that_bounds_what_it_spends(spec: Spec) -> None:
    told = asdict(spec.effect.spending) if spec.effect.spending else {}
    names = spec.input_schema["properties"]
    assert ("max_acu_limit" in names) == (told.get("limit") == "max_acu_limit")
    assert ("max_acu_total" in names) == (told.get("total") == "max_acu_total")


def test_a_person_who_is_asked_reads_what_it_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(consent, "require_consent", lambda text, given: asked.append(text))
    settings = Settings(confirm=True)
    assert consent.is_confirmed(settings, CREATE, yes=False)
    asked.append(question(describe(CreateSchedule), {}, recurring_cost(CREATE, Settings())))
    assert all("1,440 sessions start by themselves in a day" in text for text in asked) and len(asked) == 2


def catalog() -> Catalog:
    """Return a few tools of the package, and one of somebody else's."""
    specs = [*(built_in().spec(name) for name in (*STANDING, "devin_get_self")), describe(WatchTickets)]
    return Catalog({spec.name: spec for spec in specs})


WATCH = "devin_watch_tickets"
CHOICES: list[tuple[dict[str, Any], dict[str, Any], set[str]]] = [
    ({}, {}, set()),
    ({}, {"exclude": ["devin_get_self"]}, set()),
    ({}, {"preset": "operate"}, set()),
    ({}, {"preset": "automate"}, {*STANDING}),
    ({}, {"tools": "*"}, {*STANDING, WATCH}),
    ({}, {"include": [WATCH]}, {WATCH}),
    ({"allow_unbounded": True}, {}, {*STANDING, WATCH}),
    ({"allow_unbounded": True}, {"exclude": [WATCH]}, {*STANDING}),
    ({"allowed_tools": (WATCH,)}, {}, {WATCH}),
    ({"allowed_tools": ("devin_get_self",)}, {"tools": "*"}, set()),
    ({"read_only": True, "allow_unbounded": True}, {"tools": "*"}, set()),
]


@for_every("settings, choice, found", lambda: CHOICES)
def test_models_are_offered_what_repeats_only_where_a_person_chose_it(
    settings: Any, choice: Any, found: set[str]
) -> None:
    narrow = narrowed(catalog(), Settings(**settings), **choice)
    offer = offered(catalog(), narrow)
    assert {name for name in offer if name != "devin_get_self"} == found
    assert {tool["name"] for tool in mcp(list(offer.values()))} == offer.keys()
    assert len(openapi_of(list(offer.values()))["paths"]) == len(offer)


def test_exports_hold_what_repeats_only_where_a_person_chose_it() -> None:
    everything = list(chosen(catalog()))
    picked = chosen(catalog(), tools="*")
    for export in (openai_chat, anthropic, mcp, partial(anthropic, strict=True)):
        assert len(export(everything)) == 1
        assert len(export(picked)) == 4
    assert len(openapi_of(everything)["paths"]) == 1


@for_every("name", lambda: [*STANDING, WATCH])
def test_a_model_cannot_call_what_it_is_not_offered(name: str) -> None:
    sent, arguments = Sent(), {"schedule_id": "s"} if name == STANDING[1] else {}
    asked = {"type": "tool_use", "id": "1", "name": name, "input": arguments}
    with sent.client() as client:
        answer = dispatch(client, asked, catalog=catalog())
        assert answer["is_error"] and "DEVIN_ALLOW_UNBOUNDED" in answer["content"]
        assert name not in {one.name for one in functions(client, None, catalog())}
    assert sent.bodies == []
    with sent.client(allow_unbounded=True) as client:
        assert "offered to no model" not in dispatch(client, asked, catalog=catalog())["content"]
        assert name in {one.name for one in functions(client, None, catalog())}
