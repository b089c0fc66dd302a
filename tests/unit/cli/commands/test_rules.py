"""`rules`: checks a file, tries it on an event, prints the schema; and sends nothing."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote_plus

import httpx
import pytest
import urllib3.util.connection  # noqa: F401  # tries a port when it is first imported, by detect-secrets
from jsonschema import Draft202012Validator
from support.paths import DATA
from support.shell import at_terminal, run

PAYLOADS = DATA / "payloads"

RULES = """\
version: 1
rules:
  - name: quiet
    match: {severity: 4}
    start: false
  - name: production
    match: {dimensions: {env: prod}}
    session: {max_acu_limit: 5, repos: [acme/shop]}
    tell: [log]
    on_resolved: message
  - name: issues
    match: {source: github}
    session: {max_acu_limit: 8}
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file of rules, where nothing can be sent."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was sent")

    monkeypatch.setattr(httpx.Client, "send", refuse)
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    return str(path)


def test_a_right_file_is_told_with_its_rules_and_doubts(rules: str) -> None:
    assert run("rules", "check", rules).json == {"rules": ["quiet", "production", "issues"], "warnings": []}
    Path(rules).write_text("version: 1\nrules: [{name: all}]\n")
    assert "sets no session.max_acu_limit" in run("rules", "check", rules).json["warnings"][0]


def test_a_wrong_file_is_told_with_line_and_place(rules: str) -> None:
    Path(rules).write_text(RULES + "    windw: 1h\n")
    ran = run("rules", "check", rules)
    assert (ran.code, ran.out) == (2, "")
    assert "line 14: rules[2].windw: is not a field of rules" in ran.err
    shown = json.loads(run("--json-errors", "rules", "check", rules).err)["error"]
    assert (shown["kind"], shown["details"][0]["line"]) == ("bad_rules", 14)


