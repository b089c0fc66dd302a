"""What only a real process shows: imports, signals, closed pipes, a terminal."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys

import httpx
import pytest
from support.laws import for_every
from support.sample_repository import sample_repository
from support.shell import PATIENCE, environment, interrupted, on_terminal, run, spawn
from support.tools import starts_git, tools

from devin_tools import Client, CreateSession, Simulator

HEAVY = ("httpx", "jsonschema", "rich")
FIRST_ID = "adc0da7a16febaa011af923d79fdef7c"
KEY = "cog_CANARY_process"


IMPORTED = """
import json, sys
from contextlib import suppress
from devin_tools.cli import cli

for words in json.loads(sys.argv[1]):
    with suppress(SystemExit):
        cli.main(words)
    print("|".join(sys.modules), file=sys.stderr)
"""


def imported(*commands: list[str]) -> list[set[str]]:
    """List the modules that are imported after each of some command lines, one after another."""
    command = [sys.executable, "-c", IMPORTED, json.dumps(commands)]
    got = subprocess.run(command, capture_output=True, text=True, env=environment())
    lines = got.stderr.splitlines()
    assert len(lines) == len(commands), got.stderr
    return [set(line.split("|")) for line in lines]


def test_heavy_libraries_are_not_imported_before_they_are_needed():
    of_version, of_help, *others = imported(["--version"], ["--help"], ["call", "--help"], ["list"])
    assert "devin_tools.version" in of_version
    assert not of_help & {"devin_tools.catalog", "devin_tools.api", "pydantic", "logging"}
    assert not [name for name in of_help if name.startswith("devin_tools.cli.commands")]
    for modules in (of_version, of_help, *others):
        assert not modules & set(HEAVY)


SHORT = [
    ["list"],
    ["list", "--preset", "observe"],
    ["find", "open", "security", "findings"],
    ["show", "devin_create_session"],
    ["export"],
    ["call", "devin_list_sessions", "--dry-run"],
    ["--simulate", "call", "devin_list_sessions", "--limit", "1"],
]
"""Commands that a person waits for, and scripts call over and over."""

UNUSED = (
    *("asyncio", "jsonschema", "rich", "starlette", "temporalio", "uvicorn"),
    *("devin_tools.adapters", "devin_tools.engines", "devin_tools.mcp", "devin_tools.server"),
    *("devin_tools.export.builders", "devin_tools.generate", "devin_tools.lint", "devin_tools.pipelines"),
    *("devin_tools.cli.live", "devin_tools.cli.render", "devin_tools.client.async_client"),
    *("devin_tools.simulator.faults", "devin_tools.simulator.file_part", "devin_tools.simulator.server"),
)
"""What no short command needs where nobody is at a terminal, with all that is under it."""

BESIDES = """
import httpx, json, sys
from contextlib import suppress
from devin_tools.cli import cli

known = set(sys.modules)
for words in json.loads(sys.argv[1]):
    with suppress(SystemExit):
        cli.main(words)
print("|".join(sys.modules.keys() - known), file=sys.stderr)
"""


def test_a_short_command_imports_nothing_that_it_does_not_use():
    """Besides what httpx imports."""
    command = [sys.executable, "-c", BESIDES, json.dumps(SHORT)]
    got = subprocess.run(command, capture_output=True, text=True, env=environment())
    modules = got.stderr.strip().split("|")
    assert "devin_tools.client.sync_client" in modules, got.stderr
    assert [name for name in modules if f"{name}.".startswith(tuple(f"{one}." for one in UNUSED))] == []
    resources = {name for name in modules if name.startswith("devin_tools.api.") and ".shared" not in name}
    assert resources <= {"devin_tools.api.session", "devin_tools.api.sessions"}


def test_a_call_in_a_pipe_prints_json_only():
    ran = spawn("--simulate", "call", "devin_list_sessions", "--limit", "5")
    assert (ran.code, ran.err) == (0, "")
    assert len(json.loads(ran.out)["sessions"]) == 5


def test_json_survives_a_narrow_encoding_and_needs_no_settings():
    """In Sim's dialect, to start a process less."""
    assert "DEVIN_API_KEY" not in environment()
    words = ["--simulate", "call", "devin_create_session", '{"prompt": "x", "title": "Grüße ✓"}']
    ran = spawn(*words, "--dialect", "sim", PYTHONIOENCODING="ascii:strict", PYTHONUTF8="0")
    assert ran.code == 0, ran.err
    assert (ran.json["status"], ran.json["title"]) == ("new", "Grüße ✓")


