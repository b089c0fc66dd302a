"""`simulator`: the simulated API as a real HTTP server, for clients in any language."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

import click

from ...errors import UsageError
from ...text.suggestions import one_of
from ..options import Options
from ..shared_options import COUNT, PORT, Finite, option
from ..terminal import tell

if TYPE_CHECKING:
    from ...simulator import Faults


class SimulatorCommand(click.Command):
    """Its help lists the scenarios and faults, which are known only to the simulator."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the scenarios and the faults with what each does."""
        from ...simulator import FAULTS, Simulator

        with formatter.section("Scenarios"):
            formatter.write_dl(list(Simulator.SCENARIOS.items()))
        with formatter.section("Kinds of fault"):
            formatter.write_dl(list(FAULTS.items()))


def _faults(ctx: click.Context, param: click.Parameter, text: str | None) -> Faults | None:
    """Read `rate=0.2,kinds=lost+garbled,seed=3`, or raise `BadParameter` with the reason."""
    from ...simulator import Faults

    try:
        return None if text is None else Faults.parse(text)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", ctx, param) from None


@click.command("simulator", cls=SimulatorCommand)
@click.option("--port", type=PORT, default=0, help="The port; a free one by default.")
@option("--seed", type=int, default=0, help="The seed of generated ids.")
@option("--scenario", default="finishes", help="What happens to new sessions.")
@click.option("--sessions", type=click.IntRange(0), default=0, help="How many sample sessions to start with.")
@option(
    "--speed",
    type=Finite(0, min_open=True),
    default=1.0,
    help="How much faster than real time its clock runs.",
)
@click.option(
    "--faults",
    callback=_faults,
    metavar="NAME=VALUE,...",
    help="Inject faults: rate (0 to 1; 0.1 when left out), kinds (joined by +; all when left out), "
    "seed, seconds (the longest a fault lasts). For example rate=0.2,kinds=lost+garbled,seed=3.",
)
@click.option(
    "--strict-ids", is_flag=True, help="Refuse ids of sessions without devin-, as the API's documents do."
)
@click.option("--limit", type=COUNT, help="How many requests it takes in a minute of its clock.")
@click.pass_obj
def command(options: Options, /, port: int, scenario: str, **given: Any) -> None:
    """Serve the simulator on 127.0.0.1 until Ctrl-C."""
    from ...simulator import API_KEY, Simulator

    if scenario not in Simulator.SCENARIOS:
        hint = one_of(scenario, Simulator.SCENARIOS, "scenarios")
        raise UsageError(f"No scenario is called {scenario[:64]!r}.", hint=hint)
    try:
        server = Simulator(scenario=scenario, catalog=options.catalog, **given).serve(port)
    except OSError as error:
        raise UsageError(f"Port {port} cannot be used: {error.strerror}.") from None
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with server:
        hint = f"(DEVIN_BASE_URL={server.url} DEVIN_API_KEY={API_KEY})"
        click.echo(f"devin-tools simulator ready at {server.url} {hint}")
        if not given["sessions"]:
            tell("note", "It starts without sessions; with `--sessions 12` it has samples.")
        while not stop.wait(1):  # a wait without an end would keep Ctrl-C out on some systems
            pass
