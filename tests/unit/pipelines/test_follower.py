"""What becomes of sessions is told: once, to every sink, whatever stops in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.events_in import RULES, Told, receiving, signed, within
from support.served_apps import until

from devin_tools import AsyncClient, Client, Simulator
from devin_tools.api import ArchiveSession, CreateSession, GetSession, ListSessions, SendMessage
from devin_tools.hookspecs import Sink
from devin_tools.pipelines import sinks
from devin_tools.pipelines.delivery import SinkTransport
from devin_tools.pipelines.follower import Follower
from devin_tools.pipelines.notification import CLAIMED_TAG, Notification
from devin_tools.pipelines.notifier import Notifier
from devin_tools.pipelines.rule_files import load_rules
from devin_tools.pipelines.signatures import sign
from devin_tools.pipelines.sinks.webhook import SIGNATURE, TIME
from devin_tools.simulator import scenarios
from devin_tools.simulator.world import ScenarioStep
from devin_tools.tasks import WaitSession

SINKS: dict[str, Sink] = {sink.name: sink for sink in sinks.devin_tools_provide_sinks()}
NEWS = Notification(
    id="1-2", outcome="finished", headline="Devin is done", rule="all", session_id="1",
    session_url="https://app.devin.ai/sessions/1", title="<!channel> *b* `c` @octocat",
    pull_requests=["https://github.com/acme/shop/pull/7"],
)  # fmt: skip


@pytest.fixture
def told() -> Told:
    return Told()


def following(
    simulator: Simulator, told: Told, looks: int = 6, seconds: float = 60.0, text: str = RULES
) -> None:
    """Follow for some looks, as a server that was started anew does."""

    async def go() -> None:
        async with AsyncClient(**simulator.connection() | {"guards": ()}) as client:
            rules = load_rules(text)
            notifier = Notifier(rules, told.catalog().sinks, SinkTransport())
            follower = Follower(client, rules, notifier, clock=simulator.clock)
            await follower.discover()
            for _ in range(looks):
                await follower.look()
                simulator.clock.step(seconds)

    asyncio.run(go())


def started(simulator: Simulator, scenario: str = "finishes", **more: Any) -> str:
    with Client(**simulator.connection()) as client:
        prompt = f"Fix it. #simulate:{scenario}"
        made = client.run(CreateSession(prompt=prompt, tags=["rule:all"], **more))
    return made.session_id


def test_what_was_received_is_told_to_its_end(simulator: Simulator, told: Told) -> None:
    app = receiving(simulator, told, follow=True, look_seconds=30.0)

    async def work(client: httpx.AsyncClient) -> None:
        await client.post("/hooks/alerts", **signed())
        await until(lambda: told)

    within(app, work)
    (news,) = told
    assert news.outcome == "finished" and news.rule == "all" and not news.is_repeat
    assert news.pull_requests and news.session_url.startswith("https://")
    assert news.title == "[error] High CPU"


@pytest.mark.parametrize(
    ("scenario", "outcome", "words"),
    [
        ("finishes", "finished", "done"),
        ("asks", "waiting_for_user", "waits for an answer"),
        ("approval", "waiting_for_approval", "waits for an approval"),
        ("runs_out", "quota", "quota"),
        ("fails", "failed", "failed"),
    ],
)
def test_a_quota_a_question_and_a_failure_are_told_apart(
    scenario: str, outcome: str, words: str, simulator: Simulator, told: Told
) -> None:
    started(simulator, scenario)
    simulator.clock.step(90)
    following(simulator, told, looks=4, seconds=5)
    assert told[0].outcome == outcome and words in told[0].headline


def test_a_restart_tells_what_was_not_told_and_no_more(simulator: Simulator, told: Told) -> None:
    started(simulator)
    simulator.clock.step(300)
    following(simulator, told)
    following(simulator, told)
    assert [news.outcome for news in told] == ["finished"]


def test_what_may_have_been_told_is_told_again_as_a_repeat(simulator: Simulator, told: Told) -> None:
    session_id = started(simulator)
    simulator.clock.step(300)
    told.failures = 1  # as if it were stopped after it had begun to tell
    following(simulator, told, looks=2)
    assert told == []
    with Client(**simulator.connection()) as client:
        tags = client.run(GetSession(session_id=session_id)).tags
    assert any(tag.startswith(CLAIMED_TAG) for tag in tags)
    following(simulator, told)
    assert [(news.outcome, news.is_repeat) for news in told] == [("finished", True)]


def test_a_second_question_is_told_too(simulator: Simulator, told: Told) -> None:
    session_id = started(simulator, "asks")
    simulator.clock.step(120)
    following(simulator, told, looks=3)
    with Client(**simulator.connection()) as client:
        client.run(SendMessage(session_id=session_id, message="Yes."))
    simulator.clock.step(600)
    following(simulator, told, looks=4)
    assert [news.outcome for news in told] == ["waiting_for_user", "finished"]


def test_each_of_two_questions_is_told_and_after_a_restart_neither_again(
    simulator: Simulator, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = (
        ScenarioStep(60, scenarios.says("And the old one?")),
        ScenarioStep(0, scenarios.state("running", "waiting_for_user")),
    )
    monkeypatch.setattr(scenarios, "ANSWER", asking)
    session_id = started(simulator, "asks")
    simulator.clock.step(120)
    following(simulator, told, looks=3, seconds=5)
    with Client(**simulator.connection()) as client:
        client.run(SendMessage(session_id=session_id, message="The new one."))
    simulator.clock.step(120)
    following(simulator, told, looks=3, seconds=5)
    following(simulator, told, looks=3, seconds=5)
    assert [(news.outcome, news.is_repeat) for news in told] == [("waiting_for_user", False)] * 2
    assert len({news.id for news in told}) == 2


def test_that_a_done_session_is_put_to_sleep_is_no_news(simulator: Simulator, told: Told) -> None:
    started(simulator)
    simulator.clock.step(300)
    following(simulator, told)
    simulator.clock.step(3_600)
    with Client(**simulator.connection()) as client:
        (session,) = client.run(ListSessions(tags=["rule:all"])).sessions
    assert session.status == "suspended"
    following(simulator, told)
    assert [news.outcome for news in told] == ["finished"]


@pytest.mark.parametrize(
    ("scenario", "outcome", "certainty", "headline"),
    [
        ("finishes", "finished", "likely", "Devin seems to be done, and fell asleep after it"),
        ("merges", "finished", "likely", "Devin seems to be done, and fell asleep after it"),
        ("delegates", "finished", "likely", "Devin seems to be done, and fell asleep after it"),
        ("asks", "asleep", "likely", "Devin fell asleep over it"),
        ("sleeps", "asleep", "likely", "Devin fell asleep over it"),
    ],
)
def test_what_fell_asleep_while_no_server_ran_is_told_once_as_what_it_was(
    scenario: str, outcome: str, certainty: str, headline: str, simulator: Simulator, told: Told
) -> None:
    started(simulator, scenario)
    simulator.clock.step(7_200)
    following(simulator, told)
    following(simulator, told)
    assert [(news.outcome, news.certainty, news.headline) for news in told] == [
        (outcome, certainty, headline)
    ]
    before = len(simulator.requests)
    following(simulator, told, looks=1)
    assert not any(path.endswith("/messages") for _, path in simulator.requests[before:])


def test_what_was_told_to_be_done_is_surely_so_for_whoever_looks_later(
    simulator: Simulator, told: Told
) -> None:
    session_id = started(simulator)
    simulator.clock.step(300)
    following(simulator, told)
    simulator.clock.step(7_200)
    before = len(simulator.requests)
    with Client(**simulator.connection()) as client:
        waited = client.run(WaitSession(session_id=session_id))
    assert (waited.session.status, waited.outcome, waited.certainty) == ("suspended", "finished", "sure")
    assert not any(path.endswith("/messages") for _, path in simulator.requests[before:])


def test_what_was_only_concluded_is_no_proof_later(simulator: Simulator, told: Told) -> None:
    session_id = started(simulator)
    simulator.clock.step(7_200)
    following(simulator, told)
    with Client(**simulator.connection()) as client:
        waited = client.run(WaitSession(session_id=session_id))
    assert (waited.outcome, waited.certainty) == ("finished", "likely")


OWING = RULES.replace("tags: [alert]", "tags: [alert], structured_output_schema: {type: object}")


def test_a_session_that_owes_its_structured_output_is_not_simply_done(
    simulator: Simulator, told: Told
) -> None:
    session_id = started(simulator, "delegates", structured_output_schema={"type": "object"})
    simulator.clock.step(300)
    following(simulator, told, text=OWING)
    (news,) = told
    assert (news.outcome, news.structured_output_status) == ("finished", "missing")
    assert "not delivered" in news.headline and "structured output" in news.advice
    simulator.clock.step(7_200)
    following(simulator, told, text=OWING)
    assert len(told) == 1  # that it sleeps now is not told
    with Client(**simulator.connection()) as client:
        client.run(SendMessage(session_id=session_id, message="Deliver it."))
    simulator.world.sessions[session_id].structured_output = {}
    simulator.world.sessions[session_id].pull_requests.clear()
    simulator.clock.step(7_200)
    following(simulator, told, text=OWING)
    assert [(one.outcome, one.structured_output_status) for one in told[1:]] == [("finished", "valid")]


def test_a_session_that_sleeps_without_the_output_it_owes_is_not_done(
    simulator: Simulator, told: Told
) -> None:
    session_id = started(simulator, "merges")
    simulator.clock.step(7_200)
    following(simulator, told, text=OWING)
    following(simulator, told, text=OWING)
    assert simulator.world.session(session_id).pull_requests
    assert [(one.outcome, one.certainty, one.structured_output_status) for one in told] == [
        ("asleep", "sure", "missing")
    ]


def test_that_a_session_was_archived_is_no_news(simulator: Simulator, told: Told) -> None:
    session_id = started(simulator, "asks")
    with Client(**simulator.connection()) as client:
        client.run(ArchiveSession(session_id=session_id))
    simulator.clock.step(600)
    following(simulator, told)
    assert told == []


def test_what_cannot_be_told_is_tried_with_longer_and_longer_pauses(simulator: Simulator, told: Told) -> None:
    started(simulator)
    simulator.clock.step(300)
    told.failures = 1_000
    following(simulator, told, looks=200, seconds=15)
    assert 5 < 1_000 - told.failures < 12


def test_all_that_are_followed_cost_one_request_a_look(simulator: Simulator, told: Told) -> None:
    for _ in range(30):
        started(simulator, "finishes")

    async def go() -> None:
        async with AsyncClient(**simulator.connection() | {"guards": ()}) as client:
            rules = load_rules(RULES)
            follower = Follower(
                client, rules, Notifier(rules, told.catalog().sinks, SinkTransport()), clock=simulator.clock
            )
            await follower.discover()
            await follower.look()
            before = len(simulator.requests)
            await follower.look()
            assert len(simulator.requests) - before == 1

    asyncio.run(go())


def sent(
    sink: str,
    settings: dict[str, Any],
    answer: Callable[[httpx.Request], httpx.Response] | None = None,
    news: Notification = NEWS,
) -> list[httpx.Request]:
    """Tell a sink the news; return what it sent."""
    requests: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answer(request) if answer else httpx.Response(200)

    async def go() -> None:
        transport = SinkTransport(transport=httpx.MockTransport(take), pause=0.0)
        chosen = SINKS[sink]
        await chosen.tell(news, chosen.settings.model_validate(settings), transport)
        await transport.aclose()

    asyncio.run(go())
    return requests


def test_a_webhook_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "canary")
    (request,) = sent("webhook", {"url": "https://example.com/in", "secret": "env:HOOK"})
    wanted = sign("canary", request.headers[TIME].encode(), b".", request.content)
    assert request.headers[SIGNATURE] == f"sha256={wanted}"
    assert json.loads(request.content)["id"] == NEWS.id


def test_slack_mentions_nobody() -> None:
    (request,) = sent("slack", {"url": "https://hooks.slack.com/services/T/B/x"})
    text = json.loads(request.content)["blocks"][0]["text"]["text"]
    assert "<!channel>" not in text and "&lt;!channel&gt;" in text
    assert "<https://github.com/acme/shop/pull/7|pull request>" in text


def test_github_is_told_under_the_pull_request_in_a_code_span(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH", "canary-token")
    (request,) = sent("github", {"token": "env:GH"})
    assert str(request.url) == "https://api.github.com/repos/acme/shop/issues/7/comments"
    assert request.headers["authorization"] == "Bearer canary-token"
    assert "`<!channel> *b* 'c' @octocat`" in json.loads(request.content)["body"]


def test_github_is_asked_for_no_path_but_that_of_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH", "canary-token")
    odd = [f"https://github.com/acme/{repo}/pull/7" for repo in ("..", ".", "a/b", "%2e%2e")]
    assert sent("github", {"token": "env:GH"}, news=NEWS.model_copy(update={"pull_requests": odd})) == []


def test_a_sink_is_asked_again_and_then_given_up() -> None:
    answers = iter([503, 429, 200])
    assert len(sent("webhook", {"url": "https://example.com"}, lambda _: httpx.Response(next(answers)))) == 3
    from devin_tools.errors import SinkFailed

    with pytest.raises(SinkFailed, match=r"example\.com was not told: it answered 404") as caught:
        sent("webhook", {"url": "https://example.com/secret-path"}, lambda _: httpx.Response(404))
    assert "secret-path" not in str(caught.value)


def test_a_file_gets_a_line(tmp_path: Path) -> None:
    sent("file", {"path": str(tmp_path / "told.jsonl")})
    sent("file", {"path": str(tmp_path / "told.jsonl")})
    lines = (tmp_path / "told.jsonl").read_text().splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["finished", "finished"]


def test_one_sink_that_fails_keeps_no_other_from_being_told(tmp_path: Path) -> None:
    path = json.dumps(str(tmp_path / "told.jsonl"))
    rules = load_rules(
        "version: 1\nrules: [{name: all, tell: [bad, good, log]}]\n"
        f"sinks: {{bad: {{kind: webhook, url: 'http://127.0.0.1:9'}}, good: {{kind: file, path: {path}}}}}\n"
    )

    async def go() -> list[bool]:
        notifier = Notifier(rules, SINKS, SinkTransport(pause=0.0))
        try:
            return [await notifier.send(NEWS) for _ in range(3)]
        finally:
            await notifier.aclose()

    assert asyncio.run(go()) == [False] * 3
    assert len((tmp_path / "told.jsonl").read_text().splitlines()) == 1  # and it is told once
