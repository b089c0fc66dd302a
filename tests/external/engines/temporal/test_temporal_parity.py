"""Every tool that is more than one request gives the same output as a workflow and with a plain client."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from external.engines.temporal.temporal_home import KEY, Virtual, virtual
from support.furnished import about, furnished

from devin_tools import Catalog, Client, Simulator, Spec, load_catalog
from devin_tools.client import state

EXAMPLES = [
    pytest.param(spec, example, is_polled, id=f"{spec.name}-{n}-{'polled' if is_polled else 'alone'}")
    for spec in load_catalog(plugins=())
    if not spec.is_one_request and spec.name != "devin_rotate_key_into_file"  # no workflow keeps a secret
    for n, example in enumerate(spec.examples)
    for is_polled in (False, True)
]
FURNISHING_SECONDS = 3_600
"""More than it takes of the simulator's clock to make what examples speak of."""

ID = "parity"
MEASURED = {"waited_seconds": 1.0, "acus_consumed": 0.001}
"""What follows from the time that passed, and how much a second of it makes."""


def compared(plain: Any, durable: Any, late: float, name: str = "") -> list[str]:
    """List where two outputs differ; times may differ by so many seconds."""
    if isinstance(plain, dict) and isinstance(durable, dict) and plain.keys() == durable.keys():
        return [fault for key in plain for fault in compared(plain[key], durable[key], late, key)]
    if isinstance(plain, list) and isinstance(durable, list) and len(plain) == len(durable):
        return [fault for pair in zip(plain, durable, strict=True) for fault in compared(*pair, late, name)]
    slack = late if name.endswith(("_at", "_until")) else late * MEASURED.get(name, 0.0)
    if name == "timeout_seconds":  # what is left of it
        slack = late
    if slack and isinstance(plain, int | float) and isinstance(durable, int | float):
        return [] if abs(plain - durable) <= slack else [f"{name}: {plain} is not near {durable}"]
    return [] if plain == durable else [f"{name}: {plain!r} is not {durable!r}"]


def with_key(spec: Spec, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call the key that its workflow gives it."""
    has_key = "idempotency_key" in spec.input_schema["properties"]
    return dict(arguments) | ({"idempotency_key": f"temporal default {ID}"} if has_key else {})


class Retraced(httpx.BaseTransport):
    """A simulator to which each request comes when one came before: real time went by for that one."""

    def __init__(self, simulator: Simulator, times: Iterator[float]):
        self._inner, self._clock, self._times = simulator.transport(), simulator.clock, times

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._clock.reach(next(self._times, 0.0))
        return self._inner.handle_request(request)


@pytest.mark.usefixtures("folder_for_files")
@pytest.mark.parametrize(("spec", "example", "is_polled"), EXAMPLES)
def test_a_workflow_gives_what_a_client_gives(
    spec: Spec,
    example: Mapping[str, Any],
    is_polled: bool,
    catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def world(began: float) -> tuple[Simulator, dict[str, Any]]:
        # Nothing is in the folder for downloads, from which an export would go on.
        shutil.rmtree(Path(os.environ["DEVIN_FILE_ROOT"]) / "devin-downloads", ignore_errors=True)
        monkeypatch.setattr(state.secrets, "randbits", random.Random(7).getrandbits)
        simulator = Simulator(seed=7, sessions=1)
        simulator.clock.reach(began - FURNISHING_SECONDS)
        names = furnished(simulator, next(iter(simulator.world.sessions)))
        simulator.clock.reach(began)
        return simulator, names

    async def durable() -> tuple[Any, Virtual, str, list[tuple[str, str]]]:
        simulator = Simulator(seed=7)
        async with virtual(simulator, durable={"is_polled": is_polled}) as there:
            simulator, names = world(there.began)
            there.transport.simulator, there.transport.inner = simulator, simulator.transport()
            call = catalog.call(spec.name, about(spec, example, names))
            before = len(simulator.requests)
            output = await there.durable.run(call, id=ID)
            seen = await there.env.client.get_workflow_handle(ID).describe()
            return output, there, seen.run_id, simulator.requests[before:]

    began = time.monotonic()
    output, there, run_id, requests = asyncio.run(durable())
    passed = time.monotonic() - began
    simulator, names = world(there.began)
    call = catalog.call(spec.name, with_key(spec, about(spec, example, names)))
    before = len(simulator.requests)
    monkeypatch.setattr(state.secrets, "randbits", random.Random(run_id).getrandbits)
    more: dict[str, Any] = {"api_key": KEY, "guards": ()}
    if not is_polled:
        more["transport"] = Retraced(simulator, iter(there.transport.times))
    with Client(**simulator.connection() | more) as client:
        plain = client.run(call)
    late = (60.0 if is_polled else 3.0) + passed
    assert compared(plain.model_dump(mode="json"), output.model_dump(mode="json"), late) == []
    assert type(output) is type(plain) is spec.output
    if not is_polled:
        assert requests == simulator.requests[before:]
