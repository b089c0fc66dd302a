"""A ready-made worker: it runs until somebody asks the process to end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ...catalog import Catalog
from ...errors import UsageError
from ...pipelines.rule_models import Rules
from ...settings import Settings
from . import TICK_SECONDS, connection, make_worker
from .names import TASK_QUEUE
from .search_attributes import add_attributes

if TYPE_CHECKING:
    from temporalio.client import Client


@dataclass(frozen=True)
class WorkerOptions:
    """How a worker is to run."""

    address: str | None = None
    namespace: str | None = None
    profile: str | None = None
    codec: str | None = None
    """Where Python finds what encodes payloads: `module:name`."""
    task_queue: str = TASK_QUEUE
    tick_seconds: float = TICK_SECONDS
    activities_at_once: int = 100
    grace_seconds: float = 30.0
    """How long requests that are on their way may take when it ends."""
    adds_attributes: bool = False
    """Whether to add the search attributes to the namespace first."""
    rules: Rules | None = None
    """By which alert servers started the sessions that are followed here."""
    options: dict[str, Any] = field(default_factory=dict)
    """More options of the client."""


def serve(
    options: WorkerOptions, settings: Settings, catalog: Catalog, *, ready: Callable[[str], None]
) -> None:
    """Work until SIGINT or SIGTERM; `ready` is called with the address once the server is reached.

    Raises `UsageError` when Temporal's package is missing or the server cannot be reached.
    """
    connection.require_temporal()
    asyncio.run(_serve(options, settings, catalog, ready))


async def _serve(
    options: WorkerOptions, settings: Settings, catalog: Catalog, ready: Callable[[str], None]
) -> None:
    settings.require_key()
    client = await _connect(options)
    if options.adds_attributes:
        await add_attributes(client)
    worker = make_worker(
        client,
        settings=settings,
        task_queue=options.task_queue,
        rules=options.rules,
        catalog=catalog,
        tick_seconds=options.tick_seconds,
        client_options={"guards": catalog.guards} | options.options,
        max_concurrent_activities=options.activities_at_once,
        graceful_shutdown_timeout=timedelta(seconds=options.grace_seconds),
    )
    stop = _stop_signal()
    async with worker:
        ready(f"{client.service_client.config.target_host}, namespace {client.namespace}")
        await stop.wait()


async def _connect(options: WorkerOptions) -> Client:
    codec = connection.load_codec(options.codec) if options.codec else None
    try:
        return await connection.connect(
            options.address, namespace=options.namespace, profile=options.profile, codec=codec
        )
    except RuntimeError as error:  # what Temporal's client raises when nobody answers
        raise UsageError(
            "The Temporal server cannot be reached.",
            hint=f"Check --address, or TEMPORAL_ADDRESS. {str(error)[:200]}",
        ) from None


def _stop_signal() -> asyncio.Event:
    """Return an event that is set when somebody asks the process to end."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C ends the process as it always does
            loop.add_signal_handler(number, stop.set)
    return stop
