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
    if only_check:
        _check()
        return
    from ...generate.derived import generate

    root = Path.cwd()
    for path in generate(root):
        tell("written", str(path.relative_to(root)))


def _check() -> None:
    from ...generate.derived import check

    if diff := check(Path.cwd()):
        click.echo(diff, err=True)
        raise DevinToolsError("Generated files are stale.", hint="Run `devin-tools generate`.")
