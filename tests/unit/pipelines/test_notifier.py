"""A notification reaches each sink once, is sent again to those that fail, and outlives no server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from support.loops import on_a_loop
from support.served_apps import until
from support.tools import built_in

from devin_tools.errors import BadRules
from devin_tools.hookspecs import Sink
from devin_tools.pipelines import notifier as notifier_module
from devin_tools.pipelines.delivery import SinkTransport
from devin_tools.pipelines.frozen_model import FrozenModel
from devin_tools.pipelines.notification import Notification
from devin_tools.pipelines.notifier import FIRST_PAUSE, Notifier
from devin_tools.pipelines.rule_files import load_rules
from devin_tools.simulator.clock import SimulatedClock

RULES = load_rules(
    "version: 1\nrules: [{name: all, tell: [odd, good]}]\nsinks: {odd: {kind: odd}, good: {kind: good}}\n"
)


def news(name: str = "1") -> Notification:
    return Notification(
        id=name, outcome="storm", headline="Too many", advice="Look.", rule="all", title=f"alert {name}"
    )


class Stuck(SimulatedClock):
    """A clock on which every pause is without end."""

    async def sleep_async(self, seconds: float) -> None:
        await asyncio.Event().wait()


class World:
    """A notifier with two sinks: one that takes everything, and an odd one that a test makes."""

    def __init__(
        self, odd: Callable[[Notification], Awaitable[None]], clock: SimulatedClock | None = None
    ) -> None:
        self.clock = clock or SimulatedClock()
        self.began = self.clock.now()
        self.tries: list[tuple[str, float]] = []
        """The notifications that the odd sink was given, and after how many seconds."""
        self.good: list[str] = []
        self._odd = odd
        mine = {
            "odd": Sink("odd", "For the tests.", FrozenModel, self._tell_odd),
            "good": Sink("good", "For the tests.", FrozenModel, self._tell_good),
        }
        self.notifier = Notifier(RULES, built_in().sinks | mine, SinkTransport(), clock=self.clock)

    async def _tell_odd(self, told: Notification, settings: Any, transport: SinkTransport) -> None:
        self.tries.append((told.id, self.clock.now() - self.began))
        await self._odd(told)

    async def _tell_good(self, told: Notification, settings: Any, transport: SinkTransport) -> None:
        self.good.append(told.id)


def failing(times: int) -> Callable[[Notification], Awaitable[None]]:
    left = [times]

    async def tell(told: Notification) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise RuntimeError("canary-of-a-plugin")

    return tell


@on_a_loop
async def test_a_sink_that_fails_is_told_later_and_no_other_again() -> None:
    world = World(failing(3))
    await world.notifier.send_until_taken(news())
    await until(lambda: len(world.tries) == 4)
    assert [seconds for _, seconds in world.tries] == [0, FIRST_PAUSE, 3 * FIRST_PAUSE, 7 * FIRST_PAUSE]
    await world.notifier.aclose()
    assert len(world.tries) == 4 and world.good == ["1"]


def test_a_sink_that_always_fails_is_given_up_and_what_was_lost_is_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(notifier_module, "MOST_TRIES", 3)

    async def go() -> None:
        world = World(failing(99))
        await world.notifier.send_until_taken(news())
        await until(lambda: "not told to every sink" in caplog.text)
        assert len(world.tries) == 1 + 3 and world.good == ["1"]
        await world.notifier.aclose()
        assert len(world.tries) == 1 + 3

    asyncio.run(go())
    assert caplog.messages[-1] == "not told to every sink: Too many: alert 1 (Look.)"
    assert "RuntimeError" in caplog.text and "canary-of-a-plugin" not in caplog.text


def test_a_server_that_stops_tells_a_last_time_and_waits_no_longer(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        world = World(failing(99), Stuck())
        await world.notifier.send_until_taken(news())
        await asyncio.sleep(0)
        assert len(world.tries) == 1
        await world.notifier.aclose()
        assert len(world.tries) == 2

    asyncio.run(go())
    assert caplog.messages[-1] == "not told to every sink: Too many: alert 1 (Look.)"


def test_a_sink_that_hangs_does_not_keep_a_server_from_stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifier_module, "LAST_SECONDS", 0.01)
    ended: list[str] = []
    fail = failing(1)

    async def hang(told: Notification) -> None:
        await fail(told)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(told.id)

    async def go() -> None:
        world = World(hang, Stuck())
        await world.notifier.send_until_taken(news())
        async with asyncio.timeout(30):
            await world.notifier.aclose()
        await until(lambda: ended)
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(go())
    assert ended == ["1"]


@on_a_loop
async def test_of_too_much_news_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifier_module, "REMEMBERED", 2)
    world = World(failing(99))
    for name in ("1", "2", "3", "3", "2", "1"):
        assert not await world.notifier.send(news(name))
    assert world.good == ["1", "2", "3", "1"]  # who was told of the first is not known any more


def test_a_sink_with_settings_that_it_does_not_take_is_refused_with_the_places() -> None:
    text = (
        "version: 1\nrules: [{name: all, tell: [it]}]\nsinks: {it: {kind: webhook, adress: canary-value}}\n"
    )
    with pytest.raises(BadRules, match=r"The sink it is not right: .*url: Field required") as caught:
        Notifier(load_rules(text), built_in().sinks, SinkTransport())
    assert {one["path"] for one in caught.value.details} == {"url", "adress"}
    assert "canary-value" not in f"{caught.value} {caught.value.details}"
