"""`run PROMPT`: a task from its prompt to its outcome."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import click

from ...errors import DevinToolsError, UsageError
from ...security.references import is_reference
from ..consent import is_confirmed, unlimited
from ..exit_codes import task_code
from ..options import Options, connect
from ..shared_options import json_flag
from ..terminal import for_people, print_json, print_line

if TYPE_CHECKING:
    from ...tasks.run_task import TaskOutput
    from ...tool import Tool

TOOL = "devin_run_task"


@click.command("run")
@click.argument("words", nargs=-1, metavar="PROMPT|@FILE|-")
@click.option("--max-acu", "max_acu_limit", type=int, metavar="N", help="The most ACUs it may spend.")
@click.option("--schema", metavar="FILE", help="JSON Schema that its structured output must follow.")
@click.option("--title", metavar="TEXT", help="A title; Devin writes one when it is left out.")
@click.option("--tags", multiple=True, metavar="TEXT", help="Tags, with commas between them; repeatable.")
@click.option("--repo", "repos", multiple=True, metavar="OWNER/REPO", help="Where to work; repeatable.")
@click.option("--playbook-id", metavar="ID", help="A playbook to follow.")
@click.option(
    "--secret", "secrets", multiple=True, metavar="NAME=env:VARIABLE|NAME=file:PATH",
    help="A secret for this session alone, by reference; repeatable.",
)  # fmt: skip
@click.option("--idempotency-key", metavar="TEXT", help="A name by which a later run continues this one.")
@click.option("--timeout", "timeout_seconds", type=float, metavar="SECONDS", help="How long to wait: 3600.")
@click.option("--max-seconds", type=float, metavar="SECONDS", help="Return after this long at the latest.")
@click.option("--yes", is_flag=True, help="Give consent where the settings ask for it.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--events", is_flag=True, help="Print each event as a line of JSON, the output as the last.")
@json_flag
@click.pass_context
def command(
    ctx: click.Context, /, words: tuple[str, ...], yes: bool, dry_run: bool, events: bool, as_json: bool,
    **given: Any,
) -> None:  # fmt: skip
    """Run a task: start a session, wait, show the outcome.

    PROMPT is the task in words; @FILE reads it from a file, - from standard input. Spends ACUs. The
    session goes on by itself when the wait ends first. `devin-tools call devin_run_task` takes the
    fields that have no option here.
    """
    options, is_live = ctx.ensure_object(Options), sys.stderr.isatty() and not events
    arguments = _arguments(words, given)
    if is_live or events:
        arguments["follow_messages"] = True
    call: Tool[TaskOutput] = options.catalog.call(TOOL, arguments)
    if dry_run:
        from ..dry_run import show_dry_run

        show_dry_run(options, call, as_json=as_json or events)
        return
    if is_live:
        options.let_time_be_seen()
    confirm = is_confirmed(options.settings, call, yes=yes)
    asked = options.settings.confirm and not yes  # which has said so
    if not asked and (note := unlimited(options.settings, call, "--max-acu")):
        options.tell("note", note)
    output = _perform(options, call, confirm, is_live=is_live, emit=print_line if events else None)
    if events:
        print_line(output)
    elif for_people(as_json):
        from ..outcome import show_task

        show_task(output)
    else:
        print_json(output)
    ctx.exit(task_code(output))


def _perform(
    options: Options,
    call: Tool[TaskOutput],
    confirm: bool,
    *,
    is_live: bool,
    emit: Callable[[Any], None] | None,
) -> TaskOutput:
    """Run the task, watched where somebody is there to; note on an error what goes on without it."""
    from ..session_tracker import SessionTracker

    tracker = SessionTracker(options.now, emit)
    view: AbstractContextManager[None] = nullcontext()
    if is_live:
        from ..live import ViewOfOne, showing

        view = showing(ViewOfOne(tracker))
    with connect(options, watch=tracker.on_progress) as client:
        try:
            with view:
                output: TaskOutput = client.drive(tracker.perform(call), confirm=confirm)
        except (DevinToolsError, KeyboardInterrupt) as stop:
            for session in tracker.sessions:
                again = f"Wait for it with `devin-tools watch {session.session_id}`."
                options.tell("note", f"The session goes on by itself: {session.url}. {again}")
            if not tracker.sessions and isinstance(stop, KeyboardInterrupt):  # an error itself says so
                look = "devin-tools call devin_list_sessions"
                options.tell("note", f"A session may have been started; `{look}` shows the latest first.")
            raise
    return output


def _arguments(words: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tool's arguments; what was left out is left out, as the API tells absent from empty."""
    from ..arguments import json_of, listed

    arguments = {name: value for name, value in given.items() if value not in (None, ())}
    arguments["prompt"] = _prompt(words)
    if tags := arguments.pop("tags", None):
        arguments["tags"] = ",".join(tags)
    if repos := arguments.pop("repos", None):
        arguments["repos"] = listed(repos)
    if file := arguments.pop("schema", None):
        arguments["structured_output_schema"] = json_of(f"@{file}", "The schema")
    if secrets := arguments.pop("secrets", None):
        arguments["session_secrets"] = _secrets(secrets)
    return arguments


def _prompt(words: Sequence[str]) -> str:
    """Read the prompt: the word itself, the text of `@file`, or standard input for `-`."""
    if len(words) != 1:
        what = "more than one was given" if words else "none was given"
        raise UsageError(f"One prompt is needed, but {what}.", hint="Put the prompt in quotation marks.")
    from ..arguments import text_of

    return text_of(words[0]).strip()


def _secrets(given: Sequence[str]) -> list[dict[str, str]]:
    """Read `NAME=env:VARIABLE` and `NAME=file:PATH`. Whatever else is given is not repeated."""
    secrets = []
    for text in given:
        name, _, reference = text.partition("=")
        if not (name and is_reference(reference)):
            raise UsageError(
                "A secret is given by reference, never by its value: others can read command lines.",
                hint="Write --secret NAME=env:VARIABLE or --secret NAME=file:PATH.",
            )
        secrets.append({"key": name, "value": reference})
    return secrets
