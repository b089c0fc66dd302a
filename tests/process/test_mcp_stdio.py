"""The opening of a conversation with an MCP server, in a process of its own and without the SDK.

What goes on after it, with the SDK, is in `tests/external/mcp`.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Any

import pytest

SERVER = """
import sys
from devin_tools.catalog import Catalog
from devin_tools.mcp import Service, serve_stdio
from devin_tools.settings import Settings

serve_stdio(Service(Catalog(), Settings(api_key="cog_x", org_id="org-1"), connect=None))
"""

NOISY = """
import os, subprocess, sys
from devin_tools.catalog import Catalog
from devin_tools.mcp import Service, serve_stdio
from devin_tools.mcp.streams import kept_streams
from devin_tools.settings import Settings

print("before")
output = sys.stdout
with kept_streams() as streams:
    print("noise")
    output.write("noise\\n")
    os.write(1, b"noise\\n")
    subprocess.run(["echo", "noise"])
    print("read", repr(sys.stdin.read()), repr(os.read(0, 10)))
    serve_stdio(Service(Catalog(), Settings(api_key="cog_x", org_id="org-1"), connect=None), streams)
print("after")
"""

HEAVY = {"mcp", "anyio", "asyncio", "httpx", "uvicorn", "starlette", "rich", "jsonschema", "click"}
CALLING = ("devin_tools.api.", "devin_tools.tasks.", "devin_tools.client", "devin_tools.mcp.http")


def lines(*more: Any) -> str:
    """Return the opening of a client that lists tools, and more lines; text is a line as it is."""
    client = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    }
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
        *more,
    ]
    return "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in messages)


def served(code: str, text: str) -> tuple[list[str], str]:
    """Return the lines that a server answers to some lines, and what it says on standard error."""
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), done.stderr


def ids(answers: list[str]) -> list[Any]:
    return [json.loads(answer)["id"] for answer in answers]


def test_a_client_that_lists_and_hangs_up_is_answered_and_nothing_that_runs_calls_is_imported() -> None:
    shown = "print('\\n'.join(sys.modules), file=sys.stderr)"
    answers, loaded = served(SERVER + shown, lines({"jsonrpc": "2.0", "id": 3, "method": "prompts/list"}))
    assert ids(answers) == [1, 2, 3]
    assert set(loaded.split()) & HEAVY == set()
    assert [name for name in loaded.split() if name.startswith(CALLING)] == []


def test_an_unreadable_line_is_answered_and_told_and_what_follows_is_answered_too() -> None:
    ping = {"jsonrpc": "2.0", "id": 3, "method": "ping"}
    answers, told = served(SERVER, lines("{", [], "", ping))
    assert ids(answers) == [1, 2, None, None, 3]
    assert [json.loads(answer)["error"]["code"] for answer in answers[2:4]] == [-32700, -32600]
    assert [line.partition(":")[0] for line in told.splitlines()] == ["Standard input"] * 2


def test_only_the_protocol_reaches_the_client_and_only_the_server_reads_what_it_sends() -> None:
    answers, told = served(NOISY, lines())
    assert (answers[0], answers[-1]) == ("before", "after")
    assert ids(answers[1:-1]) == [1, 2]
    assert told.count("noise") == 4 and "read '' b''" in told


@pytest.mark.skipif(sys.platform == "win32", reason="signals end a process there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_well_during_the_opening(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(lines().splitlines(keepends=True)[0])
        process.stdin.flush()
        assert ids([process.stdout.readline()]) == [1]
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
