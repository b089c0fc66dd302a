"""What the tests of the Temporal engine share: servers, workers and simulators, in process and out of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from devin_tools import Output, Settings, Simulator, Tool

pytest.importorskip("temporalio", reason="needs nox -s temporal")

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from devin_tools.engines.temporal import DurableClient, activities, workflows

__all__ = [
    "HANGS",
    "KEY",
    "ROOT",
    "Following",
    "Server",
    "Virtual",
    "ready",
    "server",
    "settings_of",
    "start_worker",
    "stop",
    "until",
    "virtual",
    "waited_for",
]

ROOT = Path(__file__).resolve().parents[4]
KEY = "cog_CANARY_t3mp0r4l"
HANGS = 240.0
"""Seconds after which something is taken to hang; no machine is so slow."""
OutT = TypeVar("OutT", bound=Output)
BINARIES = Path(sys.executable).parent


class Following(httpx.AsyncBaseTransport):
    """A simulator whose time is the workflows' time."""

    def __init__(self, simulator: Simulator, env: WorkflowEnvironment):
        self.inner: Any = simulator.transport()
        self.simulator = simulator
        self.env = env
        self.times: list[float] = []
        """When each request came, in the workflows' time."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.times.append(await self.catch_up())
        return await self.inner.handle_async_request(request)

    async def catch_up(self) -> float:
        now = (await self.env.get_current_time()).timestamp()
        self.simulator.clock.reach(now)
        return now


@dataclass
class Virtual:
    """A server whose time is skipped, a worker on it, a client of it."""

    env: WorkflowEnvironment
    durable: DurableClient
    transport: Following
    began: float
    began_really: float = field(default_factory=time.monotonic)

    @property
    def passed(self) -> float:
        """Return how much real time went by, which goes by for workflows too, beside what is skipped."""
        return time.monotonic() - self.began_really

    async def output(self, call: Tool[OutT], id: str) -> OutT:
        """Wait for an output while time is skipped: this client does that only for handles of a start."""
        return await self.durable.run(call, id=id)


def settings_of(simulator: Simulator, **more: Any) -> Settings:
    return Settings.load(api_key=KEY, org_id=simulator.world.org_id, **more)


@contextlib.asynccontextmanager
async def virtual(
    simulator: Simulator, *, tick_seconds: float = 15.0, durable: dict[str, Any] | None = None, **more: Any
) -> AsyncIterator[Virtual]:
    """Start a server that skips time, and a worker over the simulator; settings may be given.

    Time is skipped while somebody waits for the result of a handle that a start returned, and a moment
    longer: then nothing is left to be done, and it may jump by years. What comes after another workflow
    and minds its age must hold time still (`env.auto_time_skipping_disabled`).
    """
    binary = str(BINARIES / "temporal-test-server")
    options = {name: more.pop(name) for name in ("guards", "data_converter") if name in more}
    converter = {"data_converter": options.pop("data_converter")} if "data_converter" in options else {}
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=binary, test_server_startup_timeout=timedelta(seconds=HANGS), **converter
    ) as env:
        transport = Following(simulator, env)
        began = await transport.catch_up()
        work = activities(
            settings_of(simulator, **more),
            tick_seconds=tick_seconds,
            transport=transport,
            clock=simulator.clock,
            **{"guards": ()} | options,
        )
        async with Worker(env.client, task_queue="devin-tools", workflows=workflows(), activities=work):
            try:
                yield Virtual(env, DurableClient(env.client, **durable or {}), transport, began)
            finally:
                # Now and then this server holds a worker's last poll for good: without it the worker ends.
                loop = asyncio.get_running_loop()
                end = loop.call_later(HANGS / 4, lambda: asyncio.ensure_future(env.shutdown()))
        end.cancel()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class Server:
    """A development server in a process of its own, which can be killed and started again."""

    port: int
    database: Path | None
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [str(BINARIES / "temporal"), "server", "start-dev", "--headless", "--ip", "127.0.0.1"]
        command += ["--port", str(self.port), "--log-level", "never"]
        command += ["--dynamic-config-value", "system.forceSearchAttributesCacheRefreshOnRead=true"]
        if self.database is not None:
            command += ["--db-filename", str(self.database)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    async def client(self, **options: Any) -> Client:
        deadline = time.monotonic() + HANGS
        while True:
            try:
                client = await Client.connect(self.address, **options)
                await client.count_workflows()
                return client
            except Exception:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.2)


@contextlib.contextmanager
def server(database: Path | None = None) -> Iterator[Server]:
    """Run a development server on loopback."""
    made = Server(free_port(), database)
    made.start()
    try:
        yield made
    finally:
        made.kill()


def start_worker(address: str, url: str, simulator: Simulator, *words: str) -> subprocess.Popen[str]:
    """Start the worker of the command line, as a process of its own."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("DEVIN_")}
    settings = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": url, "DEVIN_ORG_ID": simulator.world.org_id}
    command = [sys.executable, "-m", "devin_tools", "temporal", "worker", "--address", address, *words]
    env = mine | settings | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


async def ready(process: subprocess.Popen[str]) -> str:
    """Wait for the first line that a process prints, and return it."""
    assert process.stdout is not None
    return await asyncio.to_thread(process.stdout.readline)


async def waited_for(client: Client, simulator: Simulator) -> int:
    """Return how many sessions the poller was ever told to look at."""
    poller = client.get_workflow_handle(f"devin-tools.poller-{simulator.world.org_id}")
    try:
        signals = [
            event.workflow_execution_signaled_event_attributes
            for event in (await poller.fetch_history()).events
        ]
    except RPCError:  # it is not there yet
        return 0
    told = [one.input.payloads[0].data for one in signals if one.signal_name == "join"]
    return len({json.loads(data)["session_id"] for data in told})


async def until(is_so: Callable[[], bool | Awaitable[bool]], pause: float = 0.05) -> None:
    """Wait until something is so; fail when it seems never to come."""
    deadline = time.monotonic() + HANGS
    while True:
        found = is_so()
        if found if isinstance(found, bool) else await found:
            return
        assert time.monotonic() < deadline, "it does not come"
        await asyncio.sleep(pause)


def stop(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> str:
    """Send a signal to a process unless it has ended; return what it wrote."""
    if process.poll() is None:
        process.send_signal(number)
    return process.communicate(timeout=HANGS)[0]
