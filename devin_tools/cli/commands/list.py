"""`list`: every tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..options import Options
from ..shared_options import json_flag, tool_choice
from ..terminal import for_people, print_json

if TYPE_CHECKING:
    from ...spec import Spec


@click.command("list")
@json_flag
@tool_choice
@click.pass_obj
def command(options: Options, /, as_json: bool, **choice: Any) -> None:
    """List every tool, or a choice of them."""
    from ...presets import chosen

    specs = chosen(options.catalog, **choice)
    if for_people(as_json):
        from ..render import show_tools

        show_tools(specs)
        return
    print_json([line_of(spec) for spec in specs])


def line_of(spec: Spec) -> dict[str, Any]:
    """Return what a list says of a tool, as JSON."""
    from ...export.manifest import spending_of

    return {
        "name": spec.name,
        "resource": spec.resource,
        "effect": spec.effect.kind,
        "billable": spec.effect.is_billable,
        "spending": spending_of(spec.effect.spending) if spec.effect.spending else None,
        "administrative": spec.effect.is_administrative,
        "reveals_secret": spec.effect.reveals_secret,
        "private": spec.effect.is_private,
        "scope": spec.scope,
        "summary": spec.summary,
    }
