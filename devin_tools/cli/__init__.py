"""The command line. A subcommand's module is imported when the subcommand is used."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import click

from ..version import __version__
from .leaving import leave_before_finalising
from .logs import REQUESTS, show_log
from .options import Options

__all__ = ["cli", "main"]

COMMANDS = (
    *("list", "show", "presets", "call", "run", "watch", "export", "lint", "rules", "generate"),
    *("serve", "simulator", "mcp", "temporal", "doctor", "completion", "demo"),
)
"""The subcommands in the order of the help. The module of each, in `commands`, holds it as `command`."""


class CommandLine(click.Group):
    """Loads subcommands late, and turns every failure into one exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one subcommand."""
        if cmd_name not in COMMANDS:
            return None
        return cast(click.Command, import_module(f".commands.{cmd_name}", __name__).command)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run a command line and leave the process with its exit code."""
        try:
            code = super().main(args, *rest, **extra | {"standalone_mode": False})
        except Exception as problem:
            from .errors import report

            code = report(problem, json_errors="--json-errors" in (sys.argv[1:] if args is None else args))
        sys.exit(code if isinstance(code, int) else 0)


@click.group("devin-tools", cls=CommandLine, invoke_without_command=True)
@click.version_option(__version__)
@click.option("--simulate", is_flag=True, envvar="DEVIN_SIMULATE", help="Use the embedded simulator.")
@click.option("--env-file", type=click.Path(path_type=Path), help="Read settings from a file as well.")
@click.option("--base-url", metavar="URL", help="The API's host, over DEVIN_BASE_URL.")
@click.option("--org-id", metavar="ID", help="The organisation, over DEVIN_ORG_ID.")
@click.option("--json-errors", is_flag=True, help="Print errors as JSON on standard error.")
@click.option("-v", "--verbose", is_flag=True, help="Log every request on standard error.")
@click.pass_context
def cli(ctx: click.Context, /, verbose: bool, **given: Any) -> None:
    """Run the tools of the Devin API.

    The API key comes from DEVIN_API_KEY, or from the file of --env-file. There is no option for
    it: other people on a machine can read command lines.
    """
    ctx.obj = Options(**given)
    if verbose:
        show_log(ctx, REQUESTS)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """Start the command line; the entry point of `devin-tools`."""
    try:
        cli.main(prog_name="devin-tools")
    except SystemExit as end:
        leave_before_finalising(end.code if isinstance(end.code, int) else 1)
        raise
