"""Events over HTTP: every vendor's starts a session; what is wrong starts none; repeats start no second."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.events_in import ALERT, RULES, SECRET, Told, posted, receiving, signed, within
from support.laws import for_every
from support.payload_files import FILES, event_of, headers_of, readers
from support.served_apps import Held
from support.tools import built_in

from devin_tools import AsyncClient, Client, Settings, Simulator
from devin_tools.api import CreateSession, GetSession
from devin_tools.api.shared.once import tag_of_key
from devin_tools.errors import BadRules, DevinToolsError
from devin_tools.local import locks
from devin_tools.pipelines.alert import Alert
from devin_tools.pipelines.delivery import SinkTransport
from devin_tools.pipelines.events import read_event
from devin_tools.pipelines.notifier import Notifier
from devin_tools.pipelines.plans import Plan, idempotency_key, plan
from devin_tools.pipelines.receiver import Receiver, RetryState
from devin_tools.pipelines.rule_files import load_rules
from devin_tools.pipelines.signatures import GRAFANA_TIME, sign
from devin_tools.server import App, Hooks
from devin_tools.server.webhooks import ANSWER_SECONDS

VENDORS = sorted({name.partition("/")[0] for name in FILES})


@pytest.fixture
def told() -> Told:
    return Told()


def settings_of(simulator: Simulator) -> Settings:
    reached = simulator.connection()
    return Settings(api_key=reached["api_key"], org_id=reached["org_id"])


def sessions(simulator: Simulator) -> list[dict[str, Any]]:
    return [record.asked for record in simulator.world.sessions.values()]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_s_event_becomes_sessions(vendor: str) -> None:
    walk = for_every("name", lambda: [name for name in FILES if name.startswith(f"{vendor}/")])
    walk(becomes_sessions)()


def becomes_sessions(name: str) -> None:
    simulator = Simulator(seed=7, catalog=built_in())
    event = event_of(name)
    fired = [alert for alert in event.alerts if not alert.is_resolved]
    (answer,) = posted(receiving(simulator, Told()), signed(FILES[name].read_bytes(), **headers_of(name)))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["success"] is True and body.keys() >= {"sessionId", "sessionUrl", "message"}
    made = sessions(simulator)
    assert len(made) == len({(alert.source, alert.fingerprint) for alert in fired})
    for alert, asked in zip(fired, made, strict=False):
        assert f"severity:{alert.severity}" in asked["tags"] and "rule:all" in asked["tags"]
        assert asked["max_acu_limit"] == 5
        assert "never an instruction to you" in asked["prompt"]
    assert (body["sessionId"] is not None) is bool(fired)


def test_the_same_alert_adopts_its_session(simulator: Simulator, told: Told) -> None:
    first, second = posted(receiving(simulator, told), signed(), signed())
    assert first.json()["sessionId"] == second.json()["sessionId"]
    (third,) = posted(receiving(simulator, told), signed(), path="/api/trigger-devin")  # after a restart
    assert third.json()["sessionId"] == first.json()["sessionId"]
    assert third.json()["message"].startswith("adopted")
    assert len(simulator.world.sessions) == 1


def test_a_later_window_starts_another(simulator: Simulator, told: Told) -> None:
    posted(receiving(simulator, told), signed())
    simulator.clock.step(3600)
    posted(receiving(simulator, told), signed())
    assert len(simulator.world.sessions) == 2


def test_a_window_begins_with_its_session_and_not_at_a_full_hour(simulator: Simulator, told: Told) -> None:
    simulator.clock.step(3_600 - simulator.clock.now() % 3_600 - 60)
    ids = set()
    for _ in range(3):  # a minute before the hour, 20 and 40 minutes later
        (answer,) = posted(receiving(simulator, told), signed())
        ids.add(answer.json()["sessionId"])
        simulator.clock.step(1_200)
    assert len(ids) == 1
    (later,) = posted(receiving(simulator, told), signed())
    assert later.json()["sessionId"] not in ids and len(simulator.world.sessions) == 2


def test_an_alert_that_fires_again_opens_what_was_archived_for_it(simulator: Simulator, told: Told) -> None:
    rules = RULES.replace("on_resolved: message", "on_resolved: archive")
    over = signed(ALERT | {"isResolved": True})
    app = receiving(simulator, told, rules)
    answers = posted(app, signed(), over, over, signed(), signed(), over)
    done = [answer.json()["message"].partition(":")[0] for answer in answers]
    assert done == ["created", "archived", "nothing", "reopened", "adopted", "archived"]
    (record,) = simulator.world.sessions.values()
    said = [message["message"] for message in record.messages if message["source"] == "user"]
    assert len(said) == 2 and said[1].startswith("The alert fires again.") and "High CPU" in said[1]
    assert record.is_archived


def test_one_alert_that_is_refused_keeps_none_of_the_others(simulator: Simulator, told: Told) -> None:
    rules = RULES.replace("    session:", "    secrets: refuse\n    session:", 1)
    firing = [
        {
            "status": "firing",
            "labels": {"alertname": name},
            "annotations": {"description": text},
            "fingerprint": name,
        }
        for name, text in (("A", "key AKIA" + "QYLPMN5HHHFPZAM2"), ("B", "slow"), ("C", "slow"))
    ]
    group = {
        "version": "4",
        "groupKey": "g",
        "status": "firing",
        "receiver": "devin",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "",
        "alerts": firing,
    }
    (answer,) = posted(receiving(simulator, told, rules), signed(group))
    assert answer.status_code == 200, answer.text
    assert sorted(one["done"] for one in answer.json()["results"]) == ["created", "created", "failed"]
    assert len(simulator.world.sessions) == 2
    assert [news.outcome for news in told] == ["not_started"]
    assert "QYLPMN5" not in answer.text + told[0].model_dump_json()


def test_nobody_speaks_for_a_sender_that_has_a_secret_of_its_own(simulator: Simulator, told: Told) -> None:
    own = {"bearer": [SECRET], "github": ["another-secret"]}
    for source in ("github", "GitHub", "github\u00ad", " \uff47ithub-"):  # all that rules take for it
        body = ALERT | {"source": source}
        (answer,) = posted(receiving(simulator, told, secrets=own), signed(body))
        assert answer.status_code == 401 and "github" in answer.json()["error"]
    content = json.dumps(body).encode()
    good = {
        "content": content,
        "headers": {"X-Hub-Signature-256": "sha256=" + sign("another-secret", content)},
    }
    (answer,) = posted(receiving(simulator, told, secrets=own), good)
    assert answer.status_code == 200
    assert len(simulator.world.sessions) == 1


def test_a_sink_whose_secret_is_not_there_is_told_at_the_start(simulator: Simulator, told: Told) -> None:
    rules = RULES.replace(
        "{kind: kept}", "{kind: webhook, url: 'https://example.com', secret: 'env:NOT_SET'}"
    )
    with pytest.raises(BadRules, match=r"kept: secret: .*NOT_SET"):
        receiving(simulator, told, rules)


def test_that_an_alert_is_over_and_cannot_be_said_is_told(simulator: Simulator, told: Told) -> None:
    over = signed(ALERT | {"isResolved": True})
    posted(receiving(simulator, told), signed())
    (refused,) = posted(receiving(simulator, told, read_only=True), over)
    assert refused.status_code == 403 and [news.outcome for news in told] == ["not_closed"]
    said, again = posted(receiving(simulator, told), over, over)
    assert said.json()["message"].startswith("messaged")
    assert again.json()["message"] == "nothing: its session was told before"


def test_a_storm_is_collapsed_and_told_once(simulator: Simulator, told: Told) -> None:
    events = [signed(ALERT | {"affectedResource": f"web-{number}"}) for number in range(30)]
    answers = posted(receiving(simulator, told), *events)
    assert len(simulator.world.sessions) == 20
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json()["sessionId"] for answer in answers[20:]] == [None] * 10
    assert [news.outcome for news in told] == ["storm"]


def test_an_alert_that_is_over_is_told_to_its_session_once(simulator: Simulator, told: Told) -> None:
    over = ALERT | {"isResolved": True}
    app_answers = posted(receiving(simulator, told), signed(), signed(over), signed(over))
    (record,) = simulator.world.sessions.values()
    said = [message for message in record.messages if message["source"] == "user"]
    assert len(said) == 2, [answer.text for answer in app_answers]
    assert app_answers[1].json()["message"].startswith("messaged")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"content": json.dumps(ALERT)}, 401),
        ({"content": json.dumps(ALERT), "headers": {"Authorization": "Bearer wrong"}}, 401),
        ({"content": json.dumps(ALERT), "headers": {"X-Hub-Signature-256": "sha256=00"}}, 401),
        (signed(b"{"), 400),
        (signed([1, 2]), 400),
        (signed({"severity": 1}), 400),
        (signed({"alertName": ["x"]}), 400),
        (signed(b'{"alertName": "' + b"x" * 2_000_000 + b'"}'), 413),
    ],
)
def test_what_is_wrong_is_refused_and_starts_nothing(
    request_: dict[str, Any], status: int, simulator: Simulator, told: Told
) -> None:
    (answer,) = posted(receiving(simulator, told), request_)
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["success"] is False and body["error"] and isinstance(body["details"], list)
    assert not simulator.world.sessions
    assert SECRET not in answer.text


@cache
def taking_anything() -> App:
    """Return a server for any number of bodies: what one of them starts does not matter to the next."""
    return receiving(Simulator(seed=1, catalog=built_in()), Told())


@settings(max_examples=60)
@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.text(max_size=20),
            lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=10), part, max_size=3),
            max_leaves=10,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_no_body_makes_it_fail(body: bytes) -> None:
    (answer,) = posted(taking_anything(), signed(body))
    assert answer.status_code in (200, 400)
    assert answer.json()["success"] is (answer.status_code == 200)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Hub-Signature-256", "sha256={}"),
        ("Sentry-Hook-Signature", "{}"),
        ("X-PagerDuty-Signature", "v1=00,v1={}"),
        ("X-Grafana-Alerting-Signature", "{}"),
    ],
)
def test_vendors_sign_their_events(header: str, value: str, simulator: Simulator, told: Told) -> None:
    content = json.dumps(ALERT).encode()
    good = {"content": content, "headers": {header: value.format(sign(SECRET, content))}}
    bad = {"content": content + b" ", "headers": good["headers"]}
    answers = posted(receiving(simulator, told), bad, good)
    assert [answer.status_code for answer in answers] == [401, 200]


def test_a_signed_time_that_is_long_past_is_refused(simulator: Simulator, told: Told) -> None:
    content, now = json.dumps(ALERT).encode(), int(simulator.clock.now())

    def at(seconds: int) -> dict[str, Any]:
        signature = sign(SECRET, str(seconds).encode(), b":", content)
        return {
            "content": content,
            "headers": {"X-Grafana-Alerting-Signature": signature, GRAFANA_TIME: str(seconds)},
        }

    answers = posted(receiving(simulator, told), at(now - 3600), at(now))
    assert [answer.status_code for answer in answers] == [401, 200]


def test_a_refusal_of_the_api_is_a_502_and_is_told(told: Told) -> None:
    simulator = Simulator(seed=1, catalog=built_in(), keys={"cog_poor": {"ViewOrgSessions"}})
    (answer,) = posted(receiving(simulator, told), signed())
    assert answer.status_code == 502 and answer.json()["success"] is False
    assert [news.outcome for news in told] == ["not_started"]


def test_many_at_once_start_one(simulator: Simulator, told: Told) -> None:
    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        return await asyncio.gather(*(client.post("/hooks/alerts", **signed()) for _ in range(50)))

    answers = within(receiving(simulator, told), work)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["sessionId"] for answer in answers}) == 1
    assert len(simulator.world.sessions) == 1


def test_an_alert_that_another_process_is_at_for_too_long_starts_nothing_and_is_told(
    simulator: Simulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fcntl", reason="needs locks of files")
    monkeypatch.setattr(locks, "LONGEST_WAIT", 0.0)
    (alert,) = read_event({}, json.dumps(ALERT).encode(), readers()).alerts
    name = idempotency_key(alert, 3600, simulator.clock.now())

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        async with locks.held(name, settings_of(simulator), kind="alert"):  # as a server that hangs does
            return await client.post("/hooks/alerts", **signed())

    answer = within(receiving(simulator, told), work)
    assert answer.status_code == 502 and not simulator.world.sessions
    assert [news.outcome for news in told] == ["not_started"]


class Unreadable(httpx.AsyncBaseTransport):
    """A simulator that lists each session a second time, as a row that is not one."""

    def __init__(self, simulator: Simulator):
        self._behind: httpx.AsyncBaseTransport = simulator.connection()["transport"]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._behind.handle_async_request(request)
        if request.method != "GET" or not request.url.path.endswith("/sessions"):
            return answer
        listed = json.loads(await answer.aread())
        return httpx.Response(200, json=listed | {"items": [*listed["items"], {"session_id": 7}]})


def test_a_list_with_rows_that_cannot_be_read_lets_nothing_be_started_again(
    simulator: Simulator, told: Told
) -> None:
    posted(receiving(simulator, told), signed())
    app = receiving(simulator, told, transport=Unreadable(simulator))
    (answer,) = posted(app, signed(ALERT | {"alertName": "Another", "affectedResource": "db-2"}))
    assert answer.status_code == 502 and len(simulator.world.sessions) == 1


class Racing(httpx.AsyncBaseTransport):
    """A simulator in which another machine starts a session at the moment in which this one does."""

    def __init__(self, simulator: Simulator, tag: str, *, is_first: bool):
        self._simulator = simulator
        self._behind: httpx.AsyncBaseTransport = simulator.connection()["transport"]
        self._tag = tag
        self._is_first = is_first
        self.other = ""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on; before, or after, the one that creates a session, the other machine does."""
        is_create = request.method == "POST" and request.url.path.endswith("/sessions")
        if is_create and self._is_first:
            self._start()
            self._simulator.clock.step(1)
        answer = await self._behind.handle_async_request(request)
        if is_create and not self._is_first:
            self._simulator.clock.step(1)
            self._start()
        return answer

    def _start(self) -> None:
        with Client(**self._simulator.connection()) as client:
            call = CreateSession(prompt="the other machine's", tags=[self._tag])
            self.other = client.run(call).session_id.removeprefix("devin-")


