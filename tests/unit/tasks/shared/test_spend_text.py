"""A report as text shows what is in it, and nothing that a title holds becomes markup."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devin_tools.api.consumption import ConsumptionDay
from devin_tools.tasks import OrganizationSpend, SessionSpend, SpendReport, UserSpend
from devin_tools.tasks.shared.spend_picture import picture_of
from devin_tools.tasks.shared.spend_text import bar, by_time, percent, period_of, plain, text_of

BEGIN = 1_767_254_400
DAY = 86_400


def report(title: str = "A task", days: int = 3, **more: Any) -> SpendReport:
    given: dict[str, Any] = {
        "time_after": BEGIN,
        "time_before": BEGIN + 31 * DAY - 1,
        "is_billing_cycle": True,
        "total_acus": 10.0,
        "limit_acus": 100.0,
        "limit_share": 0.1,
        "acus_by_product": {"devin": 9.0, "review": 1.0, "cascade": 0.0},
        "days": [ConsumptionDay(date=BEGIN + DAY * number, acus=number) for number in range(days)],
        "organizations": [
            OrganizationSpend(
                org_id="org-1", name=title, acus=10.0, share=1.0, limit_acus=8.0, limit_share=1.25
            )
        ],
        "users": [
            UserSpend(user_id="okta|1", acus=9.96, share=0.996),
            UserSpend(service_user_id="s", acus=0.04, share=0.004),
        ],
        "sessions": [SessionSpend(session_id="a", title=title, org_id="org-1", running_acus=2.0)],
        "notes": [f"A note on {title}"],
        "markdown": "",
    }
    return SpendReport(**given | more)


def test_it_says_when_how_much_and_who() -> None:
    text = text_of(report())
    assert "Of the limit of the enterprise: 10% of 100." in text
    assert text.startswith("# ACUs spent from 2026-01-01 to 2026-01-31\n\nIn all **10.0**, one billing cycle")
    assert ": devin 9.0, review 1.0." in text
    assert "| A task | 10.0 | 100% | ████████████████████ | 125% of 8 |" in text
    assert "| okta\\|1 | 10.0 | 99% |" in text
    assert "| s \\(service user\\) | 0.0 | under 1% | █ |  |" in text
    assert "| A task | no figure |  |  | A task |" in text
    assert "2026-01-03  ████████████████████  2.0" in text


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ((None, None), "until now"),
        ((BEGIN - 8 * 3600, None), "since 2026-01-01"),  # the first day that begins from then on
        ((None, BEGIN + DAY - 1), "up to 2026-01-01"),
        ((BEGIN, BEGIN + DAY), "from 2026-01-01 to 2026-01-02"),
    ],
)
def test_a_time_is_said_in_days_of_consumption(bounds: tuple[int | None, int | None], words: str) -> None:
    assert period_of(report(time_after=bounds[0], time_before=bounds[1])) == words


def test_many_days_are_shown_by_month_and_gaps_are_shown_too() -> None:
    assert [name for name, _ in by_time(report(days=80))] == ["2026-01", "2026-02", "2026-03"]
    some = [ConsumptionDay(date=BEGIN + DAY * number, acus=1.0) for number in (0, 3)]
    assert by_time(report(days=0).model_copy(update={"days": some})) == [
        ("2026-01-01", 1.0), ("2026-01-02", 0.0), ("2026-01-03", 0.0), ("2026-01-04", 1.0),
    ]  # fmt: skip
    far = [ConsumptionDay(date=at, acus=1.0) for at in (0, 4_000_000_000)]
    assert len(by_time(report().model_copy(update={"days": far}))) == 2
    assert by_time(report(days=0)) == []


def test_bars_and_parts_never_show_something_as_nothing_or_all() -> None:
    assert [bar(part) for part in (0.0, 0.001, 0.5, 1.0, 9.0)] == ["", "█", "█" * 10, "█" * 20, "█" * 20]
    parts = {0.0: "0%", 0.001: "under 1%", 0.014: "1%", 0.996: "99%", 1.0: "100%", 1.5: "150%"}
    assert {part: percent(part) for part in parts} == parts


@pytest.mark.parametrize(
    "title",
    [
        *("a | b", "[x](https://e.example)", "![x](http://e.example/p.png)", "<img src=x>", "`code`"),
        *("a\nb\n# c", "https://e.example/steal", "www.e.example", "me@e.example", "&lt;b&gt;"),
        *("\u202eabc", "**b**", "~~s~~"),
    ],
)
def test_a_title_is_text_and_no_markup(title: str) -> None:
    shown = plain(title)
    bare = shown.replace("\\\\", "")
    for mark in "|`*_[]<>!~#":
        assert all(
            bare[at - 1] == "\\" or bare[at - 1] == "&" for at, char in enumerate(bare) if char == mark
        )
    assert "\n" not in shown and "://" not in shown and "www." not in shown and "@" not in shown
    assert len(text_of(report(title)).splitlines()) == len(text_of(report()).splitlines())
    assert f"**: {shown} 1.0." in text_of(report(acus_by_product={title: 1.0}, is_billing_cycle=False))


@given(st.text())
def test_any_title_makes_a_picture_that_xml_reads(title: str) -> None:
    root = ElementTree.fromstring(picture_of(report(title)))
    names = {node.tag.rpartition("}")[2] for node in root.iter()}
    assert names <= {"svg", "title", "rect", "text", "path"}
    assert not [node for node in root.iter() if {"href", "onload", "style"} & node.attrib.keys()]
