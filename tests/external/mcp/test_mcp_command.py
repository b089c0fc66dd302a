"""The command `devin-tools mcp`: started by a client or by a person, and stopped by either."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from external.mcp.mcp_doors import in_memory, over_http, over_stdio, run, service_over, started

from devin_tools import Simulator, load_catalog
from devin_tools.model_input import for_models

CATALOG = load_catalog(plugins=())
TOKEN = "a-token-of-the-tests"
HELLO = [
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
]


def request(number: int, method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def lines(*messages: dict[str, Any]) -> str:
    return "".join(json.dumps(message) + "\n" for message in messages)


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "devin_tools", *options]


def failed(*options: str, **env: str) -> tuple[int, str]:
    """Run a command line that fails, and give its exit code and the kind of its error."""
    done = subprocess.run(
        command("--json-errors", *options),
        capture_output=True,
        text=True,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
    )
    assert done.stdout == ""
    return done.returncode, json.loads(done.stderr)["error"]["message"]


def test_the_official_client_lists_and_calls_over_standard_streams() -> None:
    async def work() -> None:
        async with over_stdio() as caller, in_memory(service_over(Simulator(seed=1))) as other:
            assert await caller.tools() == await other.tools()
            made = await caller.output("devin_create_session", {"prompt": "Fix it."})
            told: list[str] = []
            await caller.call("devin_wait_session", {"session_id": made["session_id"]}, told)
            assert told == ["new", "running working"]
            assert (await caller.error("devin_get_session"))["kind"] == "invalid_arguments"
            missing = await caller.error("devin_get_session", {"session_id": "devin-0"})
            assert missing["kind"] == "not_found"

    run(work)


def test_options_narrow_what_is_offered() -> None:
    async def work() -> None:
        options = ("--read-only", "--tools", "devin_get_self, devin_get_session, devin_create_session")
        async with over_stdio(*options, "--exclude", "devin_get_self", "--slice", "20") as caller:
            assert list(await caller.tools()) == ["devin_get_session"]

    run(work)


def test_the_settings_of_the_environment_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVIN_API_KEY", "cog_x")
    monkeypatch.setenv("DEVIN_DENIED_TOOLS", "devin_get_self")
    messages = [*HELLO, request(2, "tools/list")]
    full = command("mcp", "--list", "full")
    done = subprocess.run(full, input=lines(*messages), capture_output=True, text=True)
    listed = json.loads(done.stdout.splitlines()[-1])["result"]["tools"]
    assert [tool["name"] for tool in listed] == [
        spec.name for spec in for_models(CATALOG) if spec.name != "devin_get_self"
    ]


def test_a_script_that_hangs_up_right_after_asking_is_answered() -> None:
    messages = [*HELLO, request(2, "tools/call", name="devin_get_self", arguments={})]
    done = subprocess.run(
        command("--simulate", "mcp"), input=lines(*messages), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, 2]
    assert answers[1]["result"]["isError"] is False


NOISY = """
import os, subprocess, sys
from devin_tools import AsyncClient, Catalog, Session, Simulator, Settings, Tool, describe
from devin_tools.mcp import Service, serve_stdio
from devin_tools.tool import READ

class MakeNoise(Tool[Session]):
    "Print to standard output, read standard input, and start a child that prints."
    effect = READ
    def flow(self):
        print("noise", flush=True)
        os.write(1, b"noise")
        subprocess.run(["echo", "noise"])
        return Session(session_id=repr(sys.stdin.read()))
        yield

reached = Simulator(seed=1).connection()
def connect(settings):
    return AsyncClient(settings, transport=reached["transport"], clock=reached["clock"], guards=())
catalog = Catalog(specs={"devin_make_noise": describe(MakeNoise)})
serve_stdio(Service(catalog, Settings(api_key="cog_x", org_id="org-1"), connect))
print("back")
"""


def test_standard_output_carries_the_protocol_and_nothing_else() -> None:
    messages = [*HELLO, request(2, "tools/call", name="devin_make_noise", arguments={})]
    done = subprocess.run(
        [sys.executable, "-c", NOISY], input=lines(*messages), capture_output=True, text=True
    )
    *answers, last = done.stdout.splitlines()
    content = [json.loads(line) for line in answers][-1]["result"]["structuredContent"]
    assert content["session_id"] == "''"
    assert (done.stderr.count("noise"), last) == (3, "back")


NOISY_PLUGIN = """
import types
from devin_tools import catalog, hookimpl

class Guard:
    def before(self, spec, call):
        print("noise")

    def after(self, spec, call, outcome):
        print("noise")

@hookimpl
def devin_tools_provide_guards():
    return [Guard()]

def load():
    print("noise")
    plugin = types.ModuleType("noisy")
    plugin.devin_tools_provide_guards = devin_tools_provide_guards
    return plugin

point = types.SimpleNamespace(name="noisy", value="noisy", dist=None, load=load)
catalog.entry_points = lambda group: [point]
from devin_tools.cli import main
main()
"""


def test_what_a_plugin_prints_when_it_is_imported_and_around_calls_goes_to_standard_error() -> None:
    messages = [*HELLO, request(2, "tools/call", name="devin_get_self", arguments={})]
    done = subprocess.run(
        [sys.executable, "-c", NOISY_PLUGIN, "--simulate", "mcp"],
        input=lines(*messages),
        capture_output=True,
        text=True,
    )
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
    assert done.stderr.split() == ["noise"] * 3


@pytest.mark.skipif(sys.platform == "win32", reason="signals end a process there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_well_even_while_a_call_waits(number: signal.Signals) -> None:
    call = request(2, "tools/call", name="devin_run_task", arguments={"prompt": "x"})
    call["params"]["_meta"] = {"progressToken": "p"}
    with subprocess.Popen(
        command("--simulate", "mcp", "--speed", "1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write(lines(*HELLO, call))
        process.stdin.flush()
        told = [process.stdout.readline(), process.stdout.readline()]
        assert "notifications/progress" in told[1]
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals end a process there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_http_server_well_even_while_a_client_listens(number: signal.Signals) -> None:
    codes: list[int] = []

    async def work() -> None:
        with started(DEVIN_MCP_TOKEN=TOKEN) as (process, url):
            async with over_http(url, TOKEN) as caller:
                await caller.output("devin_list_sessions")
                process.send_signal(number)
                codes.append(process.wait(15))

    with suppress(Exception):  # some clients complain that they cannot take leave
        run(work)
    assert codes == [0]


def test_mistakes_on_the_command_line_are_told_and_nothing_is_served() -> None:
    assert failed("mcp", "--http") == (3, "No API key is set.")
    code, message = failed("--simulate", "mcp", "--http", "--host", "0.0.0.0")
    assert (code, "must show who they are" in message) == (2, True)
    assert failed("--simulate", "mcp", "--key-from-caller") == (2, "--key-from-caller is for --http.")
    assert failed("mcp", "--speed", "2", DEVIN_API_KEY="cog_x") == (2, "--speed is for the simulator.")
    assert failed("--simulate", "mcp", "--tools", "nothing") == (
        2,
        "No tool is called 'nothing', or fits that pattern.",
    )
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, message = failed("--simulate", "mcp", "--http", "--port", port)
    assert (code, message.startswith(f"Port {port} cannot be used")) == (2, True)


def test_a_missing_package_is_named() -> None:
    code = "import sys; sys.modules['uvicorn'] = None; from devin_tools.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, "--simulate", "mcp"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "pip install 'devin-tools[mcp]'" in done.stderr
