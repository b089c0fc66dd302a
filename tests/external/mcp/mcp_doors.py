"""The official client in front of a server, through every guard, for either major of the `mcp` package."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version
from typing import Any

import uvicorn
from mcp import ClientSession, StdioServerParameters, stdio_client, types
from mcp.client import streamable_http
from mcp.shared.memory import create_client_server_memory_streams

from devin_tools import AsyncClient, Catalog, Settings, Simulator, load_catalog
from devin_tools.mcp import Service, TransportGuard, build
from devin_tools.mcp.http import app_over

MAJOR = int(version("mcp").partition(".")[0])

Answer = Callable[[str], str]
"""Answers a question put to the person: gives `accept`, `decline` or `cancel`."""


OPTIONS = ("slice_seconds", "calls_at_once", "listing", "output_schemas", "tools", "preset")
"""Those of a service; what else it is given are settings."""


def service_over(simulator: Simulator, *, catalog: Catalog | None = None, **settings: Any) -> Service:
    """Make a service whose API is a simulator; keyword arguments are settings, or options of the service."""
    options = {key: settings.pop(key) for key in OPTIONS if key in settings}
    reached = simulator.connection()
    given = {"api_key": reached["api_key"], "org_id": reached["org_id"]} | settings
    return Service(catalog or load_catalog(plugins=()), Settings(**given), connect_to(simulator), **options)


def connect_to(simulator: Simulator) -> Callable[[Settings], AsyncClient]:
    reached = simulator.connection()

    def connect(settings: Settings) -> AsyncClient:
        return AsyncClient(settings, transport=reached["transport"], clock=reached["clock"], guards=())

    return connect


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a test's work on a loop of its own; the limit only ends what hangs."""
    asyncio.run(asyncio.wait_for(work(), 300))


async def quiet(simulator: Simulator) -> None:
    """Wait until nobody asks the simulator anything for the time of several looks."""
    seen = -1
    while len(simulator.requests) != seen:
        seen = len(simulator.requests)
        await asyncio.sleep(0.5)


class Caller:
    """The official client's session; what it gives is as it came over the wire."""

    def __init__(self, session: Any, about: Any):
        self.session = session
        self.instructions = about.instructions
        """What the server said of itself."""

    async def tools(self) -> dict[str, Any]:
        listed = wire(await self.session.list_tools())["tools"]
        return {tool["name"]: tool for tool in listed}

    async def call(self, name: str, arguments: Any = None, told: list[str] | None = None) -> dict[str, Any]:
        """Call a tool; the messages of its progress are added to `told`."""

        async def tell(progress: float, total: float | None, message: str | None) -> None:
            assert told is not None and progress == len(told) + 1
            told.append(message or "")

        callback = {} if told is None else {"progress_callback": tell}
        return wire(await self.session.call_tool(name, arguments or {}, **callback))

    async def output(self, name: str, arguments: Any = None) -> dict[str, Any]:
        """Call a tool that succeeds, and give its output."""
        result = await self.call(name, arguments)
        assert not result["isError"], result
        content: dict[str, Any] = result["structuredContent"]
        return content

    async def error(self, name: str, arguments: Any = None) -> dict[str, Any]:
        """Call a tool that fails, and give its error."""
        result = await self.call(name, arguments)
        assert result["isError"] and result.get("structuredContent") is None
        error: dict[str, Any] = json.loads(result["content"][0]["text"])["error"]
        return error

    async def asked(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask by the name of the session's method, such as `list_prompts`."""
        return wire(await getattr(self.session, method)(**params))


def wire(model: Any) -> dict[str, Any]:
    dumped: dict[str, Any] = model.model_dump(mode="json", by_alias=True)
    return dumped


def protocol_error(problem: BaseException) -> Any:
    """Find the error of the protocol that a client raised."""
    return getattr(problem, "error", problem)


def answering(answer: Answer | None) -> dict[str, Any]:
    """Return a client's options: with an answer it declares that it can put questions to a person."""
    if answer is None:
        return {}

    async def elicit(context: Any, params: Any) -> Any:
        return types.ElicitResult.model_validate({"action": answer(params.message), "content": {}})

    return {"elicitation_callback": elicit}


@asynccontextmanager
async def in_memory(service: Service, answer: Answer | None = None) -> AsyncIterator[Caller]:
    """Connect in process, with the handshake that both majors know."""
    server = build(service)
    async with create_client_server_memory_streams() as (ours, theirs):
        serving = asyncio.ensure_future(server.run(*theirs, server.create_initialization_options()))
        async with ClientSession(*ours, **answering(answer)) as session:
            yield Caller(session, await session.initialize())
        serving.cancel()
        await asyncio.wait([serving])
    await service.aclose()


@asynccontextmanager
async def modern(service: Service, answer: Answer | None = None) -> AsyncIterator[Caller]:
    """Connect in process by the protocol without a handshake, which only the second major knows."""
    from mcp import Client

    async with Client(build(service), **answering(answer)) as client:
        yield Caller(client, client)
    await service.aclose()


DOORS = {"memory": in_memory} | ({"modern": modern} if MAJOR > 1 else {})
"""The ways to reach a service of this process."""


@asynccontextmanager
async def over_stdio(*options: str) -> AsyncIterator[Caller]:
    """Start the command and talk over its standard streams."""
    command = StdioServerParameters(
        command=sys.executable,
        args=["-W", "error", "-m", "devin_tools", "--simulate", "mcp", *options],
        env=dict(os.environ),
    )
    async with stdio_client(command) as streams, ClientSession(*streams) as session:
        yield Caller(session, await session.initialize())


@asynccontextmanager
async def over_http(
    url: str, token: str | None = None, answer: Answer | None = None
) -> AsyncIterator[Caller]:
    """Connect to a URL, with a bearer token if there is one."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        http_streams(url, headers) as streams,
        ClientSession(*streams[:2], **answering(answer)) as session,
    ):
        yield Caller(session, await session.initialize())


@asynccontextmanager
async def http_streams(url: str, headers: dict[str, str]) -> AsyncIterator[Any]:
    if not hasattr(streamable_http, "streamable_http_client"):  # early versions of the first major
        async with streamable_http.streamablehttp_client(url, headers) as streams:
            yield streams
        return
    try:
        import httpx2 as httpx
    except ImportError:
        import httpx
    async with httpx.AsyncClient(headers=headers, timeout=30) as client:
        async with streamable_http.streamable_http_client(url, http_client=client) as streams:
            yield streams


@contextmanager
def listening(service: Service, guard: TransportGuard | None = None) -> Iterator[str]:
    """Serve HTTP on a thread, and give the URL."""
    config = uvicorn.Config(app_over(service, guard or TransportGuard()), port=0, log_config=None)
    server = uvicorn.Server(config)
    started = threading.Event()
    startup = server.startup

    async def start(sockets: Any = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = start  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(20)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def started(*options: str, **env: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the command with `--http`, and give the process with its URL."""
    command = [sys.executable, "-m", "devin_tools", "--simulate", "mcp", "--http", "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **env})
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        assert line.startswith("ready: http://"), line
        yield process, line.split()[1]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
