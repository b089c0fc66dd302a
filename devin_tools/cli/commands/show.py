"""`show NAME`: all there is to know about one tool."""

from __future__ import annotations

import click

from ..options import Options
from ..text import for_people, print_json


@click.command("show")
@click.argument("name")
@click.option("as_json", "--json", is_flag=True, help="Print the tool's manifest on a terminal too.")
@click.pass_obj
def command(options: Options, name: str, as_json: bool) -> None:
    """Show one tool: its effect, fields, output, examples."""
    spec = options.catalog.spec(name)
    if for_people(as_json):
        from ..render import show_tool

        show_tool(spec)
        return
    from ...export.manifest import manifest_of

    print_json(manifest_of(spec))
