"""The command line. A subcommand's module is imported when the subcommand is used."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import click

from ..text.suggestions import nearest
from ..version import __version__
from .leaving import leave_before_finalising
from .listed_group import ListedGroup
from .options import Options

__all__ = ["cli", "main"]

COMMANDS = {
    "list": "List every tool, or a choice of them.",
    "find": "Find tools by what you want to do.",
    "show": "Show one tool: its effect, fields, output, examples.",
    "presets": "Show the presets: how many of their tools spend, and what they take of a model's context.",
    "call": "Run a tool: its fields as options, or as JSON.",
    "run": "Run a task: start a session, wait, show the outcome.",
    "watch": "Watch sessions until they settle.",
    "export": "Write every tool in a format; without FORMAT, list the formats.",
    "lint": "Check exported tools, ours or anybody's, before a provider refuses them.",
    "rules": "Check rules that start sessions for events, and try them.",
    "generate": "In a checkout: write what is derived from the declarations.",
    "serve": "Serve every tool as `POST /tools/NAME` until Ctrl-C, with an OpenAPI document and a web page.",
    "simulator": "Serve the simulator on 127.0.0.1 until Ctrl-C.",
    "mcp": "Serve the tools to clients of the Model Context Protocol.",
    "temporal": "Run tools as workflows on a Temporal server (the extra temporal).",
    "doctor": "Show which settings are found and whether the API answers.",
    "completion": "Print the completion script of a shell.",
    "demo": "Run the main job: a task from its prompt to its outcome.",
}
"""The subcommands in the order of the help, with its first sentence; a law compares that.

The module of each, in `commands`, holds it as `command`.
"""


class CommandLine(ListedGroup):
    """Loads subcommands late, and turns every failure into one exit code."""

    def outlines(self, ctx: click.Context) -> list[tuple[str, click.Command]]:
        """Return each subcommand with the first sentence of its help."""
        return [(name, click.Command(name, help=sentence)) for name, sentence in COMMANDS.items()]

    def suggestions(self, ctx: click.Context, name: str) -> list[str]:
        """Return the commands that may be meant, and the tools: many expect a command for each."""
        from ..catalog import load_catalog
        from ..errors import DevinToolsError

        try:
            tools: Collection[str] = load_catalog().specs
        except DevinToolsError:  # of a plugin: what was typed is wrong all the same
            tools = ()
        return [f"call {one}" if one in tools else one for one in nearest(name, [*COMMANDS, *tools])]

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
        from .logs import REQUESTS, show_log  # here, as a list needs no logging

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
