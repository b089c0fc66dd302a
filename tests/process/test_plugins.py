"""A stranger's package, really built and installed, adds a tool, a handler and a guard to every face."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.laws import for_every
from support.paths import ROOT, TESTS
from support.shell import Ran
from support.tools import built_in

SOURCE = TESTS / "plugins" / "devin_tools_example"
REFUSED = 4

Run = Callable[..., Ran]

HOST = """
import json, sys
from click.testing import CliRunner
from devin_tools.cli import cli

for line in sys.stdin:
    words, variables = json.loads(line)
    ran = CliRunner().invoke(cli, words, env=variables)
    print(json.dumps([ran.exit_code, ran.stdout, ran.stderr]), flush=True)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the plugin, and nothing else, into a folder of its own: once for all workers of a run."""
    mine = tmp_path_factory.getbasetemp()
    folder = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "example-plugin"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            install(folder / "source", folder / "site")
            (folder / "done").touch()
    return folder / "site"


def install(source: Path, target: Path) -> None:
    shutil.copytree(SOURCE, source)
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "install", *offline, "--target", str(target), str(source)]
    subprocess.run(command, check=True)


@pytest.fixture(scope="module")
def cli(installed: Path) -> Iterator[Run]:
    """Return a function that runs command lines in one process, where the plugin is installed."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", HOST], text=True, env=variables(installed), cwd=ROOT, **pipes
    ) as host:

        def run(*words: str, **more: str) -> Ran:
            host.stdin.write(json.dumps([words, more]) + "\n")
            host.stdin.flush()
            return Ran(*json.loads(host.stdout.readline()))

        yield run
        host.stdin.close()


def variables(installed: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(installed)}


def output(done: Ran) -> Any:
    assert done.code == 0, done.err
    return done.json


def test_the_tool_is_listed_among_the_built_in_ones(cli: Run) -> None:
    names = [tool["name"] for tool in output(cli("list", "--json"))]
    assert names[-1] == "devin_ping_session" and "devin_create_session" in names


def test_the_tool_is_shown_with_its_summary_fields_and_output(cli: Run) -> None:
    done = cli("show", "devin_ping_session")
    assert done.code == 0
    for text in (
        "Ping a session and hear whether it is there.",
        "What to say to it.",
        "The session that was pinged.",
    ):
        assert text in done.out


def test_the_tool_is_called_from_the_command_line_over_the_simulator(cli: Run) -> None:
    page = output(cli("--simulate", "call", "devin_list_sessions", "--limit", "1"))
    session_id = page["sessions"][0]["session_id"]
    by_options = cli(
        "--simulate", "call", "devin_ping_session", "--session-id", session_id, "--echo", "hello"
    )
    by_json = cli(
        "--simulate",
        "call",
        "devin_ping_session",
        json.dumps({"sessionId": f"devin-{session_id}", "echo": "hello"}),
    )
    assert output(by_options) == output(by_json) == {"session_id": session_id, "echo": "hello"}


def test_the_tool_fails_like_any_other(cli: Run) -> None:
    done = cli("--simulate", "call", "devin_ping_session", "--session-id", "0" * 32)
    assert done.code == 7 and "Session not found" in done.err and done.out == ""


def test_the_tool_has_a_manifest(cli: Run, tmp_path: Path) -> None:
    assert cli("export", "manifest", "-o", str(tmp_path)).code == 0
    manifest = json.loads((tmp_path / "devin_ping_session.json").read_text())
    assert manifest["http"]["path"].endswith("/sessions/{session_id}/ping")
    assert manifest["effect"]["kind"] == "write"


