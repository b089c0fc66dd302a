"""Help and completion list subcommands that nobody has made yet."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from support.laws import for_every
from support.paths import PACKAGE
from support.shell import run

from devin_tools.cli import COMMANDS, CommandLine, cli
from devin_tools.cli.commands.call import ToolCommands
from devin_tools.cli.commands.call import command as call

LONG = 200
"""A width at which no summary is cut."""


def groups() -> Iterator[tuple[str, click.Group, str, click.Command]]:
    """Yield each subcommand that is listed, as its group lists it."""
    for group in (cli, call):
        for name, outline in group.outlines(click.Context(group)):  # type: ignore[attr-defined]
            yield f"{group.name} {name}", group, name, outline


@for_every("shown, group, name, outline", groups)
def test_what_is_listed_is_what_the_subcommand_says_of_itself(
    shown: str, group: click.Group, name: str, outline: click.Command
) -> None:
    made = group.get_command(click.Context(group), name)
    assert made is not None and not made.hidden
    assert outline.get_short_help_str(LONG) == made.get_short_help_str(LONG)


def test_every_subcommand_is_listed() -> None:
    modules = {path.stem for path in (PACKAGE / "cli" / "commands").glob("[a-z]*.py")}
    assert COMMANDS.keys() == modules


@pytest.mark.parametrize("words", [("--help",), ("call", "--help")])
def test_the_help_makes_no_subcommand(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    made = made_by(monkeypatch)
    assert run(*words).code == 0
    assert made == list(words[:-1])


@pytest.mark.parametrize("typed", ["devin-tools ", "devin-tools call devin_"])
def test_completion_makes_only_what_was_typed_before(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    made = made_by(monkeypatch)
    monkeypatch.setenv("_DEVIN_TOOLS_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", "2" if "call" in typed else "1")
    assert "devin_get_session" in run().out or "completion" in run().out
    assert set(made) <= {"call"}


def made_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of the subcommands that are made from now on."""
    made: list[str] = []
    for group in (CommandLine, ToolCommands):
        get = group.get_command

        def noted(
            self: click.Group, ctx: click.Context, cmd_name: str, get: object = get
        ) -> click.Command | None:
            made.append(cmd_name)
            return get(self, ctx, cmd_name)  # type: ignore[operator, no-any-return]

        monkeypatch.setattr(group, "get_command", noted)
    return made
