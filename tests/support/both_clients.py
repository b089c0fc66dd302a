"""One call with a sync and with an async client: the same steps, the same bytes, the same outcome."""

from __future__ import annotations

import asyncio
import os
import random
import re
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.fresh_worlds import fresh_world
from support.furnished import about
from support.tools import built_in

from devin_tools import AsyncClient, Client, Spec
from devin_tools.errors import ApiError
from devin_tools.flow import Flow, Step

__all__ = ["check_both_fail_alike", "check_both_give_the_same"]


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


def world(patch: pytest.MonkeyPatch) -> tuple[Recording, dict[str, Any], dict[str, Any]]:
    """Return one world after another with the same things, time and chance: what is sent, options, names.

    Nothing is in the folder for downloads, from which an export would go on.
    """
    shutil.rmtree(Path(os.environ["DEVIN_FILE_ROOT"]) / "devin-downloads", ignore_errors=True)
    patch.setattr(secrets, "randbits", random.Random(7).getrandbits)
    simulator, names = fresh_world()
    options = simulator.connection()
    recording = options["transport"] = Recording(options["transport"])
    return recording, options, names


def check_both_give_the_same(
    spec: Spec, example: Mapping[str, Any], patch: pytest.MonkeyPatch, loop: asyncio.Runner
) -> None:
    """Check that an example takes the same steps to the same output with both clients."""

    def sync() -> Any:
        steps: list[Step] = []
        recording, options, names = world(patch)
        call = built_in().call(spec.name, about(spec, example, names))
        with Client(**options) as client:
            return client.drive(noted(call.flow(), steps)), steps, recording.sent

    async def asynchronous() -> Any:
        steps: list[Step] = []
        recording, options, names = world(patch)
        call = built_in().call(spec.name, about(spec, example, names))
        async with AsyncClient(**options) as client:
            return await client.drive(noted(call.flow(), steps)), steps, recording.sent

    output, steps, sent = sync()
    assert (output, steps, sent) == loop.run(asynchronous())
    assert isinstance(output, spec.output)
    assert steps and sent


def check_both_fail_alike(
    spec: Spec, example: Mapping[str, Any], patch: pytest.MonkeyPatch, loop: asyncio.Runner
) -> None:
    """Check that an example fails alike with both clients, whose key is wrong."""

    def sync() -> Any:
        recording, options, names = world(patch)
        with Client(**options | {"api_key": "wrong"}) as client, pytest.raises(ApiError) as caught:
            client.run(built_in().call(spec.name, about(spec, example, names)))
        return caught.value.as_dict(), caught.value.tool, recording.sent

    async def asynchronous() -> Any:
        recording, options, names = world(patch)
        async with AsyncClient(**options | {"api_key": "wrong"}) as client:
            with pytest.raises(ApiError) as caught:
                await client.run(built_in().call(spec.name, about(spec, example, names)))
        return caught.value.as_dict(), caught.value.tool, recording.sent

    error, tool, sent = sync()
    assert (error, tool, sent) == loop.run(asynchronous())
    assert error["kind"] == "unauthenticated"
    starts_a_session = spec.route is None and spec.effect.is_billable
    assert tool == ("devin_create_session" if starts_a_session else spec.name)
