"""From an alert and rules to a call, with the reasons; and through the simulator to a session."""

from __future__ import annotations

from typing import Any

import pytest
from support.laws import for_every
from support.payload_files import alert_of, event_of, names, readers
from support.tools import built_in

from devin_tools import Client, Simulator
from devin_tools.errors import BadRules, Refused
from devin_tools.pipelines.alert import Alert
from devin_tools.pipelines.events import read_event
from devin_tools.pipelines.plans import Plan, alert_tag, plan, rule_in
from devin_tools.pipelines.rule_files import load_rules
from devin_tools.pipelines.rule_models import Rules

NOW = 1_772_437_267.0
AWS = "AKIA" + "QYLPMN5HHHFPZAM2"


def rules_of(*rules: dict[str, Any], **more: Any) -> Rules:
    return Rules.model_validate({"version": 1, "rules": list(rules), **more})


ALL = rules_of({"name": "all", "session": {"max_acu_limit": 5, "tags": ["ops"]}, "on_resolved": "message"})


def made(alert: Alert, rules: Rules = ALL, now: float = NOW) -> Plan:
    return plan(alert, rules, now=now)


def test_the_first_rule_that_matches_counts_and_the_others_are_explained() -> None:
    rules = rules_of(
        {"name": "worst", "match": {"severity": 0}},
        {"name": "cpu", "match": {"name": "*CPU*", "severity": "2-4"}},
        {"name": "mine", "match": {"source": "standard"}, "tell": [], "window": "2h"},
        {"name": "never", "match": {}},
    )
    got = made(Alert(name="Disk", severity=1, source="standard"), rules)
    assert got.rule is not None and got.rule.name == "mine"
    assert (got.action, got.reason) == ("start", "the rule mine matches")
    assert [(each.rule, each.reasons) for each in got.skipped_rules] == [
        ("worst", ("severity is 1, not 0",)),
        ("cpu", ("severity is 1, not 2-4", "name is not '*CPU*'")),
    ]


def test_an_alert_that_no_rule_matches_starts_nothing() -> None:
    got = made(Alert(name="Disk", source="standard"), rules_of({"name": "a", "match": {"source": "x"}}))
    assert (got.action, got.reason, got.rule, got.call, got.sinks) == (
        "nothing",
        "no rule matches",
        None,
        None,
        (),
    )
    assert [each.rule for each in got.skipped_rules] == ["a"] and got.rule_tag is None


def test_a_rule_can_let_alerts_pass() -> None:
    got = made(Alert(name="Disk", source="standard"), rules_of({"name": "quiet", "start": False}))
    assert (got.action, got.call) == ("nothing", None) and "lets such alerts pass" in got.reason


def test_the_call_has_what_the_rule_says() -> None:
    rules = rules_of(
        {
            "name": "shop",
            "template": "short",
            "repo_from_alert": True,
            "session": {
                "playbook_id": "playbook-1", "repos": ["acme/infra"], "tags": ["ops"], "max_acu_limit": 7,
                "structured_output_schema": {"type": "object"}, "knowledge_ids": [],
            },
            "tell": ["log"],
        },
        templates={"short": "Look at {{ alert.name }}."},
    )  # fmt: skip
    got = made(alert_of("github/issues-labeled"), rules)
    assert got.call is not None and got.sinks == ("log",)
    sent = got.call.model_dump(exclude_unset=True, exclude={"prompt", "idempotency_key"})
    assert sent == {
        "playbook_id": "playbook-1",
        "repos": ["acme/infra", "acme/shop"],
        "tags": ["ops", got.alert_tag, "rule:shop", "severity:1", "source:github"],
        "max_acu_limit": 7,
        "structured_output_schema": {"type": "object"},
        "knowledge_ids": [],
        "title": "[error] Totals are a cent off",
    }
    assert got.call.prompt.endswith('Look at "Totals are a cent off".\n')


def test_nobody_but_the_vendor_names_the_repository() -> None:
    rules = rules_of({"name": "all", "repo_from_alert": True})
    body = (
        b'{"alertName": "x", "source": "github", "affectedResource": "evil/repo", "repository": "evil/repo"}'
    )
    [claimed] = read_event({}, body, readers()).alerts
    got = made(claimed, rules)
    assert got.call is not None and got.call.repos is None


def test_issues_have_a_template_of_their_own() -> None:
    issue, alert = made(alert_of("github/issues-labeled")), made(alert_of("alertmanager/group"))
    assert issue.call is not None and "What its author wrote" in issue.call.prompt
    assert alert.call is not None and "An alert fired" in alert.call.prompt


def test_a_template_of_the_name_of_a_built_in_one_takes_its_place() -> None:
    got = made(
        alert_of("standard/full"), rules_of({"name": "a"}, templates={"alert": "Mine: {{ alert.name }}"})
    )
    assert got.call is not None and 'Mine: "Checkout latency' in got.call.prompt


