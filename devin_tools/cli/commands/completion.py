"""`completion SHELL`: the script that completes commands, tools and options at a press of Tab."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_DEVIN_TOOLS_COMPLETE"
"""Click asks the program for completions through it."""


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    For bash, add `eval "$(devin-tools completion bash)"` to ~/.bashrc; for zsh the same to ~/.zshrc.
    """
    complete = get_completion_class(shell)
    assert complete is not None, "SHELLS names those that click knows"
    click.echo(complete(ctx.find_root().command, {}, "devin-tools", VARIABLE).source())
