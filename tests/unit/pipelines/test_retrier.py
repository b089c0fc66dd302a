"""What was answered with success is followed to its end: tried again, never doubled, or told as lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from support.events_in import ALERT, RULES, Told, posted, receiving, signed, within
from support.laws import for_every
from support.served_apps import Held, until
from support.tools import built_in

from devin_tools import Simulator
from devin_tools.errors import BadRules
from devin_tools.pipelines.rule_files import load_rules

ANSWER_AT_ONCE = {"answer_seconds": 0.0}
OVER = ALERT | {"isResolved": True}


class Faulty(httpx.AsyncBaseTransport):
    """A simulator that fails the first requests of a kind, in a way of a test's choice."""

    def __init__(
        self, simulator: Simulator, fault: Callable[[httpx.Request], Any], times: int, path: str = ""
    ):
        self._behind: httpx.AsyncBaseTransport = simulator.connection()["transport"]
        self._fault, self.left, self._path = fault, times, path
        self.after = False
        """Whether it fails only after the request took effect."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Fail, or pass it on."""
        if self.left and request.url.path.endswith(self._path):
            self.left -= 1
            if self.after:
                await self._behind.handle_async_request(request)
            return self._fault(request)
        return await self._behind.handle_async_request(request)


def lost(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("gone", request=request)


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no", request=request)


FAULTS: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "500": lambda _: httpx.Response(500, json={"detail": "no"}),
    "503": lambda _: httpx.Response(503, text="<html>"),
    "429": lambda _: httpx.Response(429, headers={"retry-after": "7"}, json={"detail": "slow"}),
    "garbled": lambda _: httpx.Response(200, text='{"items": ['),
    "lost": lost,
    "unreachable": unreachable,
}


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after it took effect"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_passes_costs_no_alert_and_doubles_none(
    fault: str, after: bool, simulator: Simulator, told: Told
) -> None:
    api = Faulty(simulator, FAULTS[fault], 14, "/sessions")
    api.after = after
    (answer,) = posted(receiving(simulator, told, transport=api, max_tries=2), signed())
    assert (answer.status_code, len(simulator.world.sessions)) == (200, 1), answer.text
    assert answer.json()["sessionId"] and not told and not api.left


def test_the_key_of_an_alert_is_that_of_when_it_came(simulator: Simulator, told: Told) -> None:
    """Its window ends while it is tried again, and what an early try started is found by a late one."""
    simulator.clock.step(3_600 - simulator.clock.now() % 3_600 - 20)
    api = Faulty(simulator, FAULTS["lost"], 40, "/sessions")
    api.after = True
    posted(receiving(simulator, told, transport=api, max_tries=1), signed())
    assert len(simulator.world.sessions) == 1 and not told


def test_what_does_not_pass_in_time_is_told_as_lost_by_its_name(simulator: Simulator, told: Told) -> None:
    rules = RULES.replace("    on_resolved", "    retry_for: 5m\n    on_resolved")
    began = simulator.clock.now()
    api = Faulty(simulator, FAULTS["500"], 10**9)
    (answer,) = posted(receiving(simulator, told, rules, transport=api, max_tries=1), signed())
    assert (answer.status_code, answer.json()["success"]) == (502, False)
    assert [(news.outcome, news.rule, news.title) for news in told] == [("lost", "all", ALERT["alertName"])]
    assert "lost" in told[0].headline and told[0].advice
    assert simulator.clock.now() - began >= 300


def test_one_alert_that_waits_keeps_none_of_the_others_waiting(simulator: Simulator, told: Told) -> None:
    firing = [
        {"status": "firing", "labels": {"alertname": name}, "annotations": {}, "fingerprint": name}
        for name in ("A", "B", "C")
    ]
    group = {"version": "4", "groupKey": "g", "status": "firing", "receiver": "d", "groupLabels": {}}
    group |= {"commonLabels": {}, "commonAnnotations": {}, "externalURL": "", "alerts": firing}
    api = Faulty(simulator, FAULTS["500"], 2)

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/hooks/alerts", **signed(group))

    answer = within(receiving(simulator, told, transport=api, max_tries=1), work)
    order = [one["alert"] for one in answer.json()["results"]]
    assert sorted(order) == ["A", "B", "C"] and order[-1] == "A"
    assert len(simulator.world.sessions) == 3 and not told


