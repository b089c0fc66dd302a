"""What every test starts from: a clean environment, a fresh simulator, clients over it."""

# ruff: noqa: E402

from __future__ import annotations

import asyncio
import os
import random
import secrets
import signal
import zlib
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, find, settings, strategies

pytest.register_assert_rewrite("support", "resources", "external", "contract")  # before they are imported

from support import stand_ins
from support.tools import built_in

from devin_tools import AsyncClient, Catalog, Client, Simulator, Tool
from devin_tools.local import locks
from devin_tools.simulator.clock import SimulatedClock

pytest_plugins = ["support.budget"]

# A slow machine is not a failure, and a failure in CI must come back when CI runs again.
settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("suite")

# Whoever runs the suite in the background may ignore Ctrl-C, and every process it starts inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)

SEED = os.environ.get("DEVIN_TEST_SEED", "")

Answer = Callable[[httpx.Request], httpx.Response]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the catalog be larger than it is: to see what the tests would cost then."""
    parser.addoption("--tools", type=int, default=0, help="fill the catalog up to this many with stand-ins")


def pytest_configure(config: pytest.Config) -> None:
    """Load the stand-ins before any catalog."""
    if config.getoption("--tools"):
        stand_ins.join(config.getoption("--tools"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Expect that what is compared with committed files does not hold for stand-ins; it costs the same."""
    if config.getoption("--tools"):
        for item in items:
            item.add_marker(
                pytest.mark.xfail(reason="stand-ins are not in the committed files", strict=False)
            )


@pytest.fixture(autouse=True, scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let no test see the key or the plugins of whoever runs it, and let no test pay for what all share.

    Each process has locks of its own, and waits for them without sleeping.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("DEVIN_"):
                patch.delenv(name)
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setattr(locks, "pause_task", lambda seconds: asyncio.sleep(0))
        patch.setattr(locks, "pause_thread", lambda seconds: None)
        built_in()
        find(strategies.text(), lambda text: True)  # hypothesis writes its tables of Unicode at first use
        yield


@pytest.fixture(autouse=True)
def steady_draws(request: pytest.FixtureRequest) -> Iterator[None]:
    """Yield each test draws of its own that are the same in every run: a failure comes back.

    `DEVIN_TEST_SEED` chooses others, to look for a test that only holds by luck.
    """
    draw = secrets.randbits
    seed = f"{request.node.nodeid} {SEED}"
    secrets.randbits = random.Random(zlib.crc32(seed.encode())).getrandbits
    yield
    secrets.randbits = draw


@pytest.fixture
def folder_for_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let files be sent from, and saved into, a folder of the test's own, the same one more than once."""
    (tmp_path / "note.txt").write_text("A note.\n", encoding="utf-8")
    monkeypatch.setenv("DEVIN_FILE_ROOT", str(tmp_path))
    monkeypatch.setenv("DEVIN_FILE_OVERWRITE", "1")
    return tmp_path


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return built_in()


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(seed=7, catalog=built_in())


@pytest.fixture
def client(simulator: Simulator) -> Iterator[Client]:
    with Client(**simulator.connection()) as client:
        yield client


@pytest.fixture(params=["sync", "async"])
def with_client(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Return a function that makes a client over an answering function, does work with it, and closes it.

    Its time is virtual: waiting takes none.

    `work(perform)` is asynchronous for both clients: `await perform("run", call)` calls a method by
    its name, and so each test is written once and holds for both.
    """

    def go(answer: Answer | None, work: Callable[[Any], Awaitable[Any]], **options: Any) -> Any:
        transport = {"transport": httpx.MockTransport(answer)} if answer else {}
        account = {} if "settings" in options else {"api_key": "cog_key", "org_id": "org-1"}
        given = account | {"guards": (), "clock": SimulatedClock()} | transport | options

        async def sync() -> Any:
            with Client(**given) as client:

                async def perform(method: str, argument: Any) -> Any:
                    got = getattr(client, method)(argument)
                    return list(got) if isinstance(got, Iterator) else got

                return await work(perform)

        async def asynchronous() -> Any:
            async with AsyncClient(**given) as client:

                async def perform(method: str, argument: Any) -> Any:
                    got = getattr(client, method)(argument)
                    return [item async for item in got] if hasattr(got, "__aiter__") else await got

                return await work(perform)

        return asyncio.run(sync() if request.param == "sync" else asynchronous())

    return go


@pytest.fixture
def run(with_client: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that runs one call over an answering function, with either client."""

    def go(answer: Answer, call: Tool[Any], **options: Any) -> Any:
        return with_client(answer, lambda perform: perform("run", call), **options)

    return go
