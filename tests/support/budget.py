"""What a test of the default tier may cost.

A test under `tests/unit` or `tests/laws` starts no process, opens no port, does not sleep, and takes at
most a second of its own CPU. One that does more fails, and is told where it belongs.

The second is one of an ordinary machine: a slow one is measured with a fixed piece of work, and the limit
grows with what that takes. What others do on a machine makes the same work take up to half as long again, so
a test fails at twice the second, and one that is over it is named at the end of the run.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Generator
from contextlib import suppress
from typing import Any

import pytest

with suppress(ImportError):
    import urllib3  # noqa: F401 - opens a port when it is imported, to see whether there is IPv6

__all__ = ["SECONDS", "Watch", "slowness"]

SECONDS = 1.0
"""CPU that one test may take, of this process alone."""

NOISE = 2.0
"""How many times the second a test may take before it fails."""

TIERS = ("tests/unit/", "tests/laws/")
BELONGS = "Tests that do so belong in tests/process/ (see CONTRIBUTING.md)."
PROCESSES = {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"}

ROUNDS = 200_000
ORDINARY = 0.025
"""CPU seconds that `_work` takes on an ordinary machine."""


class Watch:
    """Notes what the running test does that the default tier must not.

    Audit hooks cannot be taken off again, so there is one for the whole run. Python says nothing of sleeping,
    so the two functions for it are wrapped.
    """

    def __init__(self) -> None:
        self.seen: list[str] | None = None
        sys.addaudithook(self._audit)
        self._sleep, time.sleep = time.sleep, self._noted_sleep
        self._sleep_async, asyncio.sleep = asyncio.sleep, self._noted_sleep_async

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if self.seen is None:
            return
        if event in PROCESSES:
            self.seen.append(f"started a process ({event}: {str(args[:1])[:80]})")
        elif event == "socket.bind":
            self.seen.append(f"opened a port ({args[1]!r})")

    def _noted_sleep(self, seconds: float) -> None:
        if self.seen is not None and seconds > 0:
            self.seen.append(f"slept {seconds:g} s")
        self._sleep(seconds)

    async def _noted_sleep_async(self, delay: float, result: Any = None) -> Any:
        if self.seen is not None and delay > 0:
            self.seen.append(f"slept {delay:g} s in asyncio")
        return await self._sleep_async(delay, result)


def _work() -> int:
    """Do a fixed piece of work, of the kind that tests do: small objects, dictionaries, calls."""
    table: dict[int, tuple[int, str]] = {}
    for number in range(ROUNDS):
        table[number % 997] = (number, str(number))
    return sum(len(text) for _, text in table.values())


def slowness() -> float:
    """Return how many times slower than an ordinary machine this one is now; never less than 1."""
    took = []
    for _ in range(3):
        began = time.thread_time()
        _work()
        took.append(time.thread_time() - began)
    return max(1.0, sorted(took)[1] / ORDINARY)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Hold what fixtures do to the same rules, but for the time they take."""
    yield from _held(item, None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a test that does, or takes, more than its tier allows."""
    yield from _held(item, SECONDS)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that took more than their second."""
    reports = [one for found in terminalreporter.stats.values() for one in found]
    over = [value for one in reports for name, value in getattr(one, "user_properties", ()) if name == OVER]
    for line in dict.fromkeys(over):
        terminalreporter.write_line(f"{line} {BELONGS}", yellow=True)


WATCH = Watch()
OVER = "over its second"
"""The property of a test's report that says how long it took; reports come from every worker."""


def _held(item: pytest.Item, seconds: float | None) -> Generator[None, None, None]:
    if not item.nodeid.startswith(TIERS):
        return (yield)
    WATCH.seen, began = [], time.process_time()
    try:
        result = yield
    finally:
        seen, took = WATCH.seen, time.process_time() - began
        WATCH.seen = None
    if seen:
        pytest.fail(f"This test {seen[0]}. {BELONGS}", pytrace=False)
    is_traced = "coverage" in sys.modules  # which slows tests down several times
    if seconds and took > seconds and not is_traced and took > (allowed := seconds * slowness()):
        text = f"This test took {took:.1f} s of its own CPU; it may take {seconds:g}."
        item.user_properties.append((OVER, f"{item.nodeid}: {text}"))
        if took > NOISE * allowed:
            pytest.fail(f"{text} {BELONGS}", pytrace=False)
    return result
