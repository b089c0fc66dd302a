"""The live views of `run` and `watch`: the sessions on standard error, until the command ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from ..tasks.shared.outcomes import judge
from .session_tracker import SessionTracker, state_of
from .tables import GAP
from .terminal import on_one_line

if TYPE_CHECKING:
    from ..api.session import Session

REFRESHES = 8
"""How many times in a second the view renews itself: the time must be seen to pass."""

WIDE = 130
"""From this width on there is room for whole links."""

LEAST = 10
"""The least that a column needs which is shortened to its room."""


@contextmanager
def showing(view: ViewOfOne | ViewOfMany) -> Iterator[None]:
    """Show a view on standard error as long as the block runs, then take it away."""
    console = Console(stderr=True)
    live = Live(
        view,
        console=console,
        refresh_per_second=REFRESHES,
        transient=True,
        redirect_stdout=False,  # it would end up on standard error, between the frames
    )
    try:
        live.start(refresh=True)
        yield
    finally:  # Ctrl-C may come while the view begins or goes, which `with live` would leave half done
        try:
            live.stop()
        finally:
            console.show_cursor()


class ViewOfOne:
    """One session: its state, the time, ACUs, pull requests, Devin's last words."""

    def __init__(self, tracker: SessionTracker):
        self._tracker = tracker
        self._spinner = Spinner("line")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        session = self._tracker.sessions[-1] if self._tracker.sessions else None
        self._spinner.update(text=self._headline(session))
        yield self._spinner
        if session is not None:
            yield from _lines(session, self._tracker.last_message)

    def _headline(self, session: Session | None) -> Text:
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append("starting" if session is None else state_of(session), "bold")
        line.append(f"   {self._tracker.time()}")
        return line.append(f"   {spent_by(session)} ACUs" if session and spent_by(session) else "")


def _lines(session: Session, words: str) -> Iterator[Text]:
    facts = [("", session.title), ("", session.url)]
    facts += [("pull request: ", item.pr_url) for item in session.pull_requests]
    facts += [("Devin: ", words)]
    for label, text in facts:
        if text:
            line = Text(f"  {label}", no_wrap=True, overflow="ellipsis")
            yield line.append(on_one_line(text), "bold" if text == session.title else "")


class ViewOfMany:
    """Many sessions: a row for each, those at work first."""

    def __init__(self, tracker: SessionTracker):
        self._tracker = tracker

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        sessions = sorted(self._tracker.sessions, key=lambda session: judge(session) is not None)
        if sessions:
            yield _table(sessions, options.max_width)
        at_work = sum(judge(session) is None for session in sessions)
        line = f"{at_work} at work, {len(sessions) - at_work} settled   {self._tracker.time()}"
        yield Text(line, "dim", no_wrap=True, overflow="ellipsis")


def _table(sessions: Sequence[Session], width: int) -> Table:
    """Show whole ids, as they are typed again, and of the rest the columns that have room."""
    rows = [(session, _cells(session, is_wide=width >= WIDE)) for session in sessions]
    room = width
    table = Table(box=None, pad_edge=False, header_style="bold")
    kept: list[str] = []
    for name in ("session", "state", "ACUs", "PRs", "title"):
        longest = max([len(name), *(len(cells[name]) for _, cells in rows)])
        if kept and room < min(longest, LEAST):
            continue
        size = max(1, min(longest, room))
        table.add_column(name, no_wrap=True, overflow="ellipsis", min_width=size, max_width=size)
        kept.append(name)
        room -= size + GAP
    for session, cells in rows:
        style = "dim" if judge(session) else ""
        table.add_row(*(Text(cells[name], style) for name in kept))
    return table


def _cells(session: Session, *, is_wide: bool) -> dict[str, str]:
    links = on_one_line(" ".join(item.pr_url for item in session.pull_requests))
    return {
        "session": on_one_line(session.session_id),
        "state": state_of(session),
        "ACUs": spent_by(session),
        "PRs": links if is_wide else str(len(session.pull_requests) or ""),
        "title": on_one_line(session.title or ""),
    }


def spent_by(session: Session) -> str:
    """Return how many ACUs a session has spent, when the API says so."""
    return "" if session.acus_consumed is None else f"{session.acus_consumed:g}"