@pytest.mark.parametrize(
    ("sink", "reason"),
    [
        ("{kind: carrier}", "sinks.team.kind: is not a kind of sink; the kinds are file, "),
        ("{kind: file}", "sinks.team.path: Field required"),
        ("{kind: webhook, url: 'ftp://x', secret: plain}", "sinks.team.url: "),
    ],
)
def test_the_settings_of_a_sink_are_checked_with_the_line(sink: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(f"version: 1\nrules: [{{name: all, tell: [team]}}]\nsinks:\n  team: {sink}\n")
    ran = run("--json-errors", "rules", "check", str(file))
    shown = json.loads(ran.err)["error"]
    assert (ran.code, shown["kind"], shown["details"][0]["line"]) == (2, "bad_rules", 4)
    assert reason in shown["message"]


def test_an_event_is_tried_and_explained(rules: str) -> None:
    ran = run("rules", "try", rules, str(PAYLOADS / "standard" / "full.json"))
    assert ran.code == 0, ran.err
    [tried] = ran.json["alerts"]
    assert (ran.json["reader"], tried["action"], tried["rule"]) == ("standard", "start", "production")
    assert tried["passed_over"] == [{"rule": "quiet", "reasons": ["severity is 1, not 4"]}]
    assert tried["tell"] == ["log"] and tried["alert"]["severity"] == 1
    request = tried["preview"]["requests"][-1]
    assert request["method"] == "POST" and request["body"]["repos"] == ["acme/shop"]
    assert "Checkout latency" in request["body"]["prompt"] and "rule:production" in request["body"]["tags"]


def test_a_header_says_what_an_event_is(rules: str) -> None:
    labeled = str(PAYLOADS / "github" / "issues-labeled.json")
    tried = run("rules", "try", rules, labeled, "--header", "X-GitHub-Event=issues").json
    assert (tried["reader"], tried["alerts"][0]["rule"]) == ("github", "issues")
    assert run("rules", "try", rules, labeled, "--header", "X-GitHub-Event=star").json["alerts"] == []
    wrong = run("rules", "try", rules, labeled, "--header", "X-GitHub-Event")
    assert wrong.code == 2 and "NAME=VALUE" in wrong.err


def test_a_reader_can_be_chosen(rules: str) -> None:
    event = '{"alertName": "x", "groupLabels": {}, "alerts": []}'
    assert run("rules", "try", rules, "-", stdin=event).json["reader"] == "alertmanager"
    assert run("rules", "try", rules, "-", "--reader", "standard", stdin=event).json["reader"] == "standard"
    assert "No reader is called" in run("rules", "try", rules, "-", "--reader", "x", stdin=event).err


def test_a_resolved_alert_shows_the_message(rules: str) -> None:
    recovered = run("rules", "try", rules, str(PAYLOADS / "datadog" / "recovered.json")).json["alerts"][0]
    assert (recovered["action"], recovered["preview"]) == ("message", None)
    assert "reported as resolved" in recovered["message"]


def test_an_event_that_nobody_knows_is_told(rules: str) -> None:
    ran = run("--json-errors", "rules", "try", rules, "-", stdin='{"CANARY": "CANARY"}')
    shown = json.loads(ran.err)["error"]
    assert (ran.code, shown["kind"]) == (2, "unreadable_event")
    assert shown["details"] == [{"path": "alertName", "reason": "is missing"}] and "CANARY" not in ran.err


def test_what_of_an_event_could_not_be_read_is_told_beside_what_could(rules: str) -> None:
    odd = str(PAYLOADS / "alertmanager" / "odd-ones.json")
    tried = run("rules", "try", rules, odd).json
    assert [one["alert"]["name"] for one in tried["alerts"]] == ["Shop is slow on web-1", "ShopDown"]
    assert tried["unread"] == [{"path": "alerts[1].labels", "reason": "is missing"}]
    assert tried["notes"][0] == "The sender left out 3 more alerts of the group."
    shown = at_terminal("rules", "try", rules, odd)
    assert "alerts[1].labels is missing" in shown.out and "left out 3 more alerts" in shown.out


def test_a_form_is_tried_as_it_comes(rules: str) -> None:
    form = "payload=" + quote_plus('{"alertName": "x", "dimensions": {"env": "prod"}}')
    assert run("rules", "try", rules, "-", stdin=form).json["alerts"][0]["rule"] == "production"


def test_a_secret_in_an_event_shows_nowhere(rules: str) -> None:
    event = json.dumps({"alertName": "x", "dimensions": {"env": "prod"}, "logs": "password = hunter2abcX"})
    ran = run("rules", "try", rules, "-", stdin=event)
    assert "hunter2abcX" not in ran.out + ran.err
    assert ran.json["alerts"][0]["taken_out"] == ["logs, line 1: looks like a secret (Secret Keyword)"]


UNREADABLE = [("check", "{}/none"), ("check", "{}"), ("try", "{}/none", "-"), ("check", "a\0b")]


@pytest.mark.parametrize("words", UNREADABLE)
def test_a_file_that_cannot_be_read_is_told(words: tuple[str, ...], tmp_path: Path) -> None:
    ran = run("rules", *[word.format(tmp_path) for word in words])
    assert ran.code == 2 and "cannot be read" in ran.err


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_bytes(b"caf\xe9")
    assert "not UTF-8" in run("rules", "check", str(tmp_path / "rules.yaml")).err


def test_the_schema_is_printed_and_takes_the_file(rules: str) -> None:
    yaml = pytest.importorskip("yaml")
    schema = run("rules", "schema").json
    assert list(Draft202012Validator(schema).iter_errors(yaml.safe_load(RULES))) == []


def test_on_a_terminal_it_is_told_in_words(rules: str) -> None:
    shown = at_terminal("rules", "try", rules, str(PAYLOADS / "standard" / "full.json")).out
    for text in ("not quiet", "severity is 1, not 4", "the rule production matches", "POST https://"):
        assert text in shown
    assert "3 rules" in at_terminal("rules", "check", rules).out
