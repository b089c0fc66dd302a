"""What only a real process shows: imports, signals, closed pipes, a terminal."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import httpx
import pytest
from support.shell import environment, on_terminal, spawn

HEAVY = ("httpx", "jsonschema", "rich")
FIRST_ID = "adc0da7a16febaa011af923d79fdef7c"


def imported(*words: str) -> set[str]:
    """List the modules a command line imports."""
    code = (
        "import sys\nfrom devin_tools.cli import cli\n"
        f"try: cli.main({list(words)!r})\nexcept SystemExit: pass\n"
        "print('|'.join(sys.modules), file=sys.stderr)"
    )
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment())
    return set(got.stderr.strip().splitlines()[-1].split("|"))


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["call", "--help"], ["list"]])
def test_heavy_libraries_are_not_imported_before_they_are_needed(words):
    assert not imported(*words) & set(HEAVY)


def test_the_version_needs_no_catalog():
    modules = imported("--version")
    assert "devin_tools.version" in modules
    assert not modules & {"devin_tools.catalog", "devin_tools.api", "pydantic"}


def test_a_call_in_a_pipe_prints_json_only():
    ran = spawn("--simulate", "call", "devin_list_sessions", "--limit", "5")
    assert (ran.code, ran.err) == (0, "")
    assert len(json.loads(ran.out)["sessions"]) == 5


def test_json_survives_a_narrow_encoding():
    words = ["--simulate", "call", "devin_create_session", "--prompt", "x", "--title", "Grüße ✓"]
    ran = spawn(*words, PYTHONIOENCODING="ascii:strict", PYTHONUTF8="0")
    assert ran.code == 0
    assert json.loads(ran.out)["title"] == "Grüße ✓"


@pytest.mark.parametrize(
    "words", [["list"], ["--simulate", "call", "devin_list_sessions", "--all"], ["demo"]]
)
def test_a_reader_that_leaves_ends_the_command_quietly(words):
    command = [sys.executable, "-m", "devin_tools", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=60)


def test_a_person_sees_a_table_of_tools():
    ran = on_terminal("list")
    assert ran.code == 0
    assert "what it does" in ran.out
    assert "devin_terminate_session" in ran.out
    assert "{" not in ran.out


@pytest.mark.parametrize("words", [["--limit", "3"], ["--limit", "5", "--all"]])
def test_a_person_sees_a_table_of_sessions(words):
    ran = on_terminal("--simulate", "call", "devin_list_sessions", *words)
    assert ran.code == 0
    assert "status_detail" in ran.out
    assert FIRST_ID in ran.out
    assert '"session_id"' not in ran.out
    assert ("More follow: --after" in ran.out) is ("--all" not in words)


def test_a_person_sees_fields_under_each_other_or_json_when_asked():
    words = ["--simulate", "call", "devin_get_session", "--session-id", FIRST_ID]
    assert '"session_id"' not in on_terminal(*words).out
    assert f'"session_id": "{FIRST_ID}"' in on_terminal(*words, "--json").out


def test_a_person_sees_what_a_tool_is():
    ran = on_terminal("show", "devin_create_session", width=200)
    for text in ("POST /v3/organizations/{org_id}/sessions", "[required]", "[never filled by a model]"):
        assert text in ran.out


def test_titles_cannot_steer_the_terminal():
    ran = on_terminal(
        "--simulate", "call", "devin_create_session", '{"prompt": "x", "title": "[red]a\\u001b]0;b\\u0007"}'
    )
    assert "[red]a" in ran.out
    assert "\x1b]0;b" not in ran.out


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 4)])
def test_a_person_is_asked_before_something_is_destroyed(typed, code):
    words = ["--simulate", "call", "devin_terminate_session", "--session-id", FIRST_ID]
    ran = on_terminal(*words, typed=typed)
    assert "cannot be undone" in ran.out
    assert ran.code == code


def test_a_person_sees_a_short_demo():
    ran = on_terminal("demo")
    assert ran.code == 0
    assert "Proven: session" in ran.out
    assert "null" not in ran.out


def test_colours_can_be_turned_off():
    assert "\x1b[" in on_terminal("call").out
    assert "\x1b[" not in on_terminal("call", NO_COLOR="1").out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_simulator_serves_until_it_is_told_to_stop(number):
    command = [sys.executable, "-m", "devin_tools", "simulator", "--sessions", "3", "--seed", "4"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=environment(), **pipes) as process:
        line = process.stdout.readline()
        assert line.startswith("devin-tools simulator ready at http://127.0.0.1:")
        url = line.split(" at ")[1].split()[0]
        headers = {"Authorization": "Bearer cog_anything"}
        assert httpx.get(f"{url}/v3/self", headers=headers).json()["principal_type"] == "service_user"
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_taken_port_is_one_line():
    from devin_tools import Simulator

    with Simulator().serve() as server:
        ran = spawn("simulator", "--port", server.url.rpartition(":")[2])
    assert ran.code == 2
    assert "cannot be used" in ran.err
    assert "Traceback" not in ran.err
