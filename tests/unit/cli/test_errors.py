"""Every failure: one line for people or JSON for programs, an exit code, never a traceback."""

from __future__ import annotations

import json
from importlib import metadata

import pytest
from support.laws import for_every
from support.shell import call, in_place_of_the_network, run, simulated
from support.strangers import add_plugin

from devin_tools import Client, Simulator
from devin_tools.cli import cli
from devin_tools.cli.exit_codes import EXIT_CODES, exit_code
from devin_tools.cli.options import Options
from devin_tools.errors import ApiError, NotFound, RateLimited, Refused, error_kinds
from devin_tools.simulator import Faults

KEY = "cog_CANARY_f00dfeed"
LIST = ("call", "devin_list_sessions")


def test_every_kind_of_error_has_an_exit_code():
    assert set(EXIT_CODES) == set(error_kinds())


def test_a_kind_without_a_code_counts_as_the_one_it_derives_from(monkeypatch):
    monkeypatch.delitem(EXIT_CODES, "refused")
    assert exit_code(Refused("no")) == EXIT_CODES["usage"]


@for_every("kind, cls", lambda: error_kinds().items())
def test_each_kind_ends_with_its_code_and_text(monkeypatch, kind, cls):
    given = {"status": 400} if issubclass(cls, ApiError) else {}
    error = cls("What happened.", hint="What to do.", **given)
    monkeypatch.setattr(Options, "catalog", property(lambda _: (_ for _ in ()).throw(error)))
    ran = run("list")
    assert (ran.code, ran.out) == (EXIT_CODES[kind], "")
    assert ran.err == "error: What happened.\nhint: What to do.\n"
    programs = run("--json-errors", "list")
    assert json.loads(programs.err) == {"error": error.as_dict()}


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["call", "devin_get_session", "--session-id", "0" * 32], 7, "404"),
        (["call", "devin_get_session", "--session-id", "a?b"], 2, "session_id"),
        (["call", "devin_get_session"], 2, "session_id: Field required"),
        (["call", "devin_list_sessions", "--limit", "many"], 2, "limit"),
        (["call", "devin_list_sessions", "--category", "cooking"], 8, "422"),
        (["call", "devin_list_sesions"], 2, "devin_list_sessions"),
        (["call", "devin_list_sessions", "--colour", "red"], 2, "--colour"),
        (["call"], 2, "devin-tools list"),
        (["show", "nothing"], 2, "nothing"),
        (["cal"], 2, "cal"),
        (["--org-id", "org-other", "call", "devin_list_sessions"], 6, "org.sessions.view"),
        (["--base-url", "http://127.0.0.1:1", "call", "devin_list_sessions"], 2, "--base-url"),
        (["simulator", "--scenario", "dreams"], 2, "finishes"),
        (["list", "--simulate"], 2, "goes before the command"),
    ],
)
def test_a_wrong_command_says_what_is_wrong(words, code, text):
    ran = simulated(*words)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("error: ")
    assert text in ran.err


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("{", "line 1, column 2"),
        ("call.json", "write @FILE"),
        ("[]", "must be an object"),
        ('{"limit": NaN}', "does not have"),
        ("[" * 100_000, "does not have"),
        ("@nowhere.json", "nowhere.json"),
    ],
)
def test_broken_json_is_refused_without_repeating_it(given, text):
    ran = call("devin_list_sessions", given)
    assert ran.code == 2
    assert text in ran.err
    assert len(ran.err) < 300


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "call.json").write_bytes(b"caf\xe9")
    assert "not UTF-8" in call("devin_list_sessions", f"@{tmp_path}/call.json").err


def test_a_rejected_secret_is_not_repeated():
    ran = call(
        "devin_create_session", "--prompt", "x", "--session-secrets", f'[{{"key": 1, "value": "{KEY}"}}]'
    )
    assert ran.code == 2
    assert "session_secrets" in ran.err
    assert KEY not in ran.err


def test_no_key_is_a_missing_setting():
    ran = run(*LIST)
    assert ran.code == 3
    assert "DEVIN_API_KEY" in ran.err


def test_a_missing_settings_file_is_named(tmp_path):
    ran = run("--env-file", str(tmp_path / "none.env"), *LIST)
    assert ran.code == 3
    assert "none.env" in ran.err


@pytest.mark.parametrize(("key", "code"), [(KEY, 0), ("cog_reader", 6), ("cog_revoked", 5)])
def test_refusals_of_the_api_have_their_codes(tmp_path, key, code):
    keys = {KEY: {"UseDevinSessions"}, "cog_reader": {"ViewOrgSessions"}}
    (tmp_path / "env").write_text(f"DEVIN_API_KEY={key}\n")
    with in_place_of_the_network(Simulator(keys=keys)):
        ran = run("--env-file", f"{tmp_path}/env", "call", "devin_create_session", "--prompt", "x")
    assert ran.code == code
    assert key not in ran.out + ran.err
    assert ("org.devins.use" in ran.err) is (code == 6)


