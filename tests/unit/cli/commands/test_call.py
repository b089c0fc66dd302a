"""`list`, `show` and `call`: arguments in, JSON out."""

from __future__ import annotations

import json
import re

import pytest
from support.laws import for_every
from support.shell import at_terminal, call, run, simulated
from support.tools import each_kind, tools

from devin_tools import Client
from devin_tools.api import MessagePage
from devin_tools.cli.commands.call import RESERVED, command_for
from devin_tools.export.manifest import manifest_of
from devin_tools.paging.brief import length_of
from devin_tools.paging.fitting import shortened

CREATE = "devin_create_session"


@pytest.fixture
def session_id():
    return call("devin_list_sessions", "--limit", "1").json["sessions"][0]["session_id"]


def created(*words: str, stdin: str = "") -> dict:
    return call(CREATE, *words, stdin=stdin).json


@pytest.mark.usefixtures("own_catalog")
def test_list_names_every_tool_with_its_effect():
    listed = run("list").json
    assert [item["name"] for item in listed] == [spec.name for spec in tools()]
    by_name = {item["name"]: item for item in listed}
    assert by_name[CREATE]["effect"] == "write"
    assert by_name[CREATE]["billable"] is True
    assert by_name[CREATE]["spending"]["limit"] == "max_acu_limit"
    assert by_name["devin_create_schedule"]["spending"]["starts"] == "standing"
    assert by_name["devin_get_self"]["spending"] is None
    assert by_name["devin_terminate_session"]["effect"] == "destroy"
    marks = [
        [by_name[name][mark] for mark in ("administrative", "reveals_secret", "private", "scope")]
        for name in ("devin_create_service_user_key", "devin_list_members")
    ]
    assert marks == [[True, True, False, "enterprise"], [False, False, True, "organization"]]


@for_every("spec", each_kind)
def test_show_gives_the_manifest_of_a_tool(spec):
    assert run("show", spec.name).json == manifest_of(spec)


@for_every("spec", tools)
def test_every_field_of_every_tool_is_an_option(spec):
    flags = {flag for param in command_for(spec).params for flag in param.opts}
    for field in spec.input_schema.get("properties", {}):
        assert f"--{field.replace('_', '-')}" in flags


@for_every("spec", each_kind)
def test_help_describes_every_field(spec):
    shown = " ".join(run("call", spec.name, "--help").out.split()).replace("- ", "-")
    for name, field in spec.input_schema.get("properties", {}).items():
        assert f"--{name.replace('_', '-')}" in shown
        assert " ".join(field["description"].split()).replace("- ", "-") in shown


@for_every("spec", tools)
def test_no_field_collides_with_an_option_of_the_command(spec):
    fields = {f"--{name.replace('_', '-')}" for name in spec.input_schema.get("properties", {})}
    assert not fields & set(RESERVED)


def test_a_call_prints_one_json_object_and_nothing_else(session_id):
    ran = call("devin_get_session", "--session-id", session_id)
    assert ran.code == 0
    assert ran.json["session_id"] == session_id
    assert ran.err == ""


def test_an_option_is_accepted_in_snake_case_too(session_id):
    assert call("devin_get_session", "--session_id", session_id).json["session_id"] == session_id


def test_json_comes_from_an_argument_a_file_or_standard_input(tmp_path):
    text = '{"prompt": "Fix it.", "title": "From JSON"}'
    (tmp_path / "call.json").write_text(text)
    for words, stdin in (([text], ""), ([f"@{tmp_path}/call.json"], ""), (["-"], text)):
        assert created(*words, stdin=stdin)["title"] == "From JSON"


def test_an_option_wins_over_the_json_in_either_spelling():
    assert created('{"prompt": "x", "devinMode": "fast"}', "--devin-mode", "lite")["devin_mode"] == "lite"
    assert created('{"prompt": "x", "title": "a"}', "--title", "b")["title"] == "b"


@pytest.mark.parametrize(
    "words", [["--tags", "a", "--tags", "b"], ["--tags", "a, b"], ["--tags", "a,", "--tags", "b"]]
)
def test_tags_are_repeatable_and_may_be_comma_text(words):
    *given, key_tag = created("--prompt", "x", *words)["tags"]
    assert given == ["a", "b"]
    assert key_tag.startswith("devin-tools-key:")


@pytest.mark.parametrize(
    "option, words, meant",
    [
        ("tags", ['["a, b", "c"]'], ["a, b", "c"]),
        ("repos", ['["a/b", "c/d"]'], ["a/b", "c/d"]),
        ("repos", ["a/b", "c/d"], ["a/b", "c/d"]),
        ("repos", ["[]"], []),
        ("session-links", [' \ufeff["a, b"]'], ["a, b"]),
    ],
)
def test_a_json_list_is_one_value_of_a_repeatable_option(monkeypatch, option, words, meant):
    given = [word for text in words for word in (f"--{option}", text)]
    shown = call(CREATE, "--prompt", "x", "--dry-run", *given).json["requests"][-1]["body"]
    assert [tag for tag in shown[option.replace("-", "_")] if not tag.startswith("devin-tools-key:")] == meant


