"""Temporal: any tool's flow as a durable workflow. The extra `temporal`.

A worker of yours takes `workflows()` and `activities()`; `devin-tools temporal worker` is one that is ready
made. `DurableClient` runs calls on them. Temporal's own package is imported when one of these is used.
"""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from ...catalog import Catalog
from ...settings import Settings
from .client import DurableClient, Row
from .connection import connect
from .names import TASK_QUEUE
from .payloads import Count, ProgressLine, WorkflowStatus
from .search_attributes import add_attributes

if TYPE_CHECKING:
    from temporalio.client import Client
    from temporalio.worker import Worker

    from ...pipelines.rule_models import Rules
    from .activity import Activities

__all__ = [
    "TASK_QUEUE",
    "TICK_SECONDS",
    "Count",
    "DurableClient",
    "ProgressLine",
    "Row",
    "WorkflowStatus",
    "activities",
    "add_attributes",
    "connect",
    "make_worker",
    "workflows",
]

TICK_SECONDS = 15.0
"""Seconds between two reads by which the poller looks at the same sessions."""

RENAMED = {"Line": "ProgressLine", "Standing": "WorkflowStatus"}
"""Names up to 0.1; remove this with 0.3."""


def __getattr__(name: str) -> Any:
    if name not in RENAMED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warnings.warn(f"{name} is {RENAMED[name]} now.", DeprecationWarning, stacklevel=2)
    return globals()[RENAMED[name]]


def workflows() -> list[type]:
    """Return the workflows, for a worker; the installed tools are loaded now, not while one runs."""
    from .workflow.follow_session import FollowSession
    from .workflow.poller import Poller
    from .workflow.run_many import RunMany
    from .workflow.run_tool import RunTool, installed_catalog

    installed_catalog()
    return [RunTool, RunMany, Poller, FollowSession]


def activities(
    settings: Settings | None = None,
    *,
    catalog: Catalog | None = None,
    tick_seconds: float = TICK_SECONDS,
    rules: Rules | None = None,
    **options: Any,
) -> list[Callable[..., Any]]:
    """Return the activities, for a worker. They alone have the key: from `settings`, or the environment.

    With `rules`, for which alert servers start sessions, their sinks are notified of what becomes of those.
    `options` are those of `AsyncClient`: guards, a clock, a transport. Raises `MissingSetting` without a key.
    """
    return _activities(settings, catalog, tick_seconds, rules, options).all()


def make_worker(
    client: Client,
    *,
    settings: Settings | None = None,
    task_queue: str = TASK_QUEUE,
    rules: Rules | None = None,
    more_workflows: Sequence[type] = (),
    catalog: Catalog | None = None,
    tick_seconds: float = TICK_SECONDS,
    client_options: dict[str, Any] | None = None,
    **options: Any,
) -> Worker:
    """Return a worker that runs every tool, and workflows of yours. `options` are Temporal's own.

    Workflows of yours run in Temporal's sandbox, which lets this package through. `client_options` are
    those of `AsyncClient`. Raises `MissingSetting` without a key.
    """
    from temporalio.plugin import SimplePlugin
    from temporalio.worker import Worker
    from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

    passing = SandboxRestrictions.default.with_passthrough_modules("devin_tools", "pydantic", "httpx")
    ours = _activities(settings, catalog, tick_seconds, rules, client_options or {})
    closing = SimplePlugin("devin-tools", run_context=partial(_closing, ours))
    options.setdefault("workflow_runner", SandboxedWorkflowRunner(restrictions=passing))
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[*workflows(), *more_workflows],
        activities=ours.all(),
        plugins=[*options.pop("plugins", ()), closing],
        **options,
    )


@asynccontextmanager
async def _closing(ours: Activities) -> AsyncIterator[None]:
    """Close the connections of the activities when the worker has ended."""
    try:
        yield
    finally:
        await ours.aclose()


def _activities(
    settings: Settings | None,
    catalog: Catalog | None,
    tick_seconds: float,
    rules: Rules | None,
    options: dict[str, Any],
) -> Activities:
    from ...client import AsyncClient
    from ...client.connections import check_environment
    from .activity import Activities
    from .worker_client import WorkerClient
    from .workflow.run_tool import installed_catalog

    settings = settings or Settings.load()
    settings.require_key()
    if options.get("transport") is None:
        check_environment(settings)

    def connect() -> WorkerClient:
        return WorkerClient(AsyncClient(settings, **options))

    known = installed_catalog() if catalog is None else catalog
    return Activities(connect, known, tick_seconds, rules)
