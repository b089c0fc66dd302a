"""A file of rules is read strictly, and every fault is told with its line, its place and no value."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from support.laws import for_every
from support.tools import built_in

from devin_tools.errors import BadRules
from devin_tools.pipelines.alert import Alert
from devin_tools.pipelines.matching import Match
from devin_tools.pipelines.rule_files import doubts, load_rules, schema
from devin_tools.pipelines.strict_yaml import parse_yaml

WHOLE = """\
version: 1
templates:
  short: |
    Look at {{ alert.name }}.
    {{ alert.description | fenced }}
sinks:
  team: {kind: slack, url: env:SLACK_URL}
rules:
  - name: quiet
    match: {severity: 4}
    start: false
  - name: production
    match:
      name: ["High *", "re:^CPU"]
      severity: 0-2
      source: [alertmanager, azure-monitor]
      signal: Metric
      resource: "*/virtualMachines/web-*"
      dimensions: {env: prod}
    template: short
    session:
      playbook_id: playbook-1
      tags: [ops]
      repos: [acme/shop]
      max_acu_limit: 10
      structured_output_schema: {type: object}
      session_secrets: [{key: TOKEN, value: env:DEPLOY_TOKEN}]
    tell: [team, log]
    on_resolved: message
    window: 6h
    storm_limit: 3
    secrets: refuse
  - name: rest
    session: {max_acu_limit: 3}
