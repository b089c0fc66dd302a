"""Groups that list their subcommands without making one, and that know what a misspelled one may mean."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from ..text.suggestions import nearest

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _unknown(ctx: click.Context, name: str, near: Sequence[str]) -> UsageError:
    """Return the error of an unknown subcommand, with the command lines that may be meant."""
    *most, last = [f"`{ctx.command_path} {one}`" for one in near] or [""]
    lines = f"{', '.join(most)} or {last}" if most else last
    help_line = f"Run `{ctx.command_path} --help` for all commands."
    return UsageError(
        f"No command is called {name[:64]!r}.", hint=f"Did you mean {lines}?" if near else help_line
    )


class SuggestingGroup(click.Group):
    """A group that suggests subcommands for an unknown one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand; raise for an unknown one, with those that may be meant."""
        name = args[0]
        if (command := self.get_command(ctx, name)) is not None:
            return name, command, args[1:]
        if name.startswith("-"):
            return super().resolve_command(ctx, args)
        raise _unknown(ctx, name, self.suggestions(ctx, name))

    def suggestions(self, ctx: click.Context, name: str) -> list[str]:
        """Return what may be meant by an unknown name, as it is typed after the group."""
        return nearest(name, self.list_commands(ctx))


class ListedGroup(SuggestingGroup):
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
