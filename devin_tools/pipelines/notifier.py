"""Send notifications to the sinks of a rule, which are checked when the rules are read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from cachetools import FIFOCache
from pydantic import BaseModel, ValidationError

from ..client.clock import Clock, WallClock
from ..codec import reasons
from ..errors import BadRules, DevinToolsError
from ..hookspecs import Sink
from ..text.suggestions import one_of
from .delivery import SinkTransport
from .notification import Notification
from .rule_models import BUILT_IN_SINKS, Rules, SinkSettings

log = logging.getLogger("devin_tools.pipelines")

REMEMBERED = 10_000

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
MOST_TRIES = 100
"""How often a notification is sent that is kept nowhere else: for about eight hours."""

LAST_SECONDS = 5.0
"""How long the last tries may take when a server stops."""


async def pause_until(stopping: asyncio.Event, seconds: float, clock: Clock) -> None:
    """Pause for some seconds, or less where the event is set meanwhile, or was before."""
    # the clock may be a simulated one, so `asyncio.wait_for` cannot measure the time
    waits = [asyncio.ensure_future(each) for each in (clock.sleep_async(seconds), stopping.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


class Notifier:
    """Sends notifications to the sinks that a rule names."""

    def __init__(
        self,
        rules: Rules,
        sinks: Mapping[str, Sink],
        transport: SinkTransport,
        *,
        clock: Clock | None = None,
    ):
        """Check the sinks that the rules name; raise `BadRules` for one that is wrong or lacks its secret."""
        self._transport = transport
        self._clock = clock or WallClock()
        self._stopping = asyncio.Event()
        self._later: set[asyncio.Task[None]] = set()
        """What goes on sending; a task that nothing refers to can be collected before it is done."""
        self._sinks = {name: _checked(name, given, sinks) for name, given in rules.all_sinks.items()}
        self._done: FIFOCache[str, set[str]] = FIFOCache(REMEMBERED)
        """By notification, the sinks that have it, as long as others do not."""
        self._of_rule = {rule.name: tuple(rule.tell) for rule in rules.rules}
        for name in sorted({name for names in self._of_rule.values() for name in names}):
            _check_secrets(name, self._sinks[name][1], transport)

    async def send(self, notification: Notification) -> bool:
        """Send to all sinks of the notification's rule; return whether every one of them has it.

        One that fails keeps none of the others from getting it, and none gets it again for that.
        """
        is_sent, done = True, self._done.setdefault(notification.id, set())
        for name in self._of_rule.get(notification.rule, BUILT_IN_SINKS):
            if name in done:
                continue
            sink, settings = self._sinks[name]
            try:
                await sink.tell(notification, settings, self._transport)
                done.add(name)
            except Exception as error:
                # the text of an error that is not ours, but a plugin's, could hold a value
                reason = error.message if isinstance(error, DevinToolsError) else type(error).__name__
                log.error("the sink %s failed: %s", name, reason)
                is_sent = False
        if is_sent:
            self._done.pop(notification.id, None)
        return is_sent

    async def send_until_taken(self, notification: Notification) -> None:
        """Send what is kept nowhere else; a sink that does not take it now gets it later, in a task."""
        # What becomes of a session needs no such task: its tags say whether it was sent, even to a later
        # run, and the follower sends it again. An alert without a session has no place to write that.
        if not await self.send(notification):
            task = asyncio.ensure_future(self._send_later(notification))
            self._later.add(task)
            task.add_done_callback(self._later.discard)

    async def _send_later(self, notification: Notification) -> None:
        pause = FIRST_PAUSE
        for _ in range(MOST_TRIES):
            await pause_until(self._stopping, pause, self._clock)
            if await self.send(notification):
                return
            if self._stopping.is_set():
                break
            pause = min(2 * pause, LONGEST_PAUSE)
        lost = notification.headline, notification.title, notification.advice
        log.error("not told to every sink: %s: %s (%s)", *lost)

    def stop(self) -> None:
        """End all pauses: what was not sent is sent a last time."""
        self._stopping.set()

    async def aclose(self) -> None:
        """Close the transport, after a last try to send what was not sent yet."""
        self.stop()
        if self._later:
            _, late = await asyncio.wait(self._later, timeout=LAST_SECONDS)
            for task in late:
                task.cancel()
        self._stopping = asyncio.Event()
        await self._transport.aclose()


def _checked(name: str, given: SinkSettings, sinks: Mapping[str, Sink]) -> tuple[Sink, Any]:
    """Return the kind of a sink and its settings; raise `BadRules` for those that are wrong."""
    if given.kind not in sinks:
        hint = one_of(given.kind, sorted(sinks), "kinds")
        raise BadRules(f"The sink {name} has an unknown kind.", hint=hint)
    sink = sinks[given.kind]
    try:
        return sink, sink.settings.model_validate(given.of_kind)
    except ValidationError as error:
        details = reasons(error, sink.settings.model_fields)
    shown = "; ".join(f"{one['path']}: {one['reason']}" for one in details[:5])
    raise BadRules(f"The sink {name} is not right: {shown}.", details=details)


def _check_secrets(name: str, settings: BaseModel, transport: SinkTransport) -> None:
    """Read what a sink's references stand for now, rather than when there is something to send."""
    for field, value in settings:
        try:
            if isinstance(value, str):
                transport.secret(value)
        except DevinToolsError as error:
            raise BadRules(f"The sink {name}: {field}: {error.message}", hint=error.hint) from None