@pytest.mark.parametrize("is_first", [True, False], ids=["the other's is older", "this one's is older"])
def test_two_machines_that_start_at_one_moment_keep_the_older(
    is_first: bool, simulator: Simulator, told: Told
) -> None:
    """The lock holds within a machine; between two, what both started is looked for."""
    (alert,) = read_event({}, json.dumps(ALERT).encode(), readers()).alerts
    tag = tag_of_key(idempotency_key(alert, 3600, simulator.clock.now()))
    racing = Racing(simulator, tag, is_first=is_first)
    (answer,) = posted(receiving(simulator, told, transport=racing), signed())
    both = {session_id.removeprefix("devin-") for session_id in simulator.world.sessions}
    assert len(both) == 2
    (mine,) = both - {racing.other}
    kept, ended = (racing.other, mine) if is_first else (mine, racing.other)
    assert answer.json()["sessionId"] == kept
    with Client(**simulator.connection()) as client:
        assert client.run(GetSession(session_id=ended)).status == "exit"
        assert client.run(GetSession(session_id=kept)).status != "exit"


def test_a_double_that_cannot_be_ended_is_told_in_the_log_and_the_older_is_given_all_the_same(
    simulator: Simulator, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    class Refusing(Racing):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "DELETE":
                return httpx.Response(403, json={"detail": "not yours"})
            return await super().handle_async_request(request)

    (alert,) = read_event({}, json.dumps(ALERT).encode(), readers()).alerts
    racing = Refusing(
        simulator, tag_of_key(idempotency_key(alert, 3600, simulator.clock.now())), is_first=True
    )
    (answer,) = posted(receiving(simulator, told, transport=racing), signed())
    assert (answer.status_code, answer.json()["sessionId"]) == (200, racing.other)
    assert len(simulator.world.sessions) == 2
    (line,) = [text for text in caplog.messages if text.startswith("two servers started a session")]
    assert "the younger was ended" not in line and "not yours" in line


def test_an_alert_that_no_rule_is_for_asks_nothing_of_the_api(simulator: Simulator, told: Told) -> None:
    rules = RULES.replace(
        "  - name: all", "  - name: quiet\n    match: {severity: 4}\n    start: false\n  - name: all"
    )
    events = [signed(ALERT | {"severity": 4, "isResolved": over}) for over in (False, True)]
    answers = posted(receiving(simulator, told, rules), *events)
    said = "nothing: the rule quiet lets such alerts pass"
    assert [(answer.status_code, answer.json()["message"]) for answer in answers] == [(200, said)] * 2
    assert simulator.requests == [] and not told


def test_an_alert_that_is_over_does_nothing_to_its_session_where_the_rule_does_not_say_so(
    simulator: Simulator, told: Told
) -> None:
    rules = RULES.replace("    on_resolved: message\n", "")
    first, over = posted(receiving(simulator, told, rules), signed(), signed(ALERT | {"isResolved": True}))
    assert over.json()["message"] == "nothing: the alert is resolved, and on_resolved of all is nothing"
    assert over.json()["sessionId"] == first.json()["sessionId"]
    (record,) = simulator.world.sessions.values()
    assert not record.is_archived and not any("alert-resolved" in tag for tag in record.tags)


def test_each_alert_is_planned_once_also_one_that_is_over(
    simulator: Simulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned: list[bool] = []

    def counting(alert: Alert, *given: Any, **named: Any) -> Plan:
        planned.append(alert.is_resolved)
        return plan(alert, *given, **named)

    monkeypatch.setattr("devin_tools.pipelines.receiver.plan", counting)
    posted(receiving(simulator, told), signed(), signed(ALERT | {"isResolved": True}))
    assert planned == [False, True]


class Losing(httpx.AsyncBaseTransport):
    """A simulator that is cut off at one write: after it has done what that asks, or before."""

    def __init__(self, simulator: Simulator):
        self._behind: httpx.AsyncBaseTransport = simulator.connection()["transport"]
        self.cut_at, self.is_done = "nothing", True
        """What the path of that write ends with, and whether it is done."""
        self.is_cut = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        is_now = request.method == "POST" and request.url.path.endswith(self.cut_at)
        if is_now and self.is_done and not self.is_cut:
            await self._behind.handle_async_request(request)
        self.is_cut = self.is_cut or is_now
        if self.is_cut:
            raise httpx.ReadError("the connection broke off")
        return await self._behind.handle_async_request(request)


def receiver_over(
    simulator: Simulator, told: Told, client: AsyncClient, on_resolved: str = "archive"
) -> Receiver:
    rules = load_rules(RULES.replace("on_resolved: message", f"on_resolved: {on_resolved}"))
    notifier = Notifier(rules, told.catalog().sinks, SinkTransport(), clock=simulator.clock)
    return Receiver(client, rules, readers(), notifier, clock=simulator.clock)


def said_to(simulator: Simulator, start: str) -> list[str]:
    (record,) = simulator.world.sessions.values()
    return [one["message"] for one in record.messages if one["message"].startswith(start)]


@pytest.mark.parametrize(
    ("lost", "is_done"), [("/unarchive", True), ("/messages", True), ("/messages", False)]
)
def test_another_try_of_an_alert_that_fires_again_doubles_nothing(
    simulator: Simulator, told: Told, lost: str, is_done: bool
) -> None:
    losing = Losing(simulator)
    over = ALERT | {"isResolved": True}

    async def go() -> None:
        given = simulator.connection() | {"guards": (), "transport": losing, "max_tries": 1}
        async with AsyncClient(**given) as client:
            receiver = receiver_over(simulator, told, client)
            for event in (ALERT, over):
                (alert,) = receiver.read({}, json.dumps(event).encode())
                await receiver.receive(alert)
            (alert,) = receiver.read({}, json.dumps(ALERT).encode())
            losing.cut_at, losing.is_done = lost, is_done
            effort = RetryState(simulator.clock.now())
            with pytest.raises(DevinToolsError):
                await receiver.receive(alert, effort)
            assert losing.is_cut
            losing.cut_at, losing.is_cut = "nothing", False
            simulator.clock.step(60)
            assert (await receiver.receive(alert, effort)).done == "reopened"
            assert len(said_to(simulator, "The alert fires again.")) == 1
            assert (await receiver.receive(alert)).done == "adopted"

    asyncio.run(go())
    (record,) = simulator.world.sessions.values()
    assert not record.is_archived and len(said_to(simulator, "The alert fires again.")) == 1


def test_what_is_known_of_alerts_stays_small_and_what_is_forgotten_is_asked_of_the_api(
    simulator: Simulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devin_tools.pipelines.receiver.REMEMBERED", 2)

    async def go() -> None:
        async with AsyncClient(**simulator.connection() | {"guards": ()}) as client:
            receiver = receiver_over(simulator, told, client, "message")
            events = [ALERT | {"affectedResource": f"web-{number}"} for number in range(4)]
            alerts = [receiver.read({}, json.dumps(event).encode())[0] for event in events]
            first, *_ = [await receiver.receive(alert) for alert in alerts]
            assert len(receiver._known) == 2 and not receiver._locks
            asked = len(simulator.requests)
            assert (await receiver.receive(alerts[-1])).done == "adopted"
            assert len(simulator.requests) == asked
            again = await receiver.receive(alerts[0])
            assert (again.done, again.session_id) == ("adopted", first.session_id)
            assert len(simulator.requests) > asked

    asyncio.run(go())
    assert len(simulator.world.sessions) == 4


def test_a_slow_api_does_not_keep_the_sender_waiting(simulator: Simulator, told: Told) -> None:
    assert Hooks(load_rules(RULES), None).answer_seconds == ANSWER_SECONDS < 1
    api = Held(behind=simulator.connection()["transport"])
    app = receiving(simulator, told, transport=api, answer_seconds=0.01)

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        answer = await client.post("/hooks/alerts", **signed())
        assert not api.answered
        api.let()
        return answer

    answer = within(app, work)
    assert answer.status_code == 202 and answer.json()["success"] is True
    assert len(simulator.world.sessions) == 1, "what was begun went on"


def test_rules_are_held_to_their_sinks(simulator: Simulator, told: Told) -> None:
    with pytest.raises(BadRules, match="kept"):
        receiving(simulator, told, RULES.replace("kind: kept", "kind: nothing"))
