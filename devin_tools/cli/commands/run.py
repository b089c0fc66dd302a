"""`run PROMPT`: a task from its prompt to its outcome."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from ...errors import DevinToolsError
from ..consent import is_confirmed
from ..exit_codes import task_code
from ..options import Options, connect
from ..text import for_people, print_json, print_line

if TYPE_CHECKING:
    from ...tasks.run_task import TaskOutput
    from ...tool import Tool
    from ..session_tracker import Following

TOOL = "devin_run_task"


@dataclass(frozen=True)
class RunOptions:
    """The options of the command that are not arguments of the tool."""

    yes: bool
    dry_run: bool
    events: bool
    as_json: bool

    @property
    def is_live(self) -> bool:
        """Whether a person watches, who did not ask for lines of JSON."""
        return sys.stderr.isatty() and not self.events


@click.command("run")
@click.argument("words", nargs=-1, metavar="PROMPT|@FILE|-")
@click.option("--max-acu", "max_acu_limit", type=int, metavar="N", help="The most ACUs it may spend.")
@click.option("--schema", metavar="FILE", help="JSON Schema that its structured output must follow.")
@click.option("--title", metavar="TEXT", help="A title; Devin writes one when it is left out.")
@click.option("--tags", multiple=True, metavar="TEXT", help="Tags, with commas between them; repeatable.")
@click.option("--repo", "repos", multiple=True, metavar="OWNER/REPO", help="Where to work; repeatable.")
@click.option("--playbook-id", metavar="ID", help="A playbook to follow.")
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="NAME=env:VARIABLE|NAME=file:PATH",
    help="A secret for this session alone, by reference; repeatable.",
)
@click.option("--idempotency-key", metavar="TEXT", help="A name by which another run goes on with this one.")
@click.option("--timeout", "timeout_seconds", type=float, metavar="SECONDS", help="How long to wait: 3600.")
@click.option("--max-seconds", type=float, metavar="SECONDS", help="Return after this long at the latest.")
@click.option("--yes", is_flag=True, help="Give consent where the settings ask for it.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--events", is_flag=True, help="Print each event as a line of JSON, the output as the last.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on a terminal too.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    events: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Run a task: start a session, wait, show the outcome.

    PROMPT is the task in words; @FILE reads it from a file, - from standard input. Spends ACUs. The
    session goes on by itself when the wait ends first. `devin-tools call devin_run_task` takes the
    fields that have no option here.
    """
    from ..run_arguments import task_arguments

    options, manner = ctx.ensure_object(Options), RunOptions(yes, dry_run, events, as_json)
    arguments = task_arguments(words, given)
    if manner.is_live or events:
        arguments["follow_messages"] = True
    call: Tool[TaskOutput] = options.catalog.call(TOOL, arguments)
    if dry_run:
        from ..dry_run import show_dry_run

        show_dry_run(options, call, as_json=as_json or events)
        return
    output = _perform(options, call, manner)
    _show(output, manner)
    ctx.exit(task_code(output))


def _perform(options: Options, call: Tool[TaskOutput], manner: RunOptions) -> TaskOutput:
    from ..session_tracker import Following, print_event

    if manner.is_live:
        options.let_time_be_seen()
    confirm = is_confirmed(options, call, yes=manner.yes)
    known = Following(options.now, print_event if manner.events else None)
    with connect(options, watch=known.hear) as client:
        try:
            with _view(known) if manner.is_live else nullcontext():
                output: TaskOutput = client.drive(known.of(call), confirm=confirm)
        except (DevinToolsError, KeyboardInterrupt) as stop:
            _tell_what_goes_on(options, known, stop)
            raise
    return output


def _view(known: Following) -> Any:
    from ..live import ViewOfOne, showing

    return showing(ViewOfOne(known))


def _tell_what_goes_on(options: Options, known: Following, stop: BaseException) -> None:
    """Write that the session does not end with the command; an error itself says whether there is one."""
    for session in known.sessions:
        again = f"devin-tools watch {session.session_id}"
        options.tell("note", f"The session goes on by itself: {session.url}. Wait for it with `{again}`.")
    if not known.sessions and isinstance(stop, KeyboardInterrupt):
        look = "devin-tools call devin_list_sessions"
        options.tell("note", f"A session may have been started; `{look}` shows the latest first.")


def _show(output: TaskOutput, manner: RunOptions) -> None:
    value = output.model_dump(mode="json")
    if manner.events:
        print_line(value)
    elif for_people(manner.as_json):
        from ..outcome import show_task

        show_task(output)
    else:
        print_json(value)
