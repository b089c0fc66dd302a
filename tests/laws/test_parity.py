"""Sync and async are one: every tool takes the same steps and gives the same output with both clients."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from support.furnished import about, furnished

from devin_tools import AsyncClient, Catalog, Client, Simulator, Spec, connection, load_catalog
from devin_tools.errors import ApiError
from devin_tools.wire import Flow, Step

World = tuple["Recording", dict[str, Any], str]

every_example = pytest.mark.parametrize(
    ("spec", "example"),
    [
        pytest.param(spec, example, id=f"{spec.name}-{n}")
        for spec in load_catalog(plugins=())
        for n, example in enumerate(spec.examples)
    ],
)


class Recording(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Notes what goes over the wire, byte for byte."""

    def __init__(self, inner: Any):
        self.inner = inner
        self.sent: list[Any] = []

    def _note(self, request: httpx.Request, content: bytes) -> None:
        form = re.match(r"multipart/form-data; boundary=(\S+)", request.headers.get("content-type", ""))
        boundary = form[1] if form else "no form"  # it is drawn anew each time
        headers = {name: value.replace(boundary, "") for name, value in request.headers.items()}
        self.sent.append((request.method, str(request.url), headers, content.replace(boundary.encode(), b"")))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._note(request, request.read())
        response: httpx.Response = self.inner.handle_request(request)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._note(request, await request.aread())
        response: httpx.Response = await self.inner.handle_async_request(request)
        return response


def noted(flow: Flow[Any], steps: list[Step]) -> Flow[Any]:
    """Pass a flow on, and keep its steps."""
    step = next(flow)
    while True:
        steps.append(step)
        try:
            step = flow.send((yield step))
        except StopIteration as done:
            return done.value


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Callable[[], World]:
    """Give a way to make one world after another: the same session at work, time and chance."""

    def make() -> World:
        monkeypatch.setattr(connection.secrets, "randbits", random.Random(7).getrandbits)
        simulator = Simulator(seed=7, sessions=1)
        options = simulator.connection()
        recording = options["transport"] = Recording(options["transport"])
        names = furnished(simulator, next(iter(simulator.world.sessions)))
        recording.sent.clear()
        return recording, options, names

    return make


@pytest.mark.usefixtures("folder_for_files")
@every_example
def test_both_clients_take_the_same_steps_to_the_same_output(
    spec: Spec, example: Mapping[str, Any], catalog: Catalog, world: Callable[[], World]
) -> None:
    def sync() -> Any:
        steps: list[Step] = []
        recording, options, names = world()
        call = catalog.call(spec.name, about(spec, example, names))
        with Client(**options) as client:
            return client.drive(noted(call.flow(), steps)), steps, recording.sent

    async def asynchronous() -> Any:
        steps: list[Step] = []
        recording, options, names = world()
        call = catalog.call(spec.name, about(spec, example, names))
        async with AsyncClient(**options) as client:
            return await client.drive(noted(call.flow(), steps)), steps, recording.sent

    output, steps, sent = sync()
    assert (output, steps, sent) == asyncio.run(asynchronous())
    assert isinstance(output, spec.output)
    assert steps and sent


@pytest.mark.usefixtures("folder_for_files")
@every_example
def test_both_clients_fail_alike(
    spec: Spec, example: Mapping[str, Any], catalog: Catalog, world: Callable[[], World]
) -> None:
    def sync() -> Any:
        recording, options, names = world()
        with Client(**options | {"api_key": "wrong"}) as client, pytest.raises(ApiError) as caught:
            client.run(catalog.call(spec.name, about(spec, example, names)))
        return caught.value.as_dict(), caught.value.tool, recording.sent

    async def asynchronous() -> Any:
        recording, options, names = world()
        async with AsyncClient(**options | {"api_key": "wrong"}) as client:
            with pytest.raises(ApiError) as caught:
                await client.run(catalog.call(spec.name, about(spec, example, names)))
        return caught.value.as_dict(), caught.value.tool, recording.sent

    error, tool, sent = sync()
    assert (error, tool, sent) == asyncio.run(asynchronous())
    assert error["kind"] == "unauthenticated"
    starts_a_session = spec.route is None and spec.effect.is_billable
    assert tool == ("devin_create_session" if starts_a_session else spec.name)
