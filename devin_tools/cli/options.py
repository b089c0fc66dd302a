"""The global options, and the one place where a command gets its client."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageError
from .consent import would_agree
from .terminal import tell

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..client.sync_client import Client
    from ..flow import Progress
    from ..settings import Settings
    from ..simulator import Simulator

SAMPLE_SESSIONS = 12

LIVE_SPEED = 25.0
"""How much faster than real time a simulated session lives while a person watches it."""

SERVED_SPEED = 60.0
"""How much faster than real time it lives where callers come and go: between their calls nobody sleeps."""


@dataclass
class Options:
    """The options before the command, and what follows from them."""

    simulate: bool = False
    env_file: Path | None = None
    base_url: str | None = None
    org_id: str | None = None
    json_errors: bool = False
    scenario: str = "finishes"
    """What happens to the sessions a simulated command creates."""
    speed: float | None = None
    """How much faster than real time simulated time runs; `None`: only waiting moves it, and takes none."""

    @cached_property
    def catalog(self) -> Catalog:
        """The catalog of this run; plugins that were skipped are warned about."""
        from ..catalog import load_catalog

        catalog = load_catalog()
        for problem in catalog.problems:
            self.tell("warning", str(problem))
        return catalog

    def tell(self, label: str, text: str) -> None:
        """Write something to standard error, for people or for programs."""
        if self.json_errors:
            click.echo(json.dumps({label: text}), err=True)
        else:
            tell(label, text, "yellow")

    @cached_property
    def simulator(self) -> Simulator:
        """The embedded simulator of this run, with sample sessions in it."""
        from ..simulator import Simulator

        return Simulator(
            scenario=self.scenario, sessions=SAMPLE_SESSIONS, speed=self.speed, catalog=self.catalog
        )

    def set_to_work(self, *scenarios: str) -> None:
        """Let simulated sessions begin now, so that there is something to see."""
        if self.simulate:
            for scenario in scenarios:
                _set_to_work(self.simulator, scenario)

    def transport(self) -> dict[str, Any]:
        """Return the transport and clock of a client of the simulator; nothing for one of the network."""
        if not self.simulate:
            return {}
        reached = self.simulator.connection()
        return {"transport": reached["transport"], "clock": reached["clock"]}

    def let_time_be_seen(self) -> None:
        """Let a person at a terminal watch simulated sessions live, rather than see how they ended."""
        if sys.stdout.isatty():
            self.speed = LIVE_SPEED

    @property
    def now(self) -> Callable[[], float]:
        """The clock of this run."""
        return self.simulator.clock.now if self.simulate else time.time

    @cached_property
    def settings(self) -> Settings:
        """The settings of this run, with where each came from."""
        from pydantic import SecretStr

        from ..settings import FILE_SETTINGS, Settings, read_from

        if not self.simulate:
            return Settings.load(
                env_file=self.env_file, consent=would_agree, base_url=self.base_url, org_id=self.org_id
            )
        if self.base_url is not None:
            raise UsageError("The embedded simulator has no base URL; leave --base-url out.")
        # A simulated command must not depend on the environment; but the files that it reads are real ones.
        reached = self.simulator.connection()
        sources = dict.fromkeys(("api_key", "org_id", "base_url"), "simulator")
        return Settings(
            api_key=SecretStr(reached["api_key"]),
            org_id=self.org_id or reached["org_id"],
            **read_from(os.environ, FILE_SETTINGS),
            sources=sources | ({"org_id": "argument"} if self.org_id else {}),
        )


def connect(options: Options, *, watch: Callable[[Progress], None] | None = None) -> Client:
    """Make the client of this run: over the embedded simulator, or over the network."""
    from ..client.sync_client import Client

    return Client(options.settings, guards=options.catalog.guards, watch=watch, **options.transport())


def _set_to_work(simulator: Simulator, scenario: str) -> None:
    from ..simulator.scenarios import begin

    world, title = simulator.world, "Make the tests of the cart pass"
    begin(world, f"{title}. #simulate:{scenario}", scenario, world.now, {"title": title, "tags": ["sample"]})
