"""`temporal`: a worker on which any tool runs as a durable workflow."""

from __future__ import annotations

from typing import Any

import click

from ..listed_group import SuggestingGroup
from ..logs import RULES, show_log
from ..options import SERVED_SPEED, Options
from ..shared_options import COUNT, FILE, Finite, option
from .rules import rules_in


@click.group("temporal", cls=SuggestingGroup)
def command() -> None:
    """Run tools as workflows on a Temporal server (the extra temporal)."""


@command.command("worker")
@click.option("--address", metavar="HOST:PORT", help="The server, over TEMPORAL_ADDRESS; or localhost:7233.")
@click.option("--namespace", metavar="NAME", help="The namespace, over TEMPORAL_NAMESPACE.")
@click.option("--profile", metavar="NAME", help="A profile of Temporal's own settings file.")
@option("--task-queue", metavar="NAME", default="devin-tools", help="Where to listen.")
@click.option("--codec", metavar="MODULE:NAME", help="The codec of payloads, as Python imports it.")
@option("--tick", "tick_seconds", type=Finite(1), default=15.0, help="Seconds between two polls of sessions.")
@option("--activities-at-once", type=COUNT, default=100, help="How many requests may run at a time.")
@click.option(
    "--rules",
    "rules_file",
    type=FILE,
    help="Report on the sessions that `serve --follow temporal` started by these rules.",
)
@click.option("--add-attributes", "adds_attributes", is_flag=True, help="Add the search attributes first.")
@click.pass_obj
def worker(options: Options, /, **given: Any) -> None:
    """Run every tool for whoever starts its workflow, until Ctrl-C.

    The Devin key and the settings are this worker's: callers need neither. The server is found by
    Temporal's own variables (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS...).
    """
    from ...engines.temporal.worker import WorkerOptions, serve

    def ready(where: str) -> None:
        click.echo(f"devin-tools temporal worker ready at {where}, task queue {given['task_queue']}")

    if (file := given.pop("rules_file")) is not None:
        given["rules"] = rules_in(options, str(file))
        show_log(click.get_current_context(), RULES)
    options.speed = SERVED_SPEED
    more = options.transport()
    more.pop("clock", None)  # the worker's own time is Temporal's
    serve(WorkerOptions(**given, options=more), options.settings, options.catalog, ready=ready)
