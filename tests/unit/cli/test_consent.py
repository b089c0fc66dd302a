"""What needs consent asks first; a dry run shows what would be sent, and sends nothing."""

from __future__ import annotations

import json

import pytest
from support.laws import for_every
from support.shell import at_terminal, run, simulated
from support.tools import each_kind, starts_git

CREATE = ("call", "devin_create_session", "--prompt", "Fix it")
RUN = ("run", "Fix it", "--max-seconds", "0.05")
SAMPLE_ID = "adc0da7a16febaa011af923d79fdef7c"
SEND = ("call", "devin_send_message", "--session-id", "abc", "--message", "Go on")


@pytest.fixture
def careful(api, monkeypatch):
    """An API whose users want to be asked."""
    monkeypatch.setenv("DEVIN_CONFIRM", "1")
    return api


@pytest.mark.parametrize("words", [CREATE, RUN, SEND])
def test_spending_is_refused_when_nobody_can_be_asked(careful, words):
    ran = run(*words)
    assert (ran.code, ran.out) == (4, "")
    assert "--yes" in ran.err
    assert careful.requests == []


@pytest.mark.parametrize(("words", "code"), [(CREATE, 0), (RUN, 24)])
def test_yes_is_consent(careful, words, code):
    assert run(*words, "--yes").code == code
    assert len(careful.world.sessions) == 1


@pytest.mark.parametrize(("words", "code"), [(CREATE, 0), (RUN, 24)])
def test_nobody_is_asked_where_the_settings_do_not_say_so(api, words, code):
    assert run(*words).code == code


def test_a_file_that_leads_the_key_elsewhere_is_used_only_when_a_person_agrees(api, tmp_path):
    file = tmp_path / "settings.env"
    file.write_text("DEVIN_BASE_URL=https://devin.example\n", encoding="utf-8")
    words = ("--env-file", str(file), "call", "devin_get_self")
    assert (run(*words).code, api.requests) == (3, [])
    refused = at_terminal(*words, typed="n\n")
    assert refused.code == 3 and "Send the API key of the environment to devin.example" in refused.out
    assert api.requests == []
    assert at_terminal(*words, typed="y\n").code == 0
    assert [path for _, path in api.requests] == ["/v3/self"]


@pytest.mark.parametrize("settings", ["", "1"])
def test_a_question_about_something_else_says_what_is_spent_too(api, monkeypatch, settings):
    monkeypatch.setenv("DEVIN_CONFIRM", settings)
    rule = {"field": "rrule", "operator": "recurrence", "value": "FREQ=DAILY"}
    trigger = {"event_type": "schedule:recurring", "conditions": {"any": [{"all": [rule]}]}}
    call = {
        "name": "Nightly",
        "triggers": [trigger],
        "actions": [{"type": "start_session", "prompt": "Look."}],
        "run_as": {"type": "organization"},
    }
    asked = run("call", "devin_create_automation", json.dumps(call))
    assert (asked.code, api.requests) == (4, [])
    assert "shows a secret once and spends ACUs. It makes sessions start by themselves" in asked.err
    assert "without a limit of ACUs" in asked.err
    bounded = run("call", "devin_create_automation", json.dumps(call | {"limits": {"max_acu_limit": 5}}))
    assert "at most 5 ACUs each" in bounded.err


def test_reading_needs_no_consent(careful):
    assert run("call", "devin_list_sessions").code == 0


def test_destroying_with_yes_passes_the_rule_too(careful):
    session_id = run(*CREATE, "--yes").json["session_id"]
    words = ["call", "devin_terminate_session", "--session-id", session_id]
    assert run(*words).code == 4
    assert run(*words, "--yes").json["status"] == "exit"


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({}, "Run task spends ACUs, without a limit. Go on?"),
        ({"DEVIN_MAX_ACU": "7"}, "Run task spends ACUs, at most 7 a session. Go on?"),
    ],
)
def test_a_person_is_told_what_it_may_cost_and_can_say_no(careful, more, text):
    ran = at_terminal(*RUN, typed="n\n", **more)
    assert ran.code == 4
    assert text in ran.out
    assert careful.requests == []


def test_a_person_who_agrees_gets_what_was_asked_for(careful):
    ran = at_terminal(*RUN, "--max-acu", "3", typed="y\n")
    assert ran.code == 24
    assert "at most 3" in ran.out
    record = next(iter(careful.world.sessions.values()))
    assert record.asked["max_acu_limit"] == 3


def test_a_message_has_no_limit_to_tell(careful):
    ran = at_terminal(*SEND, typed="n\n")
    assert "Send message spends ACUs. Go on?" in ran.out


