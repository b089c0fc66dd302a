"""`show NAME`: all there is to know about one tool."""

from __future__ import annotations

import click

from ..options import Options
from ..shared_options import json_flag
from ..terminal import for_people, print_json
from ..tool_names import tool_named


@click.command("show")
@click.argument("name")
@json_flag
@click.pass_obj
def command(options: Options, name: str, as_json: bool) -> None:
    """Show one tool: its effect, fields, output, examples."""
    spec = tool_named(options.catalog, name)
    if for_people(as_json):
        from ..render import show_tool

        show_tool(spec)
        return
    from ...export.manifest import manifest_of

    print_json(manifest_of(spec))
