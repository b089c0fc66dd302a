"""A worker for those who want none of their own, until somebody asks it to end."""

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
from ...pipelines.rule_files import Rules
from ...settings import Settings
from . import TICK_SECONDS, workflows
from . import connection as connecting
from . import search_attributes as attributes
from .names import TASK_QUEUE

if TYPE_CHECKING:
    from .activity import Activities


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
    """By which alert servers started what is followed here."""
    options: dict[str, Any] = field(default_factory=dict)
    """More options of the client."""


def serve(
    serving: WorkerOptions, settings: Settings, catalog: Catalog, *, ready: Callable[[str], None]
) -> None:
    """Work until SIGINT or SIGTERM; `ready` is told once the server is reached.

    Raises `UsageError` when Temporal's package is missing or the server cannot be reached.
    """
    try:
        asyncio.run(_serve(serving, settings, catalog, ready))
    except ModuleNotFoundError as error:
        if error.name != "temporalio":
            raise
        raise UsageError(
            "Temporal's package is not installed.", hint="Run `pip install 'devin-tools[temporal]'`."
        ) from None


async def _serve(
    serving: WorkerOptions, settings: Settings, catalog: Catalog, ready: Callable[[str], None]
) -> None:
    from temporalio.worker import Worker

    settings.require_key()
    client = await _reached(serving)
    if serving.adds_attributes:
        await attributes.add_attributes(client)
    own, made = _own(serving, settings, catalog)
    worker = Worker(
        client,
        task_queue=serving.task_queue,
        workflows=workflows(),
        activities=own,
        max_concurrent_activities=serving.activities_at_once,
        graceful_shutdown_timeout=timedelta(seconds=serving.grace_seconds),
    )
    try:
        stop = _stop_signal()
        async with worker:
            ready(f"{client.service_client.config.target_host}, namespace {client.namespace}")
            await stop.wait()
    finally:
        await made.aclose()


def _own(
    serving: WorkerOptions, settings: Settings, catalog: Catalog
) -> tuple[list[Callable[..., Any]], Activities]:
    """Return the functions of the activities, and what they belong to, to be closed."""
    from ...client.clients import AsyncClient
    from .activity import Activities
    from .worker_client import WorkerClient

    options = {"guards": catalog.guards} | serving.options
    activities = Activities(
        lambda: WorkerClient(AsyncClient(settings, **options)), catalog, serving.tick_seconds
    )
    if serving.rules is None:
        return activities.all(), activities
    from .workflow.follow_session import NotifyActivity

    return [*activities.all(), NotifyActivity(activities, serving.rules).tell], activities


async def _reached(serving: WorkerOptions) -> Any:
    codec = connecting.load_codec(serving.codec) if serving.codec else None
    try:
        return await connecting.connect(
            serving.address, namespace=serving.namespace, profile=serving.profile, codec=codec
        )
    except RuntimeError as error:  # so Temporal's client says that nobody answered
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