"""


def with_rule(text: str) -> str:
    """Return a file of one rule, whose name stands in line 3, with these lines under it."""
    return "version: 1\nrules:\n  - name: one\n" + "".join(f"    {line}\n" for line in text.splitlines())


def test_a_whole_file_is_read() -> None:
    rules = load_rules(WHOLE)
    quiet, production, rest = rules.rules
    assert (quiet.start, quiet.match.severity) == (False, "4-4")
    assert production.match.name == ["High *", "re:^CPU"]
    assert production.session.max_acu_limit == 10 and production.session.tags == ["ops"]
    assert (production.window, production.storm_limit, production.on_resolved) == (21_600, 3, "message")
    assert (rest.window, rest.storm_limit, rest.on_resolved, rest.secrets) == (3_600, 10, "nothing", "redact")
    assert rest.match.is_open and not production.match.is_open
    assert "env:DEPLOY_TOKEN" not in repr(rules)
    assert doubts(rules) == []


def test_the_schema_takes_what_the_reader_takes() -> None:
    validator = Draft202012Validator(schema())
    Draft202012Validator.check_schema(schema())
    assert list(validator.iter_errors(parse_yaml(WHOLE).value)) == []


FAULTS = [
    ("", 1, "must hold version and rules"),
    ("- a\n", 1, "must hold version and rules"),
    ("version: 1\n", 1, "rules: Field required"),
    ("version: 2\nrules: [{name: a}]\n", 1, "version"),
    ("version: 1\nrules: []\n", 2, "rules: List should have at least 1 item"),
    ("version: 1\nrules: [\n", 3, "is not valid YAML"),
    ("version: 1\n\trules: 1\n", 2, "is not valid YAML"),
    ("version: 1\nversion: 1\n", 2, "version is given a second time"),
    ("version: 1\n<<: {a: 1}\n", 2, "has a key that is not plain text"),
    ("version: 1\n? [a]\n: 1\n", 2, "has a key that is not plain text"),
    ("version: 1\nrules: !!python/object:os.system [x]\n", 2, "has a tag"),
    ("version: 1\nrules: !custom x\n", 2, "has a tag"),
    (with_rule("windw: 1h"), 4, "rules[0].windw: is not a field of rules"),
    (with_rule("window: soon"), 4, "rules[0].window: must be a length of time"),
    (with_rule("window: 5"), 4, "rules[0].window: Input should be greater than or equal to 60"),
    (with_rule("window: 99d"), 4, "rules[0].window"),
    (with_rule("start: maybe"), 4, "rules[0].start"),
    (with_rule("storm_limit: 0"), 4, "rules[0].storm_limit"),
    (with_rule("on_resolved: delete"), 4, "rules[0].on_resolved"),
    (with_rule("secrets: print"), 4, "rules[0].secrets"),
    (with_rule("match:\n  severity: 5"), 5, "rules[0].match.severity: must be a severity such as 1"),
    (with_rule("match:\n  severity: 3-1"), 5, "rules[0].match.severity: must begin with the lower number"),
    (with_rule("match:\n  severity: true"), 5, "rules[0].match.severity"),
    (with_rule("match:\n  name: 're:('"), 5, "rules[0].match.name[0]: is not a regular expression"),
    (with_rule("match:\n  name: []"), 5, "rules[0].match.name"),
    (with_rule("match:\n  colour: red"), 5, "rules[0].match.colour: is not a field of rules"),
    (with_rule("match:\n  dimensions:\n    env: [prod, 're:[']"), 6, "rules[0].match.dimensions.env[1]"),
    (with_rule("session:\n  max_acu_limit: 0"), 5, "rules[0].session.max_acu_limit"),
    (with_rule("session:\n  prompt: x"), 5, "rules[0].session.prompt: is not a field of rules"),
    (with_rule("session:\n  idempotency_key: x"), 4, "a rule gives no idempotency_key"),
    (with_rule("session:\n  structured_output_schema: {type: 7}"), 5, "not a valid draft 7 JSON Schema"),
    (with_rule("session:\n  session_secrets: [{key: A, value: CANARY}]"), 4, "must be a reference"),
    (with_rule(f"session:\n  tags: {['t'] * 41}"), 4, "at most 40 tags"),
    (with_rule("template: nothing"), 4, "rules[0].template: is not a template; the templates are alert,"),
    (with_rule("tell: [log, nobody]"), 4, "rules[0].tell[1]: is not a sink; the sinks are log"),
    (with_rule("") + "  - name: one\n", 4, "rules[1].name: an earlier rule has this name"),
    ("version: 1\nrules:\n  - name: Not A Name\n", 3, "rules[0].name"),
    ("version: 1\ntemplates:\n  mine: '{{ alert.x }}'\nrules: [{name: a}]\n", 3, "templates.mine: The"),
    ("version: 1\ntemplates:\n  mine: ''\nrules: [{name: a}]\n", 2, "the template mine is empty"),
    ("version: 1\nsinks:\n  team: {url: x}\nrules: [{name: a}]\n", 3, "sinks.team.kind: Field required"),
]  # fmt: skip


@for_every("text, line, says", lambda: FAULTS)
def test_a_fault_is_told_with_its_line_and_place(text: str, line: int, says: str) -> None:
    with pytest.raises(BadRules) as caught:
        load_rules(text)
    assert says in str(caught.value)
    assert f"ine {line}:" in caught.value.message
    assert "CANARY" not in str(caught.value) + str(caught.value.details)


def test_settings_of_sinks_are_checked_against_the_sinks_there_are() -> None:
    text = (
        "version: 1\nsinks:\n  notes: {kind: file, path: out.jsonl}\n  odd: {kind: %s}\nrules: [{name: a}]\n"
    )
    sinks = built_in().sinks
    assert load_rules(text % "log", sinks).sinks.keys() == {"notes", "odd"}
    with pytest.raises(BadRules, match=r"ine 4: sinks\.odd\.kind: is not a kind of sink"):
        load_rules(text % "carrier", sinks)
    with pytest.raises(BadRules, match=r"ine 4: sinks\.odd\.url: Field required"):
        load_rules(text % "webhook", sinks)


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(BadRules) as caught:
        load_rules("version: 1\nrules:\n  - name: A\n  - {name: b, x: 1}\n  - {name: c, window: x}\n")
    assert [detail["line"] for detail in caught.value.details] == [3, 4, 5]


def test_the_session_of_a_rule_takes_json_text_and_nothing_that_only_looks_like_it() -> None:
    text = "version: 1\nrules:\n  - name: a\n    session: {tags: '%s', repos: '%s'}\n"
    session = load_rules(text % ('["a, b"]', '["acme/shop"]')).rules[0].session
    assert (session.tags, session.repos) == (["a, b"], ["acme/shop"])
    for tags, repos in (("[a, b]", "[]"), ("null", "[]"), ("a", "acme/shop"), ("a", '["acme/shop"')):
        with pytest.raises(BadRules, match=r"line 4: rules\[0\]\.session\.(tags|repos): "):
            load_rules(text % (tags, repos))


def doubled(times: int) -> str:
    """Return a file that stands for ten times as many values with each of its lines."""
    names = "abcdefghij"[: times + 1]
    lines = [f"{after}: &{after} [{', '.join([f'*{before}'] * 10)}]" for before, after in pairwise(names)]
    return "\n".join(["a: &a [x]", *lines])


@pytest.mark.parametrize(
    ("bomb", "says"),
    [
        (doubled(8), "holds too much"),
        ("a: " + "[" * 200 + "]" * 200, "nested too deeply"),
        ("[" * 1_000, "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        ("{a: " * 20_000, "nested too deeply"),
        ("- " * 20_000, "nested too deeply"),
        ("a: " + "x" * 1_000_001, "longer than 1,000,000"),
        ("a: \x00", "is not valid YAML"),
        ("a: &a [*a]", "nested too deeply"),
    ],
)
def test_a_file_made_to_choke_is_refused(bomb: str, says: str) -> None:
    with pytest.raises(BadRules, match=says):
        load_rules(bomb)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(BadRules):
        load_rules(text)


NAMES = st.sampled_from(
    ["version", "rules", "templates", "sinks", "name", "match", "severity", "session", "x"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
)


@settings(max_examples=50)
@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_any_value_is_read_or_refused(value: Any) -> None:
    with suppress(BadRules):
        load_rules(json.dumps(value))


PLAIN = [
    ("a: on", "on"), ("a: yes", "yes"), ("a: true", True), ("a: False", False), ("a: null", None),
    ("a:", None), ("a: ~", None), ("a: 12", 12), ("a: 012", "012"), ("a: 0x1f", "0x1f"),
    ("a: 1_000", "1_000"), ("a: 1.5", 1.5),
    ("a: 1e3", "1e3"), ("a: 2026-01-01", "2026-01-01"), ("a: 12:30", "12:30"), ("a: '12'", "12"),
    ("a: |\n  x\n  y\n", "x\ny\n"), ("a: .inf", ".inf"), ('{"a": [1, "b"]}', [1, "b"]), ("a: =", "="),
]  # fmt: skip


@for_every("text, value", lambda: PLAIN)
def test_values_are_what_they_look_like(text: str, value: Any) -> None:
    assert parse_yaml(text).value == {"a": value}


def test_what_is_allowed_and_seldom_meant_is_told() -> None:
    rules = load_rules(
        "version: 1\nrules:\n  - name: all\n  - name: never\n    session: {max_acu_limit: 1}\n"
    )
    assert doubts(rules) == [
        "The rules after all are never asked: it matches every alert.",
        "The rule all sets no session.max_acu_limit: nothing but your settings bounds what it spends.",
    ]


RETRIES = [
    ("1m", "less than five minutes"),
    ("299s", "less than five minutes"),
    ("5m", ""),
    ("1h", ""),
    ("24h", ""),
    ("1441m", "more than a day"),
    ("30d", "more than a day"),
]


@for_every("retry_for, says", lambda: RETRIES)
def test_retries_that_end_soon_or_go_on_for_days_are_doubted(retry_for: str, says: str) -> None:
    rule = f"name: a, session: {{max_acu_limit: 1}}, retry_for: {retry_for}"
    found = doubts(load_rules(f"version: 1\nrules: [{{{rule}}}]\n"))
    assert (
        found == [] if not says else len(found) == 1 and f"The rule a sets a retry_for of {says}" in found[0]
    )
    assert doubts(load_rules(f"version: 1\nrules: [{{{rule}, start: false}}]\n")) == []


SINKS = [
    ("kind: webhook, url: 'http://169.254.169.254/latest'", "posts to the metadata"),
    ("kind: webhook, url: 'http://0xa9fea9fe/'", "posts to the metadata"),
    ("kind: webhook, url: 'http://2852039166/'", "posts to the metadata"),
    ("kind: slack, url: 'http://[::ffff:169.254.169.254]/'", "posts to the metadata"),
    ("kind: slack, url: 'http://[fd00:ec2::254]/'", "posts to the metadata"),
    ("kind: webhook, url: 'http://Metadata.Google.Internal./x'", "posts to the metadata"),
    ("kind: webhook, url: 'http://[169.254.169.254/'", "has a URL that cannot be read"),
    ("kind: file, path: ../../../../etc/x", "has a path that leads out of its folder"),
    ("kind: file, path: 'a\\..\\x'", "has a path that leads out of its folder"),
    ("kind: odd, where: logs/../../x", "has a path that leads out of its folder"),
    ("kind: file, path: /var/log/devin.jsonl", ""),
    ("kind: file, path: out..jsonl", ""),
    ("kind: webhook, url: 'https://hooks.example.com/a/../b'", ""),
    ("kind: webhook, url: 'http://127.0.0.1:9/'", ""),
    ("kind: slack, url: env:SLACK_URL", ""),
]


@for_every("settings, says", lambda: SINKS)
def test_a_sink_that_leads_where_secrets_are_is_doubted(settings: str, says: str) -> None:
    text = f"version: 1\nsinks:\n  it: {{{settings}}}\nrules: [{{name: a, session: {{max_acu_limit: 1}}}}]\n"
    found = doubts(load_rules(text))
    assert found == [] if not says else len(found) == 1 and f"The sink it {says}" in found[0]


ALERT = Alert(
    name="[prod] High CPU",
    severity=1,
    source="azure-monitor",
    signal="Metric",
    resource="/subscriptions/1/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/WEB-1",
    dimensions={"env": "prod"},
)


MATCHES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"name": "[prod] *"}, []),
    ({"name": "[PROD] high c?u"}, []),
    ({"name": "High"}, ["name is not 'High'"]),
    ({"name": ["x", "*CPU"]}, []),
    ({"name": "re:CPU$"}, []),
    ({"name": "re:cpu$"}, ["name is not 're:cpu$'"]),
    ({"name": "re:(?i)cpu$"}, []),
    ({"severity": 1}, []),
    ({"severity": "0-1"}, []),
    ({"severity": "2 - 4"}, ["severity is 1, not 2-4"]),
    ({"severity": 0}, ["severity is 1, not 0"]),
    ({"resource": "*/virtualmachines/web-*"}, []),
    ({"source": "datadog"}, ["source is not 'datadog'"]),
    ({"source": ["a", "b"]}, ["source is not 'a' or 'b'"]),
    ({"signal": "metric"}, []),
    ({"dimensions": {"env": "prod"}}, []),
    ({"dimensions": {"env": ["dev", "test"]}}, ["dimension env is not 'dev' or 'test'"]),
    ({"dimensions": {"region": "*"}}, ["there is no dimension region"]),
    ({"name": "x", "severity": 4}, ["severity is 1, not 4", "name is not 'x'"]),
]


@for_every("match, mismatch_reasons", lambda: MATCHES)
def test_a_match_says_in_what_an_alert_is_not_as_it_must_be(
    match: dict[str, Any], mismatch_reasons: list[str]
) -> None:
    assert Match.model_validate(match).mismatch_reasons(ALERT) == mismatch_reasons