def test_the_key_is_the_same_within_a_window_and_for_the_same_alert_only() -> None:
    def key(alert: Alert, now: float = NOW, **rule: Any) -> str | None:
        got = made(alert, rules_of({"name": "all", **rule}), now)
        assert got.call is not None
        return got.call.idempotency_key

    alert = alert_of("alertmanager/group")
    start = NOW - NOW % 3_600
    assert key(alert, start) == key(alert, start + 3_599) != key(alert, start + 3_600)
    assert key(alert, start, window="1d") != key(alert, start)
    again = alert.model_copy(update={"description": "other", "severity": 3, "fired_time": None})
    assert key(again) == key(alert) and key(alert, name="other") == key(alert)
    assert key(alert.model_copy(update={"fingerprint": "x"})) != key(alert)
    assert key(alert.model_copy(update={"source": "grafana"})) != key(alert)


def test_an_alert_has_one_tag_for_ever_and_its_resolution_has_it_too() -> None:
    pairs = [
        ("azure-monitor/metric-fired", "azure-monitor/metric-resolved"),
        ("opsgenie/create", "opsgenie/close"),
    ]
    for fired, resolved in pairs:
        got = made(alert_of(fired)), made(alert_of(resolved), now=NOW + 10**7)
        assert got[0].alert_tag == got[1].alert_tag == alert_tag(alert_of(fired))
        assert got[0].call is not None and got[0].alert_tag in (got[0].call.tags or [])


@pytest.mark.parametrize("then", ["message", "archive", "nothing"])
def test_an_alert_that_is_resolved_starts_nothing(then: str) -> None:
    got = made(alert_of("datadog/recovered"), rules_of({"name": "all", "on_resolved": then}))
    assert (got.action, got.call) == (then, None)
    assert (got.message is not None) is (then == "message")
    assert got.message is None or ('"Queue too long"' in got.message and "resolved" in got.message)


def test_secrets_are_in_neither_prompt_nor_title_nor_tags() -> None:
    alert = Alert(
        name=f"leak {AWS}", source=f"x {AWS}", logs=f"a\n{AWS}\nb", dimensions={"password": "hunter2abcX"}
    )
    got = made(alert)
    assert (
        got.call is not None
        and AWS not in got.call.model_dump_json()
        and "hunter2abcX" not in got.call.prompt
    )
    assert len(got.notes) == 4 and AWS not in str(got.notes)
    with pytest.raises(Refused):
        made(alert, rules_of({"name": "all", "secrets": "refuse"}))


def test_the_same_alert_without_a_vendors_fingerprint_stays_the_same_when_its_secrets_are_taken_out() -> None:
    alert = Alert(name=f"leak {AWS}", source="standard")
    assert made(alert).alert_tag == alert_tag(alert)


def test_a_template_that_fails_on_an_alert_is_told() -> None:
    rules = rules_of({"name": "all", "template": "t"}, templates={"t": "{{ alert.dimensions.env }}"})
    with pytest.raises(BadRules, match="The template t does not work"):
        made(Alert(name="x", source="standard"), rules)


def test_odd_names_make_tags_and_titles_that_the_api_takes() -> None:
    alert = Alert(name="a\n\nb " + "x" * 290, source="Ünïcode, source\n/" * 5)
    got = made(alert)
    assert got.call is not None and got.call.title is not None
    assert "\n" not in got.call.title and len(got.call.title) == 120
    assert all(len(tag) < 60 and "," not in tag and "\n" not in tag for tag in got.call.tags or [])
    assert "source:unknown" in (made(Alert(name="x", source="---")).call.tags or [])  # type: ignore[union-attr]


def test_the_rule_that_started_a_session_counts_when_its_alert_is_resolved() -> None:
    rules = rules_of(
        {"name": "warnings", "match": {"severity": "2-4"}, "start": False},
        {"name": "errors", "match": {"severity": "0-1"}, "on_resolved": "archive"},
    )
    fired, resolved = made(alert_of("opsgenie/create"), rules), alert_of("opsgenie/close")
    assert fired.call is not None and fired.rule_tag == "rule:errors"
    started_by = rule_in(fired.call.tags or [])
    assert started_by == "errors" and rule_in(["ops"]) is None
    assert made(resolved, rules).action == "nothing", "it does not say again how bad it was"
    assert plan(resolved, rules, now=NOW, started_by=started_by).action == "archive"
    assert plan(resolved, rules, now=NOW, started_by="gone").action == "nothing"


@for_every("name", names)
def test_every_payload_becomes_a_session_with_the_right_prompt_tags_and_severity(name: str) -> None:
    with Client(**Simulator(seed=1, catalog=built_in()).connection()) as client:
        for alert in event_of(name).alerts:
            got = made(alert)
            assert got.action == ("message" if alert.is_resolved else "start")
            if got.call is None:
                continue
            session = client.run(got.call)
            assert {"ops", got.alert_tag, "rule:all", f"severity:{alert.severity}"} <= set(session.tags)
            assert client.run(got.call).session_id == session.session_id
            assert alert.name in got.call.prompt and (session.title or "").endswith(alert.name)


def test_a_file_in_yaml_and_the_same_rules_as_data_are_one() -> None:
    session = "session: {max_acu_limit: 5, tags: [ops]}"
    assert load_rules(f"version: 1\nrules: [{{name: all, {session}, on_resolved: message}}]") == ALL
