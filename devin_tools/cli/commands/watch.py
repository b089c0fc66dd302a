"""`watch [ID...]`: sessions, live, until they settle."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import click

from ..exit_codes import OK, outcome_code
from ..options import Options, connect
from ..terminal import ProgressLine, for_people, print_line

if TYPE_CHECKING:
    from ...client import Client
    from ...tasks.wait_sessions import WaitedSessions
    from ..session_tracker import SessionTracker

TOOL = "devin_wait_sessions"
AT_WORK = ("finishes", "asks", "fails")
"""What the embedded simulator lets this command see."""


@click.command("watch")
@click.argument("session_ids", nargs=-1, metavar="[ID]...")
@click.option("--timeout", "timeout_seconds", type=float, metavar="SECONDS", help="How long to watch: 3600.")
@click.option("--json", "as_json", is_flag=True, help="Print lines of JSON on a terminal too.")
@click.pass_context
def command(
    ctx: click.Context, /, session_ids: tuple[str, ...], timeout_seconds: float | None, as_json: bool
) -> None:
    """Watch sessions until they settle.

    Without ids: all unarchived ones that are at work now. Costs one list request for each 200
    sessions and look. Piped, each event is a line of JSON, and the summary is the last.
    """
    from ..session_tracker import SessionTracker

    options = ctx.ensure_object(Options)
    people = for_people(as_json)
    view: AbstractContextManager[None] = nullcontext()
    if is_live := sys.stderr.isatty() and not as_json:
        options.let_time_be_seen()
    tracker = SessionTracker(options.now, None if people else print_line)
    if is_live:
        from ..live import ViewOfMany, showing

        view = showing(ViewOfMany(tracker))
    with connect(options, watch=tracker.on_progress) as client:
        options.set_to_work(*AT_WORK)  # now, as simulated time may run by itself
        arguments: dict[str, Any] = {"session_ids": list(session_ids) or _at_work(client)}
        if timeout_seconds is not None:
            arguments["timeout_seconds"] = timeout_seconds
        with view:
            output = _wait(options, client, tracker, arguments)
    if people:
        from ..outcome import show_waited

        show_waited(output)
    else:
        print_line(output)
    # The highest code of any session: still at work counts more than settled badly.
    outcomes = [item.outcome for item in output.settled] + ["still_running"] * bool(output.still_running)
    ctx.exit(max(map(outcome_code, outcomes), default=OK))


def _at_work(client: Client) -> list[str]:
    """Find the unarchived sessions that have not settled: the API has no filter for them."""
    from ...api.sessions import ListSessions
    from ...tasks.shared.outcomes import judge

    call = ListSessions(is_archived=False, limit=200)
    with ProgressLine().during("Looking for sessions at work"):
        return [session.session_id for session in client.items(call) if judge(session) is None]


def _wait(
    options: Options, client: Client, tracker: SessionTracker, arguments: dict[str, Any]
) -> WaitedSessions:
    from ...tasks.wait_sessions import WaitedSessions

    if not arguments["session_ids"]:
        return WaitedSessions(settled=[], still_running=[], waited_seconds=0)
    call: Any = options.catalog.call(TOOL, arguments)
    tracker.follow(call.session_ids)
    output: WaitedSessions = client.drive(tracker.perform(call))
    return output
