"""`temporal`: a worker on which any tool runs as a durable workflow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..logs import RULES, show_log
from ..numbers import Finite
from ..options import SAMPLE_SESSIONS, Options
from .rules import rules_in

SIMULATED_SPEED = 60.0
"""How much faster than real time simulated sessions live: a minute passes in a second."""


@click.group("temporal")
def command() -> None:
    """Run tools as workflows on a Temporal server (the extra temporal)."""


@command.command("worker")
@click.option("--address", metavar="HOST:PORT", help="The server, over TEMPORAL_ADDRESS; or localhost:7233.")
@click.option("--namespace", metavar="NAME", help="The namespace, over TEMPORAL_NAMESPACE.")
@click.option("--profile", metavar="NAME", help="A profile of Temporal's own settings file.")
@click.option(
    "--task-queue", metavar="NAME", default="devin-tools", show_default=True, help="Where to listen."
)
@click.option("--codec", metavar="MODULE:NAME", help="What encodes payloads, where Python finds it.")
@click.option(
    "--tick",
    "tick_seconds",
    type=Finite(1),
    default=15.0,
    show_default=True,
    help="Seconds between two looks at the sessions that are waited for.",
)
@click.option(
    "--activities-at-once",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="How many requests may be on their way.",
)
@click.option(
    "--rules",
    "rules_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Tell what becomes of sessions that `serve --follow temporal` started by these rules.",
)
@click.option("--add-attributes", "adds_attributes", is_flag=True, help="Add the search attributes first.")
@click.pass_obj
def worker(options: Options, /, **given: Any) -> None:
    """Run every tool for whoever starts its workflow, until Ctrl-C.

    The Devin key and the settings are this worker's: callers need neither. Temporal's own variables
    (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS...) say how to reach the server.
    """
    from ...engines.temporal.worker import WorkerOptions, serve

    def ready(where: str) -> None:
        click.echo(f"devin-tools temporal worker ready at {where}, task queue {given['task_queue']}")

    if (file := given.pop("rules_file")) is not None:
        given["rules"] = rules_in(options, str(file))
        show_log(click.get_current_context(), RULES)
    more = _simulated(options) if options.simulate else {}
    serve(WorkerOptions(**given, options=more), options.settings, options.catalog, ready=ready)


def _simulated(options: Options) -> dict[str, Any]:
    """Return a simulator whose time runs by itself."""
    from ...simulator import Simulator

    options.simulator = Simulator(
        scenario=options.scenario, sessions=SAMPLE_SESSIONS, speed=SIMULATED_SPEED, catalog=options.catalog
    )
    return {"transport": options.simulator.connection()["transport"]}
