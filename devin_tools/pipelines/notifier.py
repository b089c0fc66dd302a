"""Who is told what: the sinks of a rule, checked when the rules are read, told one by one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from cachetools import FIFOCache
from pydantic import ValidationError

from ..client.clock import Clock, WallClock
from ..codec import reasons
from ..errors import BadRules, DevinToolsError
from ..hookspecs import Sink
from ..security.references import is_reference
from .delivery import SinkTransport
from .notification import Notification
from .rule_files import BUILT_IN_SINKS, Rules

log = logging.getLogger("devin_tools.pipelines")

REMEMBERED = 10_000

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
MOST_TRIES = 100
"""How often sinks are told what is kept nowhere else: for about eight hours."""

LAST_SECONDS = 5.0
"""How long the last tries may take when a server stops."""


class Patience:
    """Pauses that can be cut short, for good: by a server that stops."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self._end = asyncio.Event()

    @property
    def is_ended(self) -> bool:
        """Whether there are no pauses any more."""
        return self._end.is_set()

    def end(self) -> None:
        """Cut all pauses short, those to come too."""
        self._end.set()

    async def wait(self, seconds: float) -> None:
        """Wait, at most until the end."""
        waits = [asyncio.ensure_future(each) for each in (self._clock.sleep_async(seconds), self._end.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


class Notifier:
    """Sends news to the sinks that a rule names."""

    def __init__(
        self, rules: Rules, sinks: Mapping[str, Sink], outlet: SinkTransport, *, clock: Clock | None = None
    ):
        """Check the sinks that the rules name; raise `BadRules` for one that is wrong or lacks its secret."""
        self._outlet = outlet
        self._clock = clock or WallClock()
        self._patience = Patience(self._clock)
        self._insisting: set[asyncio.Task[None]] = set()
        self._named = {name: _checked(name, {"kind": name}, sinks) for name in BUILT_IN_SINKS}
        self._named |= {
            name: _checked(name, settings.model_dump(), sinks) for name, settings in rules.sinks.items()
        }
        self._done: FIFOCache[str, set[str]] = FIFOCache(REMEMBERED)
        """The sinks that were told of news, as long as others were not."""
        self._of_rule = {rule.name: tuple(rule.tell) for rule in rules.rules}
        for name in sorted({name for names in self._of_rule.values() for name in names}):
            self._check_secrets(name)

    async def tell(self, news: Notification) -> bool:
        """Tell all sinks of the news' rule; say whether every one of them was told.

        One that fails keeps none of the others from being told, and none is told again for it.
        """
        all_told, done = True, self._done.setdefault(news.id, set())
        for name in self._of_rule.get(news.rule, BUILT_IN_SINKS):
            if name in done:
                continue
            sink, settings = self._named[name]
            try:
                await sink.tell(news, settings, self._outlet)
                done.add(name)
            except DevinToolsError as error:
                log.error("the sink %s: %s", name, error.message)
                all_told = False
            except Exception as error:  # a plugin's own; its text could hold a value
                log.error("the sink %s failed: %s", name, type(error).__name__)
                all_told = False
        if all_told:
            self._done.pop(news.id, None)
        return all_told

    async def insist(self, news: Notification) -> None:
        """Tell news that is kept nowhere else: a sink that does not take it now is told later."""
        if not await self.tell(news):
            task = asyncio.ensure_future(self._tell_later(news))
            self._insisting.add(task)
            task.add_done_callback(self._insisting.discard)

    async def _tell_later(self, news: Notification) -> None:
        pause = FIRST_PAUSE
        for _ in range(MOST_TRIES):
            await self._patience.wait(pause)
            if await self.tell(news):
                return
            if self._patience.is_ended:
                break
            pause = min(2 * pause, LONGEST_PAUSE)
        log.error("not told to every sink: %s: %s (%s)", news.headline, news.title, news.advice)

    def hurry(self) -> None:
        """End all waiting: what was not told is told a last time."""
        self._patience.end()

    def _check_secrets(self, name: str) -> None:
        """Read what a sink's references stand for now, rather than when there is news."""
        for field, value in self._named[name][1]:
            try:
                if isinstance(value, str) and is_reference(value):
                    self._outlet.secret(value)
            except DevinToolsError as error:
                raise BadRules(f"The sink {name}: {field}: {error.message}", hint=error.hint) from None

    async def aclose(self) -> None:
        """Close the way out, after what was not told yet had its last try."""
        self.hurry()
        if self._insisting:
            _, late = await asyncio.wait(self._insisting, timeout=LAST_SECONDS)
            for task in late:
                task.cancel()
        self._patience = Patience(self._clock)
        await self._outlet.aclose()


def _checked(name: str, given: Mapping[str, Any], sinks: Mapping[str, Sink]) -> tuple[Sink, Any]:
    kind = str(given["kind"])
    if kind not in sinks:
        raise BadRules(
            f"The sink {name} is of no known kind.", hint=f"The kinds are: {', '.join(sorted(sinks))}."
        )
    settings = {key: value for key, value in given.items() if key != "kind"}
    try:
        return sinks[kind], sinks[kind].settings.model_validate(settings)
    except ValidationError as error:
        details = reasons(error)
    shown = "; ".join(f"{one['path']}: {one['reason']}" for one in details[:5])
    raise BadRules(f"The sink {name} is not right: {shown}.", details=details)
