"""What a start costs: processor time and peak memory of whole processes, as ratios to two imports.

    python benchmarks/start.py                    every row
    python benchmarks/start.py ready list         some of them
    python benchmarks/start.py --rounds 25
    python benchmarks/start.py --tools 235        beside those with a catalog of so many tools

The reference is `import httpx, pydantic; pydantic.BaseModel`, which anything of this kind imports. All are
run in turn, and each ratio is to the reference of its own round. Needs a system with `os.wait4`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SERVER = Path(__file__).with_name("canned_server.py")
REFERENCE = "import httpx, pydantic; pydantic.BaseModel"
SESSION = f"devin-{1:032x}"

READY = """
from devin_tools import Client, CreateSession
client = Client(api_key="cog_bench", org_id="org-bench"{base_url})
CreateSession(prompt="x")
"""
CALL = f"""
from devin_tools import GetSession
client.run(GetSession(session_id="{SESSION}"))
"""
DEVINAI_READY = """
from devin_sdk import DevinSDK
sdk = DevinSDK(api_key="cog_bench", base_url="{url}")
"""
DEVINAI_CALL = f"""
sdk.organizations.sessions.retrieve("{SESSION}", org_id="org-bench")
"""
HTTPX_CALL = f"""
import httpx, json, pydantic; pydantic.BaseModel
http = httpx.Client(base_url="{{url}}")
json.loads(http.get("/v3/organizations/org-bench/sessions/{SESSION}").content)
"""

HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "start", "version": "1"},
}
COLUMNS = ("cpu", "memory", "wall")

MESSAGES = (
    {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO},
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
)


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    cpu: float
    memory: float
    wall: float

    def over(self, other: Cost) -> Cost:
        """Return it as ratios to another."""
        return Cost(self.cpu / other.cpu, self.memory / other.memory, self.wall / other.wall)


@dataclass(frozen=True)
class Row:
    """A process to measure."""

    name: str
    arguments: tuple[str, ...]
    """Those of the interpreter."""
    needs: str = "devin_tools"
    """The package without which it is left out."""
    talk: Callable[[subprocess.Popen[bytes]], None] | None = None
    """What to say to it; it is killed when that is done. Without, it runs to its end."""


def rows(url: str) -> list[Row]:
    """Return all there is to measure, over a server with canned answers."""

    def code(name: str, text: str, needs: str = "devin_tools") -> Row:
        return Row(name, ("-c", text), needs)

    def command(name: str, *arguments: str, **more: Any) -> Row:
        return Row(name, ("-m", "devin_tools", *arguments), **more)

    local = READY.format(base_url=f', base_url="{url}"')
    theirs = DEVINAI_READY.format(url=url)
    return [
        code("package", "import devin_tools"),
        code("declaration", "from devin_tools import CreateSession"),
        code("ready", READY.format(base_url="")),
        code("first-call", local + CALL),
        code("second-call", local + CALL + CALL),
        code("httpx-call", HTTPX_CALL.format(url=url)),
        code("devinai-ready", theirs, "devin_sdk"),
        code("devinai-first-call", theirs + DEVINAI_CALL, "devin_sdk"),
        code("devinai-second-call", theirs + DEVINAI_CALL + DEVINAI_CALL, "devin_sdk"),
        command("version", "--version"),
        command("list", "list"),
        command("call", "--simulate", "call", "devin_list_sessions", "--limit", "1"),
        command("mcp", "--simulate", "mcp", needs="mcp", talk=ask_for_tools),
    ]


def ask_for_tools(server: subprocess.Popen[bytes]) -> None:
    """Send what an MCP client begins with: a greeting, and the question for the tools."""
    assert server.stdin and server.stdout
    for message in MESSAGES:
        server.stdin.write(json.dumps(message).encode() + b"\n")
        server.stdin.flush()
        if "id" in message:
            answer = json.loads(server.stdout.readline())
            assert answer["id"] == message["id"] and "result" in answer, answer


def environment(folder: str) -> dict[str, str]:
    """Return what the processes see: nothing of this user's settings, and modules compiled in a folder.

    Compiled modules are read as those of an installed package are.
    """
    hidden = ("DEVIN_", "PYTHONDONTWRITEBYTECODE")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(hidden) and not name.lower().endswith("_proxy")
    }
    return kept | {"PYTHONPYCACHEPREFIX": folder}


def cost(row: Row, env: dict[str, str]) -> Cost:
    """Run a process once."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *row.arguments],
        stdin=subprocess.PIPE if row.talk else subprocess.DEVNULL,
        stdout=subprocess.PIPE if row.talk else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=env,
    )
    with process:
        if row.talk:
            row.talk(process)
            wall = time.perf_counter() - began
            process.kill()
        assert process.stderr
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)  # of this child alone
        process.returncode = os.waitstatus_to_exitcode(status)
    if not row.talk:
        wall = time.perf_counter() - began
        if process.returncode:
            sys.exit(f"{row.name} failed: {said.decode()}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss, wall)


@contextmanager
def canned_server() -> Iterator[str]:
    """Start a server with canned answers, and yield its URL."""
    with subprocess.Popen(
        [sys.executable, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout and server.stdin
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.stdin.close()


def main() -> None:
    """Print a line for each row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", help="the rows to measure; all of them when left out")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--tools", type=int, help="measure once more with so many tools, by a plugin")
    options = parser.parse_args()
    reference = Row("reference", ("-c", REFERENCE))
    with canned_server() as url, tempfile.TemporaryDirectory() as folder:
        env, found = environment(folder), rows(url)
        if unknown := set(options.names) - {row.name for row in found}:
            sys.exit(
                f"no such row: {', '.join(sorted(unknown))}; there are {' '.join(r.name for r in found)}"
            )
        wanted = [row for row in found if row.name in options.names or not options.names]
        measured = [row for row in wanted if find_spec(row.needs)]
        more = with_tools(env, Path(folder), options.tools) if options.tools else None
        ratios: dict[str, list[Cost]] = {row.name: [] for row in measured}
        growth: dict[str, list[float]] = {row.name: [] for row in measured}
        for round_ in range(options.rounds + 1):
            base = cost(reference, env)
            for row in measured:
                plain = cost(row, env)
                grown = cost(row, more).over(plain).cpu if more else 1.0
                if round_:  # the first one compiles the modules
                    ratios[row.name].append(plain.over(base))
                    growth[row.name].append(grown)
    print(f"{'':20} {'processor':>10} {'memory':>8} {'time':>8}   times {REFERENCE}")
    for row in wanted:
        if row.name not in ratios:
            print(f"{row.name:20} not measured: {row.needs} is not installed")
            continue
        medians = [statistics.median(getattr(c, what) for c in ratios[row.name]) for what in COLUMNS]
        grown = f"   with {options.tools} tools {statistics.median(growth[row.name]):.2f} times that"
        print(f"{row.name:20} {medians[0]:10.2f} {medians[1]:8.2f} {medians[2]:8.2f}{grown if more else ''}")


def with_tools(env: dict[str, str], folder: Path, total: int) -> dict[str, str]:
    """Return an environment in which a plugin brings so many tools; it is written into a folder."""
    writer = Path(__file__).with_name("stand_ins.py")
    plugin = str(folder / "plugin")
    subprocess.run([sys.executable, str(writer), plugin, str(total)], check=True, env=env)
    return env | {"PYTHONPATH": os.pathsep.join(filter(None, (env.get("PYTHONPATH"), plugin)))}


if __name__ == "__main__":
    main()