@pytest.mark.parametrize("option", ["tags", "repos", "session-links", "knowledge-ids"])
@pytest.mark.parametrize("text", ['["CANARY"', "[CANARY, b]", '{"CANARY": 1}', '"CANARY"', "null"])
def test_text_that_only_looks_like_a_list_is_refused(option, text):
    refused = call(CREATE, "--prompt", "x", f"--{option}", text)
    assert refused.code == 2 and option.replace("-", "_") in refused.err
    assert "CANARY" not in refused.err


def test_patterns_of_tools_may_be_a_json_list():
    names = {item["name"] for item in run("list", "--exclude", '["devin_*_secret", "devin_create_*"]').json}
    assert "devin_list_secrets" in names and not {CREATE, "devin_delete_secret"} & names
    refused = run("list", "--exclude", '["devin_delete_*"')
    assert refused.code == 2 and "A choice of tools begins as a JSON list does" in refused.err


def test_an_empty_tag_option_clears_nothing(session_id):
    refused = call("devin_replace_session_tags", "--session-id", session_id, "--tags", "")
    assert refused.code == 2
    assert "give an empty list" in refused.err


def sent(monkeypatch, *words: str) -> dict:
    """Return the arguments that reach the catalog, for a call that is then refused."""
    from devin_tools.catalog import Catalog

    seen = []
    real = Catalog.call
    monkeypatch.setattr(Catalog, "call", lambda self, *given: (seen.append(given), real(self, *given))[1])
    call(*words)
    return dict(seen[-1][1])


def test_only_what_is_given_becomes_an_argument(monkeypatch):
    assert sent(monkeypatch, CREATE, "--prompt", "x") == {"prompt": "x"}


def test_options_become_values_of_their_type(monkeypatch, tmp_path):
    (tmp_path / "schema.json").write_text('{"type": "object"}')
    words = ["--prompt", "42", "--max-acu-limit", "3", "--no-resumable", "--repos", "a/b", "--repos", "c,d/e"]
    words += ["--structured-output-schema", f"@{tmp_path}/schema.json"]
    words += ["--session-secrets", '[{"key": "A", "value": "b"}]']
    assert sent(monkeypatch, CREATE, *words) == {
        "prompt": "42",
        "max_acu_limit": 3,
        "resumable": False,
        "repos": ["a/b", "c,d/e"],
        "structured_output_schema": {"type": "object"},
        "session_secrets": [{"key": "A", "value": "b"}],
    }


def test_a_boolean_left_out_is_not_false(monkeypatch):
    assert sent(monkeypatch, "devin_list_sessions") == {}
    assert sent(monkeypatch, "devin_list_sessions", "--no-is-archived") == {"is_archived": False}


def test_null_and_empty_come_through_json(monkeypatch):
    text = '{"prompt": "x", "title": null, "knowledge_ids": []}'
    assert sent(monkeypatch, CREATE, text) == {"prompt": "x", "title": None, "knowledge_ids": []}


def test_all_walks_over_every_page_one_item_per_line():
    lines = call("devin_list_sessions", "--limit", "5", "--all").out.splitlines()
    ids = [json.loads(line)["session_id"] for line in lines]
    assert len(ids) == len(set(ids)) == 12


def test_all_is_offered_only_where_there_are_pages():
    assert "--all" in run("call", "devin_list_session_messages", "--help").out
    assert "--all" not in run("call", "devin_get_session", "--help").out


def test_a_page_of_a_size_says_what_is_left_out_and_goes_on():
    page = call("devin_list_sessions", "--max-chars", "2000", "--detail", "brief").json
    kept = len(page["sessions"])
    assert 1 < kept < 12 and f"sessions[{kept}:]" in page["left_out"]
    assert "org_id" not in page["sessions"][0] and "sessions[].org_id" in page["left_out"]
    rest = call("devin_list_sessions", "--after", page["end_cursor"]).json
    assert len(rest["sessions"]) == 12 - kept


def test_all_tells_once_what_no_page_brings():
    words = ("--all", "--max-chars", "2000")
    whole, brief = (call("devin_list_sessions", *words, *more) for more in ((), ("--detail", "brief")))
    assert len(whole.lines) == len(brief.lines) == 12
    assert whole.err == ""
    assert brief.err.startswith("left out: ") and brief.err.count("sessions[].org_id") == 1
    assert "[0:]" not in brief.err and ":]" not in brief.err
    assert "org_id" in whole.lines[0] and "org_id" not in brief.lines[0]


def test_all_numbers_shortened_items_over_all_pages(monkeypatch):
    texts = [{"event_id": str(n), "message": "x " * (3000 if n == 3 else 1)} for n in range(5)]
    pages = iter([texts[:2], texts[2:3], texts[3:4], texts[4:]])

    def pages_of(self, call):
        for number, items in enumerate(pages):
            page = MessagePage.model_validate({"items": items, "has_next_page": number < 3})
            yield shortened(page, 1000) if length_of(page) > 1000 else page

    monkeypatch.setattr(Client, "pages", pages_of)
    ran = call("devin_list_session_messages", "--session-id", "a" * 32, "--all")
    assert len(ran.lines) == 5
    assert re.fullmatch(r"left out: messages\[3\]\.message\[\d+:\]\n", ran.err)