def dry():
    """Return examples of tools of each kind: tests/unit/client/test_preview.py has them all."""
    chosen = [spec for spec in each_kind() if not starts_git(spec.name)]
    return [(spec, example) for spec in chosen for example in spec.examples]


@pytest.mark.usefixtures("folder_for_files")
@for_every("spec, example", dry)
def test_a_dry_run_of_any_tool_sends_nothing_and_needs_no_key(spec, example, monkeypatch):
    monkeypatch.setenv("DEVIN_CONFIRM", "1")
    ran = run("--base-url", "http://127.0.0.1:1", "call", spec.name, json.dumps(example), "--dry-run")
    assert (ran.code, ran.err) == (0, "")
    assert (ran.json["tool"], ran.json["effect"]) == (spec.name, spec.effect.kind)
    assert ran.json["is_billable"] is spec.effect.is_billable
    assert ran.json["requests"]
    assert all(
        item["url"].startswith(("http://127.0.0.1:1/v3", "http://127.0.0.1:1/opbeta"))
        for item in ran.json["requests"]
    )


def test_a_dry_run_of_a_task_shows_what_would_be_created(monkeypatch):
    monkeypatch.setenv("DEVIN_ORG_ID", "org-mine")
    ran = run("run", "Fix it", "--max-acu", "5", "--secret", "TOKEN=env:MY_TOKEN", "--dry-run")
    last = ran.json["requests"][-1]
    assert ran.code == 0
    assert (last["method"], last["url"]) == (
        "POST",
        "https://api.devin.ai/v3/organizations/org-mine/sessions",
    )
    assert (last["body"]["prompt"], last["body"]["max_acu_limit"]) == ("Fix it", 5)
    assert last["body"]["session_secrets"] == [{"key": "TOKEN", "value": "**********"}]


def test_a_dry_run_obeys_the_ceiling(monkeypatch):
    monkeypatch.setenv("DEVIN_MAX_ACU", "3")
    ran = run("run", "Fix it", "--max-acu", "5", "--dry-run")
    assert ran.code == 4
    assert "DEVIN_MAX_ACU" in ran.err
    assert run("run", "Fix it", "--dry-run").json["requests"][-1]["body"]["max_acu_limit"] == 3


def test_a_dry_run_of_what_destroys_does_not_ask():
    ran = run("call", "devin_terminate_session", "--session-id", "abc", "--dry-run")
    assert ran.json["requests"][-1]["method"] == "DELETE"


def test_a_person_reads_a_dry_run():
    ran = at_terminal("call", "devin_create_session", '{"prompt": "a\\u001b]0;b\\u0007"}', "--dry-run")
    assert ran.code == 0
    assert "write, spends ACUs; nothing was sent" in ran.out
    assert "POST https://api.devin.ai/v3/organizations/{org_id}/sessions" in ran.out
    assert "\x1b]0;b" not in ran.out


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 4)])
def test_a_person_is_asked_before_something_is_destroyed(typed, code):
    words = ["--simulate", "call", "devin_terminate_session", "--session-id", SAMPLE_ID]
    ran = at_terminal(*words, typed=typed)
    assert "cannot be undone" in ran.out
    assert ran.code == code


AUTOMATION = (
    *("--name", "n", "--run-as", '{"type": "organization"}', "--triggers", '[{"event_type": "github:push"}]'),
    *("--actions", '[{"type": "start_session", "prompt": "p"}]'),
)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("run", "x"), "`--max-acu N`"),
        (("call", "create_session", "--prompt", "x"), "`--max-acu-limit N`"),
        (("call", "run_task", "--prompt", "x"), "`--max-acu-limit N`"),
        (("call", "create_automation", *AUTOMATION, "--yes"), """`--limits '{"max_acu_limit": N}'`"""),
    ],
)
def test_that_nothing_bounds_what_a_call_spends_is_said_before_it_starts(words, text):
    ran = simulated(*words)
    assert ran.err.count("spends ACUs without a limit") == 1
    assert text in ran.err
    assert "without a limit" not in ran.out


@pytest.mark.parametrize(
    "words",
    [
        ("run", "x", "--max-acu", "3"),
        ("call", "create_session", "--prompt", "x", "--max-acu-limit", "3"),
        ("call", "create_session", "--prompt", "x", "--dry-run"),
        ("call", "list_sessions"),
    ],
)
def test_nothing_is_said_of_spending_where_nothing_is_spent_without_a_limit(words):
    assert simulated(*words).err == ""
