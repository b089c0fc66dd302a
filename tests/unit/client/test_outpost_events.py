"""Both clients follow the queue of an outpost over streams that end, break, repeat and are refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, closing
from itertools import islice
from typing import Any

import httpx
import pytest
from support.simulated_api import simulated

from devin_tools import AsyncClient, Client, CreateSession, Simulator
from devin_tools.api import ClaimOutpostSession
from devin_tools.api.outposts import OutpostEvent
from devin_tools.client.outpost_events import EventParser
from devin_tools.errors import (
    ConnectionLost,
    DevinToolsError,
    Forbidden,
    Refused,
    ServerFault,
    UnexpectedResponse,
)
from devin_tools.simulator import Faults
from devin_tools.simulator.clock import SimulatedClock
from devin_tools.simulator.outpost_queue import STREAM_SECONDS

FIRST = f"outpost-{1:032x}"
Part = bytes | Exception


def event(number: int, phase: str = "pending") -> bytes:
    changed = {
        "type": "MODIFIED",
        "object": {"metadata": {"session_id": f"s-{number}"}, "status": {"phase": phase}},
        "cursor": str(number),
    }
    return f"data: {json.dumps(changed)}\n\n".encode()


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Parts of a stream; an exception among them is raised in its turn."""

    def __init__(self, parts: list[Part]):
        self.parts = parts
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            yield part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part

    def close(self) -> None:
        self.is_closed = True

    async def aclose(self) -> None:
        self.is_closed = True


class Streams:
    """Answers each request with the next stream or refusal; the last one is given again and again."""

    def __init__(self, *answers: list[Part] | httpx.Response | Exception):
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.bodies: list[Body] = []
        self.clock = SimulatedClock()
        self.moments: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        self.moments.append(self.clock.now())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        self.bodies.append(Body(answer))
        return httpx.Response(
            200, headers={"content-type": "text/event-stream; charset=utf-8"}, stream=self.bodies[-1]
        )

    @property
    def cursors(self) -> list[str | None]:
        return [request.url.params.get("cursor") for request in self.asked]

    @property
    def pauses(self) -> list[float]:
        return [after - before for before, after in zip(self.moments, self.moments[1:], strict=False)]


Follow = Callable[..., list[OutpostEvent]]


@pytest.fixture(params=["sync", "async"])
def follow(request: pytest.FixtureRequest) -> Follow:
    """Return what takes so many events of an outpost with either client, and closes the iterator."""

    def go(streams: Streams, count: int, cursor: str | None = None, **options: Any) -> list[OutpostEvent]:
        given = {
            "transport": httpx.MockTransport(streams),
            "clock": streams.clock,
            "api_key": "cog_key",
            "guards": (),
        } | options

        def sync() -> list[OutpostEvent]:
            with Client(**given) as client, closing(client.outpost_events("o|1", cursor)) as events:
                return list(islice(events, count))

        async def asynchronous() -> list[OutpostEvent]:
            found: list[OutpostEvent] = []
            async with (
                AsyncClient(**given) as client,
                aclosing(client.outpost_events("o|1", cursor)) as events,
            ):
                async for one in events:
                    found.append(one)
                    if len(found) == count:
                        break
            return found

        return sync() if request.param == "sync" else asyncio.run(asynchronous())

    return go


def ids(events: list[OutpostEvent]) -> list[str]:
    return [one.object.metadata.session_id for one in events]


def test_it_asks_for_a_stream_of_one_outpost_and_closes_it(follow: Follow) -> None:
    streams = Streams([event(1), event(2)])
    assert ids(follow(streams, 1)) == ["s-1"]
    (request,) = streams.asked
    assert dict(request.url.params) == {"outpost": "o|1", "watch": "true"}
    assert request.headers["accept"] == "text/event-stream"
    assert [body.is_closed for body in streams.bodies] == [True]


def test_a_stream_that_the_server_ends_is_followed_by_another_from_the_last_event(follow: Follow) -> None:
    streams = Streams([event(1), event(2)], [event(2), event(3)], [event(3), event(4)])
    assert ids(follow(streams, 4, "0")) == ["s-1", "s-2", "s-3", "s-4"]
    assert streams.cursors == ["0", "2", "3"]
    assert streams.pauses == [0, 0]


