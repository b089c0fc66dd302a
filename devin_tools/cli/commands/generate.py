"""`generate`: in a checkout, write or check everything that is derived from the declarations."""

from __future__ import annotations

from pathlib import Path

import click

from ...errors import DevinToolsError
from ..terminal import tell


@click.command("generate")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; fail when something is stale.")
def command(only_check: bool) -> None:
    """In a checkout: write what is derived from the declarations."""
    from ...generate.derived import check, generate

    root = Path.cwd()
    if not only_check:
        for path in generate(root):
            tell("written", str(path.relative_to(root)))
    elif diff := check(root):
        click.echo(diff, err=True)
        raise DevinToolsError("Generated files are stale.", hint="Run `devin-tools generate`.")
