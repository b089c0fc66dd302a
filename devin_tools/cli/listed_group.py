"""Groups that list their subcommands, in the help and where Tab is pressed, without making one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class ListedGroup(click.Group):
    """A group that makes a subcommand when it is used: names and summaries of all are known without."""

    @abstractmethod
    def outlines(self, ctx: click.Context) -> Sequence[tuple[str, click.Command]]:
        """Return each subcommand by its name, as a command that has a summary and no more."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands."""
        return [name for name, _ in self.outlines(ctx)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands in the help."""
        outlines = self.outlines(ctx)
        limit = formatter.width - 6 - max(len(name) for name, _ in outlines)
        with formatter.section("Commands"):
            formatter.write_dl([(name, outline.get_short_help_str(limit)) for name, outline in outlines])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the subcommands and options that what was typed may become."""
        from click.shell_completion import CompletionItem  # here, as only completion needs it

        items = [
            CompletionItem(name, help=outline.get_short_help_str())
            for name, outline in self.outlines(ctx)
            if name.startswith(incomplete)
        ]
        return items + click.Command.shell_complete(self, ctx, incomplete)