def test_the_same_session_again_is_not_a_repeat(follow: Follow) -> None:
    streams = Streams([event(1), event(1, "claimed"), event(1)])
    found = [one.object.status for one in follow(streams, 3)]
    assert [status.phase for status in found if status] == ["pending", "claimed", "pending"]


@pytest.mark.parametrize("broken", [httpx.ReadError("gone"), httpx.RemoteProtocolError("cut")])
def test_a_connection_that_breaks_is_made_anew(follow: Follow, broken: Exception) -> None:
    streams = Streams([event(1), b"data: {", broken], broken, [event(2)])
    assert ids(follow(streams, 2)) == ["s-1", "s-2"]
    assert streams.cursors == [None, "1", "1"]


@pytest.mark.parametrize("other", [{"type": "BOOKMARK", "cursor": "5"}, {"type": "PING", "object": None}, {}])
def test_an_event_of_another_kind_is_passed_over(follow: Follow, other: dict[str, Any]) -> None:
    streams = Streams([event(1), b"data:\n\n", f"data: {json.dumps(other)}\n\n".encode()], [event(6)])
    assert ids(follow(streams, 2)) == ["s-1", "s-6"]
    assert streams.cursors == [None, other.get("cursor", "1")]


@pytest.mark.parametrize("change", [b'{"type": "MODIFIED", "cursor": "5"}', b'"MODIFIED"', b"{"])
def test_a_change_that_cannot_be_read_is_not_passed_over(follow: Follow, change: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        follow(Streams([event(1), b"data: " + change + b"\n\n", event(6)]), 2)


def test_silence_is_no_failure(follow: Follow) -> None:
    streams = Streams(*([[event(1)]] + [[httpx.ReadTimeout("silent")]] * 9 + [[event(2)]]))
    assert ids(follow(streams, 2, max_tries=2)) == ["s-1", "s-2"]


def test_streams_that_bring_nothing_are_asked_for_less_and_less_often(follow: Follow) -> None:
    streams = Streams(*([[event(1)]] + [[event(1)]] * 6 + [[event(2)]]))
    assert ids(follow(streams, 2, max_tries=2)) == ["s-1", "s-2"]
    assert streams.pauses[0] == 0 and 4 < sum(streams.pauses) < 64


def test_it_gives_up_as_any_read_does(follow: Follow) -> None:
    streams = Streams([event(1)], httpx.ReadError("gone"))
    with pytest.raises(ConnectionLost) as lost:
        follow(streams, 2, max_tries=3)
    assert (lost.value.tries, len(streams.asked)) == (3, 4)
    streams = Streams(httpx.Response(503))
    with pytest.raises(ServerFault) as fault:
        follow(streams, 1, max_tries=3)
    assert (fault.value.tries, len(streams.asked)) == (3, 3)
    assert "3 tries" in fault.value.gave_up


def test_a_rate_limit_is_waited_out(follow: Follow) -> None:
    streams = Streams(httpx.Response(429, headers={"retry-after": "7"}), [event(1)])
    assert ids(follow(streams, 1, max_tries=1)) == ["s-1"]
    assert 7 <= streams.pauses[0] <= 7.5


def test_a_refusal_for_good_is_raised_at_once(follow: Follow) -> None:
    streams = Streams(httpx.Response(403, json={"detail": "Missing UseOutpostsMachine"}))
    with pytest.raises(Forbidden):
        follow(streams, 1)
    assert len(streams.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"items": []}),
        [b"data: not JSON\n\n"],
        [b'data: {"type": "MODIFIED"}\n\n'],
        [b"data: " + b"x" * 2**20, b"x" * 9],
        httpx.Response(307, headers={"location": "https://elsewhere.example"}),
    ],
)
def test_what_is_not_a_stream_of_events_is_not_taken_for_one(follow: Follow, answer: Any) -> None:
    streams = Streams(answer)
    with pytest.raises(UnexpectedResponse):
        follow(streams, 1)
    assert len(streams.asked) == 1


