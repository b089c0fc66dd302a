"""A report of what was spent as a picture, in SVG without scripts, links or styles of its own."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TypeAlias

from ...text.visible import visible
from ..spend_figures import SpendReport
from .spend_text import by_time, limit_of, name_of, period_of

WIDTH, LEFT, RIGHT = 800, 250, 640
ROW = 24
COLUMNS_HEIGHT, WIDEST_COLUMN = 120, 40
LONGEST_NAME = 34
Bar: TypeAlias = tuple[str, float | None, float | None, str]
"""A name, ACUs, the part of a limit, and what else is written beside."""

BLUE, GREY, RED = "#1d4ed8", "#eef2f6", "#b91c1c"


def picture_of(report: SpendReport) -> str:
    """Draw a report."""
    body: list[str] = []
    y = 34
    title = f"ACUs spent {period_of(report)}: {report.total_acus:,.1f}"
    body.append(_text(20, y, title, 'font-weight="bold" font-size="15"'))
    if stretches := by_time(report):
        body += _columns(stretches, y + 20)
        y += COLUMNS_HEIGHT + 50
    sections: tuple[tuple[str, list[Bar]], ...] = (
        (
            "Organisations",
            [
                (one.name or one.org_id, one.acus, one.limit_share, limit_of(one.limit_acus, one.limit_share))
                for one in report.organizations
            ],
        ),
        (
            "Largest spenders",
            [
                (name_of(one), one.acus, one.limit_share, limit_of(one.limit_acus, one.limit_share))
                for one in report.users
            ],
        ),
        ("Largest sessions", [(one.title or one.session_id, one.acus, None, "") for one in report.sessions]),
    )
    for name, rows in sections:
        if rows:
            y += 30
            body.append(_text(20, y, name, 'font-weight="bold"'))
            body += _bars(rows, y + 8)
            y += 8 + ROW * len(rows)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 30}" role="img" '
        'font-family="sans-serif" font-size="12" fill="#334155">'
    )
    frame = f'<rect width="{WIDTH}" height="{y + 30}" fill="#ffffff"/>'
    return "\n".join([head, f"<title>{_escaped(title)}</title>", frame, *body, "</svg>", ""])


def _columns(stretches: list[tuple[str, float]], y: int) -> Iterator[str]:
    """Draw a column for each stretch of time, and name the first and the last."""
    longest = max(acus for _, acus in stretches) or 1.0
    width = min((WIDTH - 40) / len(stretches), WIDEST_COLUMN)
    bottom = y + COLUMNS_HEIGHT
    for number, (name, acus) in enumerate(stretches):
        height = COLUMNS_HEIGHT * acus / longest
        box = f'x="{20 + number * width:.1f}" y="{bottom - height:.1f}" width="{max(width - 2, 1):.1f}"'
        yield f'<rect {box} height="{height:.1f}" fill="{BLUE}"><title>{name}: {acus:,.1f}</title></rect>'
    yield f'<path d="M20 {bottom}H{WIDTH - 20}" stroke="#64748b"/>'
    yield _text(20, bottom + 16, stretches[0][0])
    if len(stretches) > 1:
        yield _text(WIDTH - 20, bottom + 16, f"to {stretches[-1][0]}", 'text-anchor="end"')
    yield _text(WIDTH - 20, y - 6, f"most: {longest:,.1f}", 'text-anchor="end"')


def _bars(rows: list[Bar], y: int) -> Iterator[str]:
    """Draw a bar for each row; it is red where a limit is used up."""
    longest = max((acus or 0.0 for _, acus, _, _ in rows), default=0.0) or 1.0
    for number, (name, acus, limit_share, more) in enumerate(rows):
        top = y + ROW * number
        width = (RIGHT - LEFT) * (acus or 0.0) / longest
        colour = RED if (limit_share or 0.0) >= 1.0 else BLUE
        yield _text(LEFT - 10, top + 15, _short(name), 'text-anchor="end"')
        for long, fill in ((RIGHT - LEFT, GREY), (width, colour)):
            yield f'<rect x="{LEFT}" y="{top + 4}" width="{long:.1f}" height="14" fill="{fill}"/>'
        figure = "no figure" if acus is None else f"{acus:,.1f}"
        yield _text(RIGHT + 8, top + 15, f"{figure}, {more}" if more else figure)


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}"{" " * bool(more)}{more}>{_escaped(text)}</text>'


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def _escaped(text: str) -> str:
    """Return a text for XML, without what does not show: no XML may hold most of it."""
    return escape(" ".join(visible(text).split()))