@pytest.mark.parametrize("on_resolved", ["message", "archive"])
@for_every("skipped", lambda: range(6))
def test_an_alert_that_is_over_is_told_once_wherever_it_failed(on_resolved: str, skipped: int) -> None:
    simulator, told = Simulator(seed=7, catalog=built_in()), Told()
    rules = RULES.replace("on_resolved: message", f"on_resolved: {on_resolved}")
    posted(receiving(simulator, told, rules), signed())

    class Later(Faulty):
        passed = 0

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            self.passed += 1
            self._path = "" if self.passed > skipped else "/nothing"
            return await super().handle_async_request(request)

    api = Later(simulator, FAULTS["500"], 3)
    (answer,) = posted(receiving(simulator, told, rules, transport=api, max_tries=1), signed(OVER))
    (record,) = simulator.world.sessions.values()
    said = [message for message in record.messages if message["source"] == "user"]
    assert answer.status_code == 200 and not told
    assert len(said) == (2 if on_resolved == "message" else 1)
    assert record.is_archived is (on_resolved == "archive")


def test_a_server_that_stops_tries_a_last_time_and_tells_what_it_loses(
    simulator: Simulator, told: Told
) -> None:
    api = Held(behind=httpx.MockTransport(FAULTS["500"]))
    api.let()
    app = receiving(simulator, told, transport=api, max_tries=1, **ANSWER_AT_ONCE)

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        answer = await client.post("/hooks/alerts", **signed())
        await until(lambda: api.answered)
        return answer

    assert within(app, work).status_code == 202
    assert [news.outcome for news in told] == ["lost"]


def test_a_call_that_does_not_end_before_the_server_does_is_lost_by_name(
    simulator: Simulator, told: Told
) -> None:
    api = Held(behind=simulator.connection()["transport"])  # it never answers
    app = receiving(simulator, told, transport=api, **ANSWER_AT_ONCE)

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        taken = await client.post("/hooks/alerts", **signed())
        await until(lambda: api.asked)
        app.begin_to_stop(0.0)
        return [taken, await client.post("/hooks/alerts", **signed())]

    taken, refused = within(app, work)
    assert (taken.status_code, refused.status_code) == (202, 503)
    assert refused.headers["retry-after"] and refused.json()["success"] is False
    assert [(news.outcome, news.title) for news in told] == [("lost", ALERT["alertName"])]
    assert not simulator.world.sessions


def test_a_sink_that_fails_is_told_later_what_is_kept_nowhere_else(simulator: Simulator, told: Told) -> None:
    told.failures = 3
    refusing = Simulator(seed=1, catalog=built_in(), keys={"cog_poor": {"ViewOrgSessions"}})
    app = receiving(refusing, told)

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        answer = await client.post("/hooks/alerts", **signed())
        await until(lambda: told)
        return answer

    assert within(app, work).status_code == 502
    assert [news.outcome for news in told] == ["not_started"] and not told.failures


def test_a_fault_of_the_server_itself_is_told_and_names_no_value(
    simulator: Simulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    from devin_tools.pipelines.receiver import Receiver

    async def broken(*given: object) -> None:
        raise ValueError("cog_secret")

    monkeypatch.setattr(Receiver, "_start", broken)
    (answer,) = posted(receiving(simulator, told), signed())
    assert answer.status_code == 502 and [news.outcome for news in told] == ["not_started"]
    assert "cog_secret" not in answer.text + told[0].model_dump_json()


def test_a_rule_says_for_how_long() -> None:
    (rule,) = load_rules(RULES).rules
    assert rule.retry_for == 3600
    (rule,) = load_rules(RULES.replace("    tell", "    retry_for: 2d\n    tell")).rules
    assert rule.retry_for == 2 * 86400
    for wrong in ("soon", "1s", "40d"):
        with pytest.raises(BadRules, match="retry_for"):
            load_rules(RULES.replace("    tell", f"    retry_for: {wrong}\n    tell"))


def test_more_than_can_be_followed_to_its_end_is_left_to_its_sender(
    simulator: Simulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devin_tools.server.webhooks.MAX_PENDING", 3)
    api = Held(behind=simulator.connection()["transport"])
    app = receiving(simulator, told, transport=api, **ANSWER_AT_ONCE)

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        events = [signed(ALERT | {"affectedResource": f"web-{number}"}) for number in range(5)]
        answers = [await client.post("/hooks/alerts", **event) for event in events]
        api.let()
        return answers

    answers = within(app, work)
    assert [answer.status_code for answer in answers] == [202, 202, 202, 503, 503]
    assert len(simulator.world.sessions) == 3 and not told