class Noting:
    """A guard that notes what it is asked and told."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def before(self, spec: Any, call: Any) -> None:
        self.seen.append((spec.name, call.outpost_id))

    def after(self, spec: Any, call: Any, outcome: Any) -> None:
        self.seen.append(type(outcome).__name__ if isinstance(outcome, Exception) else outcome.cursor)


def test_guards_are_asked_and_told(follow: Follow) -> None:
    guard = Noting()
    follow(Streams([event(1)]), 1, guards=(guard,))
    with pytest.raises(Forbidden):
        follow(Streams(httpx.Response(403)), 1, guards=(guard,))
    begin = ("devin_list_outpost_sessions", "o|1")
    assert guard.seen == [begin, "1", begin, "Forbidden"]


def test_the_rules_hold(follow: Follow) -> None:
    streams = Streams([event(1)])
    for options in ({"denied_tools": ("devin_list_outpost_sessions",)}, {"dry_run": True}):
        with pytest.raises(Refused):
            follow(streams, 1, **options)
    assert streams.asked == []


def test_nothing_is_sent_once_the_client_is_closed() -> None:
    streams = Streams([event(1)])
    with Client(api_key="cog_key", transport=httpx.MockTransport(streams), guards=()) as client:
        events = client.outpost_events("o|1")
        next(events)
    with pytest.raises(DevinToolsError):
        next(events)
    assert len(streams.asked) == 1


TEXT = b'data: {"a":\r\ndata: 1}\r\n\r\n: comment\nevent: x\ndata:2\n\n\n\nid: 7\n\ndata: 3\r\rdata: lost'


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_events_are_read_however_they_are_cut(size: int) -> None:
    parser = EventParser()
    found = [data for at in range(0, len(TEXT), size) for data in parser.feed(TEXT[at : at + size])]
    assert found == [b'{"a":\n1}', b"2", b"3"]


def queue_of(simulator: Simulator) -> list[str]:
    with Client(**simulator.connection()) as client:
        made = [client.run(CreateSession(prompt="x", platform="acme-linux")).session_id for _ in range(2)]
        client.run(ClaimOutpostSession(session_id=made[0], acceptor_id="worker-1"))
    return made


def test_the_simulator_is_followed_beyond_the_end_of_its_streams() -> None:
    simulator = simulated()
    first, second = queue_of(simulator)
    with Client(**simulator.connection()) as client, closing(client.outpost_events(FIRST)) as events:
        assert [one.object.metadata.session_id for one in islice(events, 3)] == [first, second, first]
        began = simulator.clock.now()
        found = list(islice(events, 3))
        phases = [one.object.status.phase for one in found if one.object.status]
        assert phases == ["claimed", "pending", "pending"]  # it runs, its claim is over, it sleeps
        assert simulator.clock.now() - began >= STREAM_SECONDS - 1
        assert simulator.count("GET", "/devins") >= 1


def test_an_async_client_does_other_things_meanwhile() -> None:
    simulator = simulated()

    async def work() -> tuple[str, str]:
        async with AsyncClient(**simulator.connection()) as client:

            async def first_event() -> str:
                async with aclosing(client.outpost_events(FIRST)) as events:
                    return (await anext(events)).object.metadata.session_id

            waiting = asyncio.create_task(first_event())
            await client.state.clock.sleep_async(1000)
            made = await client.run(CreateSession(prompt="x", platform="acme-linux"))
            return made.session_id, await waiting

    made, seen = asyncio.run(work())
    assert made == seen and simulator.count("GET", "/devins") >= 3


@pytest.mark.parametrize("seed", range(4))
def test_every_change_comes_once_and_in_order_through_faults(seed: int) -> None:
    faults = Faults(rate=0.6, kinds=("cut", "lost", "reset", "down", "html", "rate_limited"), seed=seed)
    simulator = simulated(faults=faults, sessions=0)
    made: list[str] = []
    with (
        Client(**simulator.connection(), max_tries=50, max_retry_seconds=86_400) as client,
        closing(client.outpost_events(FIRST)) as events,
    ):
        for _ in range(3):
            session = client.run(
                CreateSession(prompt="x", platform="acme-linux", idempotency_key=str(len(made)))
            )
            made.append(session.session_id)
            assert next(events).object.metadata.session_id == made[-1]
        simulator.clock.step(STREAM_SECONDS)
        client.run(ClaimOutpostSession(session_id=made[1], acceptor_id="worker-1"))
        found = list(islice(events, 2))
    assert [one.object.metadata.session_id for one in found] == [made[1]] * 2
    assert [one.object.status.phase for one in found if one.object.status] == ["claimed", "claimed"]
    assert sum(faults.met.values()) > 3
