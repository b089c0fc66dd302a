"""Temporal: any tool's flow as a durable workflow. The extra `temporal`.

A worker of yours takes `workflows()` and `activities()`; `devin-tools temporal worker` is one that is ready
made. `DurableClient` runs calls on them. Temporal's own package is imported when one of these is used.
"""

from __future__ import annotations

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

    from ...pipelines.rule_files import Rules
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
"""Seconds between two looks of the poller at the same sessions."""


def workflows() -> list[type]:
    """Return the workflows, for a worker; the installed tools are loaded now, not in the midst of one."""
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

    With `rules`, for which alert servers start sessions, it is told what becomes of those. `options` are
    those of `AsyncClient`: guards, a clock, a transport. Raises `MissingSetting` without a key.
    """
    made = _activities(settings, catalog, tick_seconds, options)
    return _of(made, rules)


def make_worker(
    client: Client,
    *,
    settings: Settings | None = None,
    task_queue: str = TASK_QUEUE,
    rules: Rules | None = None,
    more_workflows: Sequence[type] = (),
    **options: Any,
) -> Worker:
    """Make a worker that runs every tool, and workflows of yours. `options` are Temporal's own.

    Workflows of yours run in Temporal's sandbox, which lets this package through.
    """
    from temporalio.plugin import SimplePlugin
    from temporalio.worker import Worker
    from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

    passing = SandboxRestrictions.default.with_passthrough_modules("devin_tools", "pydantic", "httpx")
    made = _activities(settings, None, TICK_SECONDS, {})
    closing = SimplePlugin("devin-tools", run_context=partial(_closing, made))
    options.setdefault("workflow_runner", SandboxedWorkflowRunner(restrictions=passing))
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[*workflows(), *more_workflows],
        activities=_of(made, rules),
        plugins=[*options.pop("plugins", ()), closing],
        **options,
    )


@asynccontextmanager
async def _closing(made: Activities) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await made.aclose()


def _activities(
    settings: Settings | None, catalog: Catalog | None, tick_seconds: float, options: dict[str, Any]
) -> Activities:
    from ...client.clients import AsyncClient
    from .activity import Activities
    from .worker_client import WorkerClient
    from .workflow.run_tool import installed_catalog

    settings = settings or Settings.load()
    settings.require_key()
    return Activities(
        lambda: WorkerClient(AsyncClient(settings, **options)), catalog or installed_catalog(), tick_seconds
    )


def _of(made: Activities, rules: Rules | None) -> list[Callable[..., Any]]:
    """Return the activities of a worker, with that which tells when there are rules."""
    if rules is None:
        return made.all()
    from .workflow.follow_session import NotifyActivity

    return [*made.all(), NotifyActivity(made, rules).tell]
