"""Errors of a command as text on standard error and an exit code."""

from __future__ import annotations

import json
import os
import re
import traceback
from pathlib import Path
from types import FrameType

import click

from ..errors import DevinToolsError, UsageError
from ..text.suggestions import nearest
from .exit_codes import INTERRUPTED, exit_code
from .terminal import tell

DEBUG_VARIABLE = "DEVIN_TOOLS_DEBUG"

VALUE = re.compile(r"(Invalid value for '[^']*': ).*? is not", re.DOTALL)
"""Where click repeats a rejected value in its messages."""

KINDS = {"integer": "a whole number", "float": "a number"}

KIND = re.compile(r"a valid (integer|float)(?: range)?")
"""What click calls numbers."""


def report(problem: Exception, *, json_errors: bool) -> int:
    """Show why a command failed, and return the exit code.

    A reader that closes standard output early ends the command quietly: click sees to that.
    """
    if isinstance(problem, click.Abort):
        click.echo("", err=True)
        return INTERRUPTED
    if isinstance(problem, click.ClickException):
        error: DevinToolsError = _usage_error(problem)
    else:
        error = problem if isinstance(problem, DevinToolsError) else unexpected(problem)
    show_error(error, json_errors=json_errors)
    return exit_code(error)


def show_error(error: DevinToolsError, *, json_errors: bool) -> None:
    """Print an error on standard error, for people or for programs."""
    if json_errors:
        click.echo(json.dumps({"error": error.as_dict("cli")}), err=True)
        return
    tell("error", error.message, "red")
    if tried := error.tried():
        tell("note", tried)
    if error.retry_after is not None:
        tell("hint", f"The server asks to wait {error.retry_after:g} seconds.")
    for line in error.hint_for("cli").splitlines():
        tell("hint", line)


def _usage_error(problem: click.ClickException) -> UsageError:
    context = getattr(problem, "ctx", None)
    if context and (commands := _commands_of(context, problem)):
        hint = f"The commands are: {', '.join(commands)}. Run `{context.command_path} --help`."
        return UsageError("Which command?", hint=hint)
    hint = f"Run `{context.command_path} --help`." if context else ""
    if isinstance(problem, click.NoSuchOption) and context and _is_global(context, problem.option_name):
        hint = f"{problem.option_name} goes before the command: `devin-tools {problem.option_name} ...`."
    if isinstance(problem, click.NoSuchOption) and context:
        known = [
            option for param in context.command.params for option in (*param.opts, *param.secondary_opts)
        ]
        options = [option for option in known if option.startswith("--")]
        near = nearest(problem.option_name, options)
        problem = click.NoSuchOption(problem.option_name, possibilities=near, ctx=context)
    return UsageError(_without_value(problem), hint=hint)


def _commands_of(context: click.Context, problem: click.ClickException) -> list[str]:
    """Return the commands of a group that was given none: click's message is then its whole help."""
    group = context.command
    is_alone = isinstance(group, click.Group) and problem.format_message() == context.get_help()
    return group.list_commands(context) if is_alone and isinstance(group, click.Group) else []


def _without_value(problem: click.ClickException) -> str:
    """Return click's message, unless it repeats what was typed: that could be a secret."""
    if "unexpected extra argument" in problem.message:
        return "There are more arguments than the command takes. Put text with spaces in quotes."
    told = VALUE.sub(r"\1it is not", problem.format_message())
    return KIND.sub(lambda found: KINDS[found[1]], told)


def _is_global(context: click.Context, option: str) -> bool:
    return any(option in param.opts for param in context.find_root().command.params)


def unexpected(problem: Exception) -> DevinToolsError:
    """Return an error that names a fault by its class and place: its own text could repeat a value."""
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(problem)
    if isinstance(problem, OSError) and problem.filename is not None:
        return DevinToolsError(f"{problem.filename}: {problem.strerror}.")
    frames = list(traceback.walk_tb(problem.__traceback__))
    plugin, frames = _of_a_plugin(frames) or ("", frames)
    place, owner = "", f"the plugin {plugin}" if plugin else "the program"
    if frames:
        frame, line = frames[-1]
        place = f" in {Path(frame.f_code.co_filename).name}, line {line}"
    of = f" of {owner}" if plugin else ""
    return DevinToolsError(
        f"Unexpected {type(problem).__name__}{place}{of}.",
        hint=f"This is a fault of {owner}. Set {DEBUG_VARIABLE}=1 for the traceback.",
    )


Frames = list[tuple[FrameType, int]]


def _of_a_plugin(frames: Frames) -> tuple[str, Frames] | None:
    """Return the innermost plugin that an error came through, and its frames; `None` where there is none."""
    from importlib.metadata import entry_points

    from ..hookspecs import ENTRY_POINT_GROUP

    plugins = {found.module.partition(".")[0]: found.name for found in entry_points(group=ENTRY_POINT_GROUP)}
    plugins.pop(__name__.partition(".")[0], None)
    tops = [str(frame.f_globals.get("__name__", "")).partition(".")[0] for frame, _ in frames]
    top = next((top for top in reversed(tops) if top in plugins), None)
    if top is None:
        return None
    return plugins[top], [pair for pair, owner in zip(frames, tops, strict=True) if owner == top]
