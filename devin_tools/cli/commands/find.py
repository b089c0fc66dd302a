"""`find WORDS`: the tools that fit what somebody wants to do, in their own words."""

from __future__ import annotations

from typing import Any

import click

from ...errors import UsageError
from ..options import Options
from ..shared_options import json_flag, option, tool_choice
from ..terminal import for_people, print_json
from .list import line_of


@click.command("find")
@click.argument("words", nargs=-1, required=True)
@option("--limit", type=click.IntRange(1, 100), default=5, help="How many tools at most.")
@json_flag
@tool_choice
@click.pass_obj
def command(options: Options, /, words: tuple[str, ...], limit: int, as_json: bool, **choice: Any) -> None:
    """Find tools by what you want to do.

    WORDS are your own, such as `stop a session`. The best fit comes first. The exit code is 0 where nothing
    fits, too.
    """
    from ...model_input import why_unasked
    from ...presets import chosen
    from ...search.finder import Finder

    query = " ".join(words)
    if not query.strip():
        raise UsageError(
            "The words to look for are empty.", hint="Such as `devin-tools find stop a session`."
        )
    # Of the catalog, as one that a preset has would count as chosen, and be said to be offered to models.
    specs = [options.catalog.specs[spec.name] for spec in chosen(options.catalog, **choice)]
    found = Finder(specs).find(query, limit)
    if for_people(as_json):
        from ..render import show_found

        show_found(found)
        return
    print_json(
        {
            "fits": found.fits_people,
            "tools": [
                line_of(spec)
                | {"only_people_fill": list(spec.missing_from_models), "unasked": why_unasked(spec)}
                for spec in found.specs
            ],
        }
    )
