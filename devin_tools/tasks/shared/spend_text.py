"""A report of what was spent as Markdown, with bars of text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from ...api.shared.times import iso
from ...text.visible import visible
from ..spend_figures import SpendReport, UserSpend

DAY, DAY_BEGINS = 86_400, 8 * 3_600
"""A day of consumption begins at 08:00 UTC, which is midnight PST."""

WIDTH = 20
"""How many characters the longest bar has."""

MOST_DAYS = 62
"""Beyond so many days they are shown by month."""

MOST_FILLED = 4_000
LONGEST_NAME = 60
MARKUP = re.compile(r"[\\`*_{}\[\]<>()#+!|~&$]")


def text_of(report: SpendReport) -> str:
    """Write a report. Names and titles in it are plain text, whatever they hold."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: SpendReport) -> Iterator[str]:
    yield f"# ACUs spent {period_of(report)}"
    yield ""
    cycle = ", one billing cycle" if report.is_billing_cycle else ""
    parts = [f"{plain(name)} {acus:,.1f}" for name, acus in report.acus_by_product.items() if acus]
    yield f"In all **{report.total_acus:,.1f}**{cycle}{': ' if parts else ''}{', '.join(parts)}."
    if limit := limit_of(report.limit_acus, report.limit_share):
        yield f"Of the limit of the enterprise: {limit}."
    if report.organizations:
        yield from _table(
            "Organisations",
            ("organisation", "ACUs", "share", "of its limit"),
            [
                (one.name or one.org_id, one.acus, one.share, limit_of(one.limit_acus, one.limit_share))
                for one in report.organizations
            ],
        )
    if report.users:
        yield from _table(
            "Largest spenders",
            ("user", "ACUs", "share", "of its limit"),
            [
                (name_of(one), one.acus, one.share, limit_of(one.limit_acus, one.limit_share))
                for one in report.users
            ],
        )
    if report.sessions:
        names = {one.org_id: one.name or one.org_id for one in report.organizations}
        yield from _table(
            "Largest sessions",
            ("session", "ACUs", "share", "organisation"),
            [
                (
                    one.title or one.session_id,
                    one.acus,
                    one.share,
                    plain(names.get(one.org_id or "", one.org_id or "")),
                )
                for one in report.sessions
            ],
        )
    stretches = by_time(report)
    if stretches:
        longest = max(acus for _, acus in stretches) or 1.0
        yield from ("", "## By time", "", "```text")
        for name, acus in stretches:
            yield f"{name}  {bar(acus / longest):<{WIDTH}}  {acus:,.1f}"
        yield "```"
    if report.notes:
        yield from ("", "## Notes", "")
        yield from (f"- {plain(note, 400)}" for note in report.notes)


def _table(
    title: str, heads: tuple[str, str, str, str], rows: list[tuple[str, float | None, float | None, str]]
) -> Iterator[str]:
    name, acus_head, share_head, last = heads
    yield from ("", f"## {title}", "", f"| {name} | {acus_head} | {share_head} | | {last} |")
    yield "| --- | ---: | ---: | --- | --- |"
    for text, acus, share, more in rows:
        figure = "no figure" if acus is None else f"{acus:,.1f}"
        part = "" if share is None else percent(share)
        yield f"| {plain(text)} | {figure} | {part} | {bar(share or 0.0)} | {more} |"


def period_of(report: SpendReport) -> str:
    """Return the first and the last day of a report, as days of consumption are called."""
    after, before = report.time_after, report.time_before
    first = None if after is None else iso(-(-(after - DAY_BEGINS) // DAY) * DAY)[:10]
    last = None if before is None else iso((before - DAY_BEGINS) // DAY * DAY)[:10]
    if first is None:
        return "until now" if last is None else f"up to {last}"
    return f"since {first}" if last is None else f"from {first} to {last}"


def by_time(report: SpendReport) -> list[tuple[str, float]]:
    """Return what was spent by day, or by month where the days are many, each with its name.

    Days without a figure between others are there with 0, so that a picture of them is true to time.
    """
    spent: defaultdict[int, float] = defaultdict(float)
    for day in report.days:
        spent[(day.date - DAY_BEGINS) // DAY] += day.acus
    if not spent:
        return []
    first, last = min(spent), max(spent)
    numbers = range(first, last + 1) if last - first < MOST_FILLED else sorted(spent)
    length = 10 if len(numbers) <= MOST_DAYS else 7
    named: defaultdict[str, float] = defaultdict(float)
    for number in numbers:
        named[iso(number * DAY)[:length]] += spent.get(number, 0.0)
    return list(named.items())


def limit_of(limit: float | None, share: float | None) -> str:
    """Return a limit, and how much of it is spent, for a reader."""
    if limit is None:
        return ""
    return f"{limit:,.0f}" if share is None else f"{percent(share)} of {limit:,.0f}"


def percent(share: float) -> str:
    """Return a part of 1 in percent; what is neither nothing nor all is not shown as that."""
    return "under 1%" if 0 < share < 0.01 else f"{min(share, 0.99) if share < 1 else share:.0%}"


def name_of(one: UserSpend) -> str:
    """Return what a spender is called; users and service users have ids of their own kinds."""
    return one.user_id or f"{one.service_user_id} (service user)"


def bar(part: float) -> str:
    """Return a bar for a part of 1; what is not nothing has at least a mark."""
    return "█" * min(WIDTH, max(round(part * WIDTH), 1 if part > 0 else 0))


def plain(text: str, longest: int = LONGEST_NAME) -> str:
    """Return a text as Markdown shows it and does nothing else: no link, no code, no table of its own."""
    shown = " ".join(visible(text).split())
    cut = shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
    return (
        MARKUP.sub(r"\\\g<0>", cut)
        .replace("://", "&#58;//")
        .replace("www.", "www&#46;")
        .replace("@", "&#64;")
    )
