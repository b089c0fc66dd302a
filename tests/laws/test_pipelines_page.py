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
from devin_tools.server.webhooks import MAX_PENDING, UNVERIFIED_AT_ONCE


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