def test_no_answer_is_a_network_error(monkeypatch):
    monkeypatch.setenv("DEVIN_API_KEY", KEY)
    monkeypatch.setenv("DEVIN_MAX_TRIES", "1")
    ran = run("--base-url", "http://127.0.0.1:1", *LIST)
    assert ran.code == 10
    assert KEY not in ran.err


def test_the_servers_wish_to_wait_is_shown(monkeypatch):
    error = RateLimited("Too many.", status=429)
    error.retry_after = 7.0
    monkeypatch.setattr(Client, "run", lambda *_, **__: (_ for _ in ()).throw(error))
    assert "wait 7 seconds" in simulated(*LIST).err


def test_several_tries_are_told_on_a_line_of_their_own(monkeypatch):
    monkeypatch.setenv("DEVIN_API_KEY", KEY)
    monkeypatch.setenv("DEVIN_MAX_TRIES", "3")
    with in_place_of_the_network(Simulator(faults=Faults(rate=1, kinds=["down"]))):
        ran = run("--org-id", "org-x", *LIST)
    assert ran.code == 11
    error, note, hint = ran.err.splitlines()
    assert "503" in error
    assert note == "note: Gave up after 3 tries: the limit of 3 tries is reached."
    assert hint.startswith("hint: ")


def test_text_of_the_server_cannot_steer_a_terminal(monkeypatch):
    error = NotFound("gone\x1b[2J\nerror: forged", status=404)
    monkeypatch.setattr(Client, "run", lambda *_, **__: (_ for _ in ()).throw(error))
    shown = simulated(*LIST).err
    assert "\x1b" not in shown
    assert "\nerror: forged" not in shown


def test_an_unexpected_fault_gives_one_line_and_no_traceback(monkeypatch):
    monkeypatch.setattr(Client, "run", lambda *_, **__: {}[KEY])
    ran = simulated(*LIST)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: Unexpected KeyError in test_errors.py")
    assert "DEVIN_TOOLS_DEBUG=1" in ran.err
    assert "Traceback" not in ran.err
    assert KEY not in ran.err


def test_a_fault_in_a_plugin_is_told_as_one_of_the_plugin(monkeypatch):
    own = metadata.EntryPoint("acme", f"{__name__.partition('.')[0]}.plugin", "devin_tools")
    found = metadata.entry_points(group="devin_tools")
    monkeypatch.setattr(metadata, "entry_points", lambda group: [*found, own])
    monkeypatch.setattr(Client, "run", lambda *_, **__: json.dumps({KEY: object()}))
    ran = simulated(*LIST)
    assert ran.err.startswith("error: Unexpected TypeError in test_errors.py, line ")
    assert " of the plugin acme.\nhint: This is a fault of the plugin acme. Set" in ran.err
    assert KEY not in ran.err


def test_the_traceback_is_there_for_who_asks(monkeypatch):
    monkeypatch.setenv("DEVIN_TOOLS_DEBUG", "1")
    monkeypatch.setattr(Client, "run", lambda *_, **__: {}["absent"])
    assert "Traceback" in simulated(*LIST).err


def test_interrupting_ends_with_130(monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Client, "run", interrupt)
    ran = simulated(*LIST)
    assert (ran.code, ran.err.strip()) == (130, "")


@pytest.mark.usefixtures("own_catalog")
def test_a_skipped_plugin_is_one_warning(monkeypatch):
    def broken():
        raise ImportError("no module named tea")

    add_plugin(monkeypatch, "tea", broken)
    ran = run("list")
    assert ran.code == 0
    assert ran.err == "warning: plugin tea of tea-tools was skipped: ImportError: no module named tea\n"
    assert "tea-tools" in json.loads(run("--json-errors", "list").err)["warning"]
    assert "plugin tea" in run("doctor").err


def test_a_command_that_worked_ends_with_the_code_zero():
    with pytest.raises(SystemExit) as end:
        cli.main(["show", "devin_get_self", "--json"])
    assert end.value.code == 0


@pytest.mark.parametrize("group, command", [("rules", "check"), ("temporal", "worker")])
def test_a_group_without_a_command_asks_which(group, command):
    ran = run(group)
    assert ran.code == 2 or "Usage:" in ran.out  # older click shows the help, and is content
    assert "Usage:" not in ran.err and command in ran.err + ran.out


def test_numbers_are_not_called_by_the_names_of_types():
    for words in (("run", "x", "--max-acu", "CANARY"), ("simulator", "--port", "CANARY")):
        ran = run(*words)
        assert "it is not a whole number" in ran.err and "CANARY" not in ran.err
    assert "it is not a number" in run("watch", "--timeout", "CANARY").err
