"""The page on pipelines says what is so: its rules are right, its tables whole, its bodies read."""

from __future__ import annotations

import json
import re
from functools import cache
from textwrap import dedent

from support.paths import DOCS
from support.payload_files import readers

from devin_tools.pipelines.events import read_event
from devin_tools.pipelines.prompts import BUILT_IN
from devin_tools.pipelines.retrier import LONGEST_PAUSE
from devin_tools.pipelines.rule_files import doubts, load_rules
from devin_tools.pipelines.rule_models import Rule, Rules
from devin_tools.pipelines.signatures import SCHEMES
from devin_tools.security.http_limits import MOST_CONNECTIONS, ConnectionLimits
from devin_tools.server.webhooks import MAX_PENDING, TOPICS_VARIABLE, UNVERIFIED_AT_ONCE


@cache
def page() -> str:
    return (DOCS / "pipelines.md").read_text(encoding="utf-8")


@cache
def blocks() -> list[str]:
    return [dedent(block) for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", page(), re.MULTILINE)]


def rows(heading: str) -> list[str]:
    """Return the first column of the table under a heading."""
    part = page().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([\w-]+)` \|", part, re.MULTILINE)


def test_every_reader_and_every_scheme_has_its_row() -> None:
    assert sorted(rows("Alerts")) == sorted(readers())
    assert rows("Signatures") == list(SCHEMES)


def test_the_file_of_rules_is_right_and_names_every_field() -> None:
    [text] = [block for block in blocks() if block.lstrip().startswith("version: 1")]  # the whole file
    rules = load_rules(text)
    assert doubts(rules) == []
    names = {*Rules.model_fields, *Rule.model_fields}
    assert {name for name in names if f"{name}:" not in text} == set()
    assert all(name in text for name in BUILT_IN)


def test_the_body_for_kibana_is_read() -> None:
    [text] = [block for block in blocks() if "kibana" not in block and "{{rule.id}}" in block]
    filled = re.sub(r"\{\{date\}\}", "2026-03-02T07:41:07Z", text)
    filled = re.sub(r"\{\{([\w.]+)\}\}", r"value of \1", filled)
    assert json.loads(filled)
    event = read_event({}, filled.encode(), readers())
    [alert] = event.alerts
    assert (event.reader, alert.name, alert.severity) == ("kibana", "value of rule.name", 1)
    assert alert.description == "value of context.message"


def test_the_fields_of_the_standard_body_are_all_read() -> None:
    part = page().partition("The standard body has")[2].partition("Its sender")[0]
    names = set(re.findall(r"`([a-z][A-Za-z]+)`", part)) - {"critical"}
    assert len(names) == 14
    values = {"severity": 1, "line": 2, "dimensions": {"a": "b"}, "isResolved": True}
    values |= {"firedTime": "2026-03-02T00:00:00Z", "link": "https://example.com/1"}
    body = {name: values.get(name, f"what {name} says") for name in names}
    [alert] = read_event({}, json.dumps(body).encode(), readers()).alerts
    assert alert.model_fields_set - {"repository"} == {
        name for name in type(alert).model_fields if name != "repository" and getattr(alert, name)
    }
    texts = {value for value in body.values() if isinstance(value, str) and value.startswith("what ")}
    assert texts <= set(map(str, alert.model_dump().values()))


def test_the_numbers_of_what_is_tried_again_and_held_are_those_of_the_code() -> None:
    text = page()
    assert Rule.model_fields["retry_for"].default == 3600 and "an hour when left out" in text
    assert LONGEST_PAUSE == 60 and "growing pauses up to a minute" in text
    assert f"at most {UNVERIFIED_AT_ONCE} bodies are read" in text and f"When {MAX_PENDING:,} events" in text
    limits, serve = ConnectionLimits(), (DOCS / "serve.md").read_text(encoding="utf-8")
    assert f"whole head within {limits.head_seconds:g} seconds" in serve
    assert f"of an answer for {limits.write_seconds:g}," in serve
    assert f"at most {MOST_CONNECTIONS:,}\n" in serve


@cache
def senders() -> dict[str, str]:
    """Return the sections of the page on senders by their titles."""
    text = (DOCS / "senders.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", text, re.MULTILINE))


def bodies_of(section: str) -> list[str]:
    found = re.findall(r"^    \{(?:.*\n)(?:^    .*\n)*", senders()[section], re.MULTILINE)
    return [dedent(block) for block in found]


def test_every_reader_has_a_section_to_paste_from() -> None:
    titles = " ".join(senders()).lower()
    said = {"azure-monitor": "azure monitor", "gcp-monitoring": "google cloud", "newrelic": "new relic"}
    said |= {"standard": "all others", "uptime-kuma": "uptime kuma"}
    assert [name for name in readers() if said.get(name, name) not in titles] == []
    said_nowhere = [title for title, text in senders().items() if not re.search("SECRET|DEVIN_HOOK_", text)]
    assert said_nowhere == ["What a sender is answered"] or said_nowhere == []


def test_the_body_for_datadog_is_read_with_every_field_in_it() -> None:
    [text] = bodies_of("Datadog")
    values = {"$ALERT_TRANSITION": "Triggered", "$DATE": "1772437267000", "$ALERT_PRIORITY": "P2"}
    filled = re.sub(r"\$[A-Z_]+", lambda found: values.get(found[0], f"value of {found[0][1:]}"), text)
    event = read_event({}, filled.encode(), readers())
    [alert] = event.alerts
    assert (event.reader, event.notes, alert.severity) == ("datadog", (), 1)
    assert (alert.name, alert.fingerprint) == ("value of ALERT_TITLE", "value of AGGREG_KEY")


def filled(text: str) -> str:
    """Return a body with the macros of Zabbix that are more than text."""
    return text.replace("{EVENT.SEVERITY}", "High").replace("{TRIGGER.ID}", "7")


def test_the_bodies_for_dynatrace_and_for_all_others_are_read() -> None:
    [text] = bodies_of("Dynatrace")
    assert read_event({}, text.encode(), readers()).reader == "dynatrace"
    for text in bodies_of("All others"):
        event = read_event({}, filled(text).encode(), readers())
        assert (event.reader, event.notes, event.alerts[0].severity) == ("standard", (), 1)


def test_the_forms_that_are_not_read_have_no_section() -> None:
    assert "Webhooks of version 1 and 2 are not read" in senders()["PagerDuty"]
    assert TOPICS_VARIABLE in senders()["Amazon CloudWatch and SNS"] and TOPICS_VARIABLE in page()