def test_people_see_what_is_left_out():
    words = ("--simulate", "call", "devin_list_sessions", "--detail", "brief", "--limit", "1")
    assert "Left out: sessions[].org_id" in at_terminal(*words).out


def test_sample_sessions_are_the_same_each_time():
    listed = [call("devin_list_sessions").out for _ in range(2)]
    assert listed[0] == listed[1]


def test_a_simulated_command_does_not_depend_on_the_environment(monkeypatch):
    monkeypatch.setenv("DEVIN_SIMULATE", "1")
    monkeypatch.setenv("DEVIN_BASE_URL", "not a url")
    monkeypatch.setenv("DEVIN_ORG_ID", "org-mine")
    assert run("call", "devin_list_sessions", "--limit", "1").code == 0


def test_destroying_needs_consent_when_nobody_can_be_asked(session_id):
    refused = call("devin_terminate_session", "--session-id", session_id)
    assert (refused.code, refused.out) == (4, "")
    assert "--yes" in refused.err
    assert call("devin_terminate_session", "--session-id", session_id, "--yes").json["status"] == "exit"


def test_verbose_logs_requests_on_standard_error_only():
    ran = simulated("-v", "call", "devin_list_sessions", "--limit", "1")
    assert "GET /v3/organizations/{org_id}/sessions -> 200" in ran.err
    assert ran.json["sessions"]


def test_text_of_strangers_cannot_steer_a_terminal():
    ran = call(CREATE, json.dumps({"prompt": "x", "title": "a\x1b[2J\x9b\u202eb\u2028c"}))
    assert ran.json["title"] == "a\x1b[2J\x9b\u202eb\u2028c"
    assert not set(ran.out) & set("\x1b\x9b\u202e\u2028")


def test_a_tool_is_found_without_what_all_names_begin_with(session_id):
    for name in ("devin_get_session", "get_session", "get-session", "devin-get-session"):
        assert call(name, "--session-id", session_id).json["session_id"] == session_id
        assert run("show", name, "--json").json["id"] == "devin_get_session"


def test_an_id_may_stand_where_the_json_does(session_id):
    assert call("get_session", session_id).json["session_id"] == session_id
    url = f"https://app.devin.ai/sessions/{session_id}"
    assert call("send_message", url, "--message", "Go on.").json["session_id"] == session_id
    assert (
        call("get_session", "1" * 32, "--dry-run").json["requests"][0]["url"].endswith("/devin-" + "1" * 32)
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("devin_get_session", "a", "--session-id", "b"), "given twice"),
        (("devin_get_session", "null"), "must be an object"),
        (("devin_get_session", "call.json"), "--session-id"),
        (("devin_create_session", "abc"), "--prompt"),
        (("devin_list_sessions", "abc"), "--playbook-id"),
        (("devin_get_self", "abc"), "it takes no fields"),
        (("devin_terminate_session", "abc"), "needs consent"),
        (("devin_make_coffee",), "Run `devin-tools list`"),
    ],
)
def test_a_word_that_is_no_id_is_refused_with_what_is_taken(words, text):
    ran = call(*words)
    assert (ran.code != 0, ran.out) == (True, "")
    assert text in ran.err


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("sessions",), "`devin-tools call devin_list_sessions`"),
        (("list-sessions",), "`devin-tools call devin_list_sessions`"),
        (("lst",), "`devin-tools list`"),
        (("rules", "chek"), "`devin-tools rules check`?"),
        (("temporal", "foo"), "Run `devin-tools temporal --help`"),
        (("make_coffee",), "Run `devin-tools --help`"),
        (("call", "get_session", "--detial", "x"), "Did you mean '--detail'?"),
        (("export", "openai_chat"), "Did you mean openai-chat"),
    ],
)
def test_a_misspelled_word_is_told_with_what_may_be_meant(words, text):
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert text in ran.err


@pytest.mark.parametrize(
    "form", ["2026-01-01", "2026-01-01 00:00", "1767225600", "2026-01-01T01:00:00+01:00"]
)
def test_a_time_is_typed_as_people_write_it(form):
    url = call("list_sessions", "--created-after", form, "--dry-run").json["requests"][0]["url"]
    assert url.endswith("?created_after=1767225600")


@pytest.mark.parametrize("text", ['{"prompt": "SECRET",}', "", "[1]", '{"prompt": NaN}'])
def test_json_that_is_not_right_is_told_by_where_it_stands(text, tmp_path):
    file = tmp_path / "call.json"
    file.write_text(text)
    for word, place in ((f"@{file}", f" in {file} "), ("-", " of standard input ")):
        ran = call(CREATE, word, stdin=text)
        assert ran.code == 2 and f"The JSON{place}" in ran.err and "SECRET" not in ran.err
        assert "named above" not in ran.err and "nothing was sent" in ran.err
    option = call(CREATE, "--prompt", "x", "--structured-output-schema", f"@{file}")
    assert f"in {file} " in option.err or text == "[1]"
