"""What the tests of all adapters share: the calls to make, and what must hold of their answers."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from support.odd_tools import FindOdd, StoreKey
from support.paths import ROOT

from devin_tools import AsyncClient, Client, CreateSession, Simulator, describe, load_catalog
from devin_tools.api import GetSelf
from devin_tools.export.providers import variants
from devin_tools.model_input import for_models
from devin_tools.presets import CORE

__all__ = [
    "BAD",
    "CALL_READ",
    "CALL_WRITE",
    "CREATE",
    "FIND",
    "FOUND_BY",
    "GET",
    "GIVEN",
    "GOOD",
    "SPECS",
    "TERMINATE",
    "UNKNOWN",
    "Provider",
    "anthropic_answer",
    "anthropic_call",
    "check_chosen",
    "check_created",
    "check_documented",
    "check_ended",
    "check_error",
    "check_example",
    "check_example_without_a_fix",
    "check_schemas",
    "clients",
    "with_a_session",
]

DOCUMENT = (ROOT / "docs" / "frameworks.md").read_text(encoding="utf-8")
EXAMPLES = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")

GIVEN = [*load_catalog(plugins=()), describe(StoreKey), describe(FindOdd)]
"""What adapters are given: one of them is offered to no model."""

SPECS = for_models(GIVEN)

CREATE, GET, TERMINATE = "devin_create_session", "devin_get_session", "devin_terminate_session"

FIND, CALL_READ, CALL_WRITE = "devin_find_tools", "devin_call_read", "devin_call_write"
FOUND_BY = "terminate a session for good"
"""What somebody says who wants `TERMINATE`, which is not in `core`."""

GOOD: dict[str, Any] = {"prompt": "Go.", "tags": ["team:payments"], "max_acu_limit": 5, "title": None}
BAD: dict[str, Any] = {"prompt": "Go.", "max_acu_limit": -987}
UNKNOWN: dict[str, Any] = {"session_id": "devin-00000000000000000000000000000000"}


@contextmanager
def clients(**settings: Any) -> Iterator[tuple[Client, AsyncClient, Simulator]]:
    """Yield both clients over one simulator."""
    simulator = Simulator(seed=1)
    given = {**simulator.connection(), "guards": (), **settings}
    with Client(**given) as client:
        yield client, AsyncClient(**given), simulator


@contextmanager
def with_a_session(**settings: Any) -> Iterator[tuple[Client, AsyncClient, Simulator, str]]:
    """Yield both clients over one simulator, and the id of the one session that is in it."""
    with clients(**settings) as (client, async_client, simulator):
        made = client.run(CreateSession(prompt="Go."), confirm=True)
        simulator.requests.clear()
        yield client, async_client, simulator, made.session_id


class Provider(ThreadingHTTPServer):
    """A provider of models on this machine: its answers are scripted, and it keeps what was sent."""

    def __init__(self, *answers: dict[str, Any]):
        self.sent: list[Any] = []
        provider, left = self, iter(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                provider.sent.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                content = json.dumps(next(left)).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Provider:
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


def anthropic_answer(*content: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of Anthropic's Messages API."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-6",
        "content": list(content),
        "stop_reason": "tool_use" if content[-1]["type"] == "tool_use" else "end_turn",
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }


def anthropic_call(name: str, **given: Any) -> dict[str, Any]:
    """Return the block of a call, as Anthropic's models make it."""
    return {"type": "tool_use", "id": f"toolu_{name}", "name": name, "input": given}


def check_schemas(shown: Mapping[str, Mapping[str, Any]], whole: Any = variants.inline) -> None:
    """Check the schemas that a framework would send to a model, by the tool's name."""
    assert list(shown) == [spec.name for spec in SPECS]
    for spec in SPECS:
        assert shown[spec.name] == whole(spec)
        assert shown[spec.name]["properties"].keys() == spec.tool.model_fields.keys() - spec.user_only
    create = shown[CREATE]["properties"]
    assert "session_secrets" not in create
    assert create["max_acu_limit"]["minimum"] == 1
    assert create["max_acu_limit"]["description"].startswith("The most ACUs it may spend")
    assert create["tags"]["items"] == {"type": "string", "minLength": 1}
    assert shown["devin_wait_sessions"]["properties"]["until"]["enum"] == ["all", "any"]
    friend = shown[SPECS[-1].name]["properties"]["friends"]["items"]
    assert friend["properties"]["lives"]["exclusiveMinimum"] == 0


def check_chosen(name_of: Any, adapter: Any) -> None:
    """Check that an adapter makes the tools of a choice and no others, whatever the choice is made of."""
    core = sorted(CORE)
    with clients() as (client, _, _):
        for choice in ({"preset": "core"}, {"tools": "core"}, {"tools": core}, {"specs": core}):
            assert sorted(map(name_of, adapter(client, **choice))) == core
        both = adapter(client, preset="core", tools=[GetSelf, "devin_archive_*"])
        assert {name_of(tool) for tool in both} == {*core, "devin_get_self", "devin_archive_session"}


def check_created(output: Any, simulator: Simulator) -> None:
    """Check that the one session there is was made as asked, and is what the model reads."""
    read = json.loads(output) if isinstance(output, str) else output
    [record] = simulator.world.sessions.values()
    assert read["session_id"] == record.session_id
    assert record.asked["max_acu_limit"] == 5
    assert "team:payments" in record.asked["tags"]


def check_ended(simulator: Simulator, session_id: str) -> None:
    """Check that a session was terminated, by one request."""
    made = [path for method, path in simulator.requests if method == "DELETE"]
    assert [path.rpartition("/")[2] for path in made] == [f"devin-{session_id}"]


def check_error(text: str, kind: str) -> None:
    """Check that a text holds one of our own errors, with nothing that was rejected."""
    start, end = text.index("{"), text.rindex("}") + 1  # some frameworks put words around it
    error = json.loads(text[start:end])["error"]
    assert error["kind"] == kind
    assert error.keys() == {"kind", "message", "retryable", "retry_after", "tries", "hint", "details"}
    if kind == "invalid_arguments":
        assert [detail["path"] for detail in error["details"]] == ["max_acu_limit"]
    assert "987" not in text


def check_example(name: str) -> None:
    """Run one of `examples/` by the command that its page gives: a bug is fixed, and the fix reviewed."""
    [command] = re.findall(rf"^    python (examples/{name}.*)$", EXAMPLES, re.MULTILINE)
    started = [sys.executable, "-W", "error", *shlex.split(command)]
    done = subprocess.run(started, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()[-3:]
    assert "https://github.com/acme/shop/pull/101" in lines and lines[-1].startswith("approve: ")


def check_example_without_a_fix(name: str) -> None:
    """Run one on a bug that nobody can fix: nothing is reviewed, and it says so."""
    bug = ["Totals are off. #simulate:fails", "--repo", "acme/shop", "--simulate"]
    also = ["--yes"] if "--yes" in (ROOT / "examples" / name).read_text(encoding="utf-8") else []
    started = [sys.executable, "-W", "error", f"examples/{name}", *bug, *also]
    done = subprocess.run(started, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and "No pull request" in done.stdout and not done.stderr


def check_documented(title: str) -> None:
    """Run the examples in a section of the documentation."""
    section = DOCUMENT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    examples = re.findall(r"```python\n(.*?)```\s*```output\n(.*?)```", section, re.DOTALL)
    assert len(examples) == section.count("```python") == 2  # one of them loads tools late
    for code, output in examples:
        command = [sys.executable, "-c", code]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == output
