"""The picture of docs/scale.md, drawn as SVG: two charts, from numbers alone, so that it can be compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

__all__ = ["picture"]

WIDTH, HEIGHT = 900, 380
COLOURS = ("#b45309", "#1d4ed8", "#15803d")
PANELS = {"left": (70, 400), "right": (520, 340)}
TOP, BOTTOM = 60, 310

Scale = Callable[[float], float]
Curves = Mapping[float, Sequence[tuple[int, float, bool]]]
"""Per limit: sessions, seconds, and whether the limit is too low for so many."""


def picture(curves: Curves, learning: Sequence[tuple[str, Any]]) -> str:
    """Draw how late ends are noticed, and how a poller finds a limit."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            ' font-family="sans-serif" font-size="12" fill="#334155">',
            "<title>How late ends of sessions are noticed, and how a poller finds an unknown limit</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            *_delays(curves),
            *_rates(learning),
            "</svg>\n",
        ]
    )


def _delays(curves: Curves) -> Iterable[str]:
    x, y = _log("left", 2, 6), _height(math.log10(5), 5, math.log10)
    yield _text(70, 30, "Seconds until an end is noticed, 95 of 100", bold=True)
    yield from _frame("left", "sessions in one organisation")
    yield from (_tick_x(x(10**power), f"{10**power:,}") for power in range(2, 7))
    yield from (_tick_y(70, y(10**power), f"{10**power:,}") for power in range(1, 6))
    for colour, (limit, points) in zip(COLOURS, curves.items(), strict=True):
        fine = [(x(n), y(late)) for n, late, is_saturated in points if not is_saturated]
        over = [(x(n), y(late)) for n, late, is_saturated in points if is_saturated]
        yield _line(fine, colour)
        yield _line([*fine[-1:], *over], colour, dashed=True)
        yield f'<circle cx="{fine[-1][0]:.1f}" cy="{fine[-1][1]:.1f}" r="4" fill="{colour}"/>'
        end = (fine + over)[-1]
        yield _text(end[0] - 4, end[1] + 38, f"{limit:,.0f} a minute", colour, anchor="end")
    yield _text(70, 365, "Dot: from here on creating and collecting want more than their half of the limit.")


def _rates(learning: Sequence[tuple[str, Any]]) -> Iterable[str]:
    end = min(seen.rates[-1][0] for _, seen in learning)
    x, y = _linear("right", end / 60), _height(0, 600, float)
    yield _text(520, 30, "Requests a minute that looks take, limit 600", bold=True)
    yield from _frame("right", "minutes")
    yield from (_tick_x(x(minute), f"{minute}") for minute in range(0, int(end / 60) + 1, 20))
    yield from (_tick_y(520, y(rate), f"{rate}") for rate in range(0, 601, 100))
    for number, (colour, (name, seen)) in enumerate(zip(COLOURS, learning, strict=False)):
        points = [(x(time / 60), y(rate)) for time, rate in seen.rates if time <= end]
        yield _line(points, colour)
        yield _text(530, TOP + 14 + 18 * number, name, colour)


def _log(panel: str, low: float, high: float) -> Scale:
    left, width = PANELS[panel]
    return lambda value: left + (math.log10(value) - low) / (high - low) * width


def _linear(panel: str, high: float) -> Scale:
    left, width = PANELS[panel]
    return lambda value: left + value / high * width


def _height(low: float, high: float, form: Callable[[float], float]) -> Scale:
    return lambda value: BOTTOM - (form(value) - low) / (high - low) * (BOTTOM - TOP)


def _frame(panel: str, name: str) -> Iterable[str]:
    left, width = PANELS[panel]
    yield f'<path d="M{left} {TOP}V{BOTTOM}H{left + width}" fill="none" stroke="#64748b"/>'
    yield _text(left + width, BOTTOM + 34, name, anchor="end")


def _tick_x(x: float, name: str) -> str:
    return _text(x, BOTTOM + 16, name, anchor="middle")


def _tick_y(left: float, y: float, name: str) -> str:
    return _text(left - 8, y + 4, name, anchor="end")


def _line(points: Sequence[tuple[float, float]], colour: str, *, dashed: bool = False) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="4 4"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'


def _text(
    x: float, y: float, text: str, colour: str = "", *, anchor: str = "start", bold: bool = False
) -> str:
    more = (f' fill="{colour}"' if colour else "") + (' font-weight="bold"' if bold else "")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{text}</text>'
