"""`watch [ID...]`: sessions, live, until they settle."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from ..exit_codes import OK, outcome_code
from ..options import Options, connect
from ..spinner import Waiting
from ..text import for_people, print_line

if TYPE_CHECKING:
    from ...client.clients import Client
    from ...tasks.wait_sessions import WaitedSessions
    from ..session_tracker import Following

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
    from ..session_tracker import Following, print_event

    options = ctx.ensure_object(Options)
    options.at_work = AT_WORK
    is_live = sys.stderr.isatty() and not as_json
    if is_live:
        options.let_time_be_seen()
    people = for_people(as_json)
    known = Following(options.now, None if people else print_event)
    with connect(options, watch=known.hear) as client:
        arguments: dict[str, Any] = {"session_ids": list(session_ids) or _at_work(client)}
        if timeout_seconds is not None:
            arguments["timeout_seconds"] = timeout_seconds
        with _view(known) if is_live else nullcontext():
            output = _wait(options, client, known, arguments)
    _show(output, people)
    ctx.exit(_code(output))


def _at_work(client: Client) -> list[str]:
    """Find the unarchived sessions that have not settled: the API has no filter for them."""
    from ...api.sessions import ListSessions
    from ...tasks.shared.outcomes import judge

    call = ListSessions(is_archived=False, limit=200)
    with Waiting().during("Looking for sessions at work"):
        return [session.session_id for session in client.items(call) if judge(session) is None]


def _view(known: Following) -> Any:
    from ..live import ViewOfMany, showing

    return showing(ViewOfMany(known))


def _wait(options: Options, client: Client, known: Following, arguments: dict[str, Any]) -> WaitedSessions:
    from ...tasks.wait_sessions import WaitedSessions

    if not arguments["session_ids"]:
        return WaitedSessions(settled=[], still_running=[], waited_seconds=0)
    call: Any = options.catalog.call(TOOL, arguments)
    known.want(call.session_ids)
    output: WaitedSessions = client.drive(known.of(call))
    return output


def _show(output: WaitedSessions, people: bool) -> None:
    if people:
        from ..outcome import show_waited

        show_waited(output)
    else:
        print_line(output.model_dump(mode="json"))


def _code(output: WaitedSessions) -> int:
    """Choose the highest code of any of the sessions: still at work counts more than settled badly."""
    outcomes = [item.outcome for item in output.settled] + ["still_running"] * bool(output.still_running)
    return max(map(outcome_code, outcomes), default=OK)