@pytest.mark.parametrize(
    "words", [["list"], ["--simulate", "call", "devin_list_sessions", "--all"], ["demo"]]
)
def test_a_reader_that_leaves_ends_the_command_quietly(words):
    command = [sys.executable, "-m", "devin_tools", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=PATIENCE)


def test_a_terminal_without_the_letters_gets_escapes():
    words = ["--simulate", "call", "devin_create_session", "--prompt", "x", "--title", "Grüße ✓"]
    ran = on_terminal(*words, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ran.code == 0
    assert "Gr\\xfc\\xdfe \\u2713" in ran.out


def test_a_person_is_asked_and_answers():
    """More of what a person sees: tests/unit/cli, on a pretend terminal without a process."""
    words = ["--simulate", "call", "devin_terminate_session", "--session-id", FIRST_ID]
    ran = on_terminal(*words, typed="y\n")
    assert "cannot be undone" in ran.out
    assert ran.code == 0


def test_ctrl_c_ends_the_wait_and_not_the_session():
    with Simulator().serve() as server:
        variables = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": server.url}
        ran = interrupted("run", "Fix it", "--events", **variables)
        assert [record.status for record in server.simulator.world.sessions.values()] == ["new"]
    assert ran.code == 130
    assert "goes on by itself" in ran.err
    assert "Traceback" not in ran.err
    assert [line["kind"] for line in ran.lines] == ["status"] * len(ran.lines)


def test_ctrl_c_ends_a_watch_with_130_and_whole_lines():
    simulator = Simulator()
    with Client(**simulator.connection()) as client:
        session_id = client.run(CreateSession(prompt="Work.")).session_id
    with simulator.serve() as server:
        ran = interrupted("watch", session_id, DEVIN_API_KEY=KEY, DEVIN_BASE_URL=server.url)
    assert (ran.code, ran.err.strip()) == (130, "")
    assert ran.lines[0]["session"]["session_id"] == session_id


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
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_taken_port_is_one_line():
    with Simulator().serve() as server:
        ran = spawn("simulator", "--port", server.url.rpartition(":")[2])
    assert ran.code == 2
    assert "cannot be used" in ran.err
    assert "Traceback" not in ran.err


EXTRALESS = """
import json, sys
sys.modules.update(dict.fromkeys(["yaml", "jinja2", "detect_secrets"]))
from devin_tools.cli import cli

for words in json.loads(sys.argv[1]):
    try:
        cli.main(words)
    except SystemExit as end:
        print(json.dumps({"code": end.code}), flush=True)
"""


def test_no_extra_is_needed_to_see_the_help_of_rules_and_their_schema():
    commands = json.dumps([["rules", "schema"], ["rules", "--help"], ["rules", "check", __file__]])
    got = subprocess.run(
        [sys.executable, "-c", EXTRALESS, commands], capture_output=True, text=True, env=environment()
    )
    schema, of_schema, help_, of_help, _ = re.split(
        r"^(\{\"code\": \d+\})$", got.stdout, maxsplit=2, flags=re.M
    )
    assert json.loads(schema)["type"] == "object" and json.loads(of_schema) == {"code": 0}
    assert "schema" in help_ and json.loads(of_help) == {"code": 0}
    assert "devin-tools[pipelines]" in got.stderr


@pytest.fixture
def shop(folder_for_files):
    return sample_repository(folder_for_files / "shop")


@pytest.mark.usefixtures("shop")
@for_every(
    "spec, example",
    lambda: [(spec, example) for spec in tools() if starts_git(spec.name) for example in spec.examples],
)
def test_a_dry_run_of_a_tool_that_starts_git_sends_nothing_and_needs_no_key(spec, example):
    ran = run("--base-url", "http://127.0.0.1:1", "call", spec.name, json.dumps(example), "--dry-run")
    assert (ran.code, ran.err) == (0, "")
    assert (ran.json["tool"], ran.json["effect"]) == (spec.name, spec.effect.kind)
    assert ran.json["is_billable"] is spec.effect.is_billable
    assert all(item["url"].startswith("http://127.0.0.1:1/v3") for item in ran.json["requests"])
    assert ran.json["requests"]