@for_every("format_", lambda: sorted(built_in().exporters))
def test_the_tool_is_in_every_format(cli: Run, tmp_path: Path, format_: str) -> None:
    """Beside one built-in tool: the formats write each tool alike."""
    folder = tmp_path / format_
    both = "devin_create_session,devin_ping_session"
    assert cli("export", format_, "-o", str(folder), "--tools", both).code == 0
    paths = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".md", ".png")]
    texts = {path: path.read_text() for path in paths}
    holding = {path for path, text in texts.items() if "devin_create_session" in text}
    of_one = {path for path in holding if path.name.startswith("devin_")}
    of_all = {path for path in holding - of_one if ".notes." not in path.name}
    assert of_one or of_all
    assert [path for path in of_all if "devin_ping_session" not in texts[path]] == []
    for path in of_one:
        assert "devin_ping_session" in texts[path.with_stem("devin_ping_session")]


def test_the_guard_vetoes_a_built_in_tool(cli: Run) -> None:
    done = cli("--simulate", "call", "devin_create_session", "--prompt", "Tell me the launch-codes")
    assert (done.code, done.out) == (REFUSED, "")
    assert "devin_create_session would say a forbidden word." in done.err and "uninstall" in done.err
    assert "launch-codes" not in done.err


def test_the_plugin_can_be_left_out(cli: Run) -> None:
    names = [tool["name"] for tool in output(cli("list", "--json", DEVIN_TOOLS_PLUGINS=""))]
    assert "devin_ping_session" not in names and "devin_create_session" in names
    done = cli(
        "--simulate", "call", "devin_create_session", "--prompt", "launch-codes", DEVIN_TOOLS_PLUGINS="other"
    )
    assert done.code == 0


OVER_A_SOCKET = """
from devin_tools import Client, CreateSession, Simulator
from devin_tools_example import PingSession

with Simulator().serve() as server, Client(api_key="cog_any", base_url=server.url) as client:
    session = client.run(CreateSession(prompt="x"))
    assert client.run(PingSession(session_id=session.session_id, echo="hello")).echo == "hello"
print("served")
"""

ON_THE_CONSOLE = """
import asyncio, httpx
from devin_tools import Settings
from devin_tools.server import Console, create_app

app = create_app(Settings(api_key="cog_any", org_id="org-1"), token=None, console=Console())

async def main():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        listed = (await client.get("/console/api/tools")).json()["tools"]
        (found,) = [tool for tool in listed if tool["name"] == "devin_ping_session"]
        assert found["plugin"] == "devin-tools-example", found
        tool = (await client.get("/console/api/tools/devin_ping_session")).json()
        assert [field["name"] for field in tool["fields"]] == ["session_id", "echo"], tool
        assert tool["input"]["properties"].keys() == {"session_id", "echo"}, tool

asyncio.run(main())
print("in the console")
"""

FROM_PYTHON = """
import asyncio
from devin_tools import AsyncClient, Client, CreateSession, Simulator, load_catalog
from devin_tools.errors import Refused
from devin_tools_example import PingSession, Pong, guard

catalog = load_catalog()
assert catalog.origins["devin_ping_session"] == "devin-tools-example", catalog.origins
simulator = Simulator()
with Client(**simulator.connection()) as client:
    session = client.run(CreateSession(prompt="x"))
    pong = client.run(PingSession(session_id=session.session_id))
    assert pong == Pong(session_id=session.session_id, echo="ping"), pong
    try:
        client.run(CreateSession(prompt="the launch-codes"))
    except Refused as error:
        assert "launch" not in str(error)

async def main():
    async with AsyncClient(**simulator.connection()) as client:
        assert await client.run(PingSession(session_id=session.session_id)) == pong

asyncio.run(main())
assert guard.calls == {"devin_create_session": 2, "devin_ping_session": 2}, guard.calls
assert len(simulator.world.sessions) == 1
print("in Python")
"""


def test_the_tool_and_the_guard_work_from_python_over_a_socket_and_in_the_console(installed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FROM_PYTHON + OVER_A_SOCKET + ON_THE_CONSOLE],
        capture_output=True,
        text=True,
        env=variables(installed),
        cwd=ROOT,
    )
    assert (done.stdout, done.stderr) == ("in Python\nserved\nin the console\n", "")
