"""Every cassette replays, and the simulator still answers as it did when they were recorded.

All of it in process. `tests/process/test_recording.py` does both again through vcr and a real socket.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from resources import MODULES
from support.cases import SECRET_VALUE, Case
from support.laws import for_every
from support.paths import ROOT
from support.tools import built_in, starts_git, tools

from devin_tools import Client, DevinToolsError, Simulator, Spec
from devin_tools.security.keys import DEVIN
from devin_tools.simulator.clock import SimulatedClock

pytestmark = pytest.mark.usefixtures("catalog")  # it is built before a test begins

FOLDER = ROOT / "cassettes"
API = "https://api.devin.ai"
LINK = f"{API}/_files/a-signed-link"
BOUNDARY = "boundary-of-the-form"
ORG_ID = "org-cassette"


@cache
def index() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    return entries


@cache
def cassette(tool: str, case: str) -> list[Any]:
    """Return the exchanges of a cassette."""
    text = (FOLDER / tool / f"{case}.yaml").read_text(encoding="utf-8")
    exchanges: list[Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))["interactions"]
    return exchanges


def cassettes() -> Iterator[tuple[str, str]]:
    return ((entry["tool"], entry["case"]) for entry in index())


def replayable() -> list[dict[str, Any]]:
    return [entry for entry in index() if not starts_git(entry["tool"])]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the file that the cassettes send, where nothing is drawn by chance."""
    monkeypatch.setattr(secrets, "randbits", lambda bits: 0)
    return with_note(tmp_path)


def with_note(folder: Path) -> Path:
    (folder / "note.txt").write_text("A note for the cassettes.\n", encoding="utf-8")
    return folder


def scrubbed(text: str, org_id: str = ORG_ID) -> str:
    text = re.sub(r"https?://[^\s\"]+/_files/[0-9a-f]+", LINK, text)
    named = re.sub(r"org[-_][0-9a-f]{32}", ORG_ID, text.replace(org_id, ORG_ID))  # others of its enterprise
    return re.sub(rf"{SECRET_VALUE}|{DEVIN}[A-Za-z0-9_-]+", "scrubbed", named)


def as_recorded(request: httpx.Request, org_id: str = ORG_ID) -> dict[str, Any]:
    """Return a request as a cassette holds it."""
    path = request.url.raw_path.decode("ascii")
    kind = request.headers.get("content-type", "")
    form = re.match(r"multipart/form-data; boundary=(\S+)", kind)
    boundary = form[1] if form else BOUNDARY
    body = request.read().decode().replace(boundary, BOUNDARY)
    headers = {"accept": request.headers["accept"], "content-type": kind.replace(boundary, BOUNDARY)}
    return {
        "method": request.method,
        "uri": API + scrubbed(path, org_id) if path.startswith(("/v3", "/opbeta")) else LINK,
        "body": scrubbed(body, org_id),
        "headers": {name: [value] for name, value in headers.items() if value},
    }


def without_length(request: dict[str, Any]) -> dict[str, Any]:
    """Return a request of a cassette without the length of its body before it was scrubbed."""
    kept = {name: value for name, value in request["headers"].items() if name != "content-length"}
    return request | {"headers": kept}


class Playing(httpx.BaseTransport):
    """Answers with the exchanges of one cassette, and takes its requests alone, in their order."""

    def __init__(self) -> None:
        self.left: list[Any] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        exchange = self.left.pop(0)
        assert as_recorded(request) == without_length(exchange["request"])
        return answer_in(exchange)


@pytest.fixture
def playing() -> Playing:
    return Playing()


@pytest.fixture
def player(playing: Playing, folder: Path) -> Iterator[Client]:
    options = {"api_key": "cog_replay", "org_id": ORG_ID, "clock": SimulatedClock(), "file_root": str(folder)}
    with Client(**options, guards=(), transport=playing) as client:
        yield client


@for_every("entry", replayable)
def test_a_cassette_replays_to_its_recorded_outcome(
    entry: dict[str, Any], playing: Playing, player: Client
) -> None:
    playing.left = list(cassette(entry["tool"], entry["case"]))
    try:
        player.run(built_in().call(entry["tool"], entry["arguments"]))
        outcome = "output"
    except DevinToolsError as error:
        outcome = error.kind
    assert outcome == entry["outcome"]
    assert playing.left == []


def answer_in(exchange: Any) -> httpx.Response:
    response = exchange["response"]
    headers = {name: value for name, [value] in response["headers"].items()}
    text = response["body"]["string"]
    return httpx.Response(response["status"]["code"], headers=headers, content=text.encode())


@for_every("spec", tools)
def test_every_tool_has_a_cassette(spec: Spec) -> None:
    assert any(tool == spec.name for tool, _ in cassettes())


def test_the_index_and_the_files_agree() -> None:
    listed = [f"{tool}/{case}.yaml" for tool, case in cassettes()]
    found = [str(path.relative_to(FOLDER)) for path in FOLDER.glob("*/*.yaml")]
    assert sorted(listed) == sorted(found)


def test_no_cassette_holds_a_key_an_organisation_or_a_secret() -> None:
    for path in FOLDER.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        assert "cog_" not in text
        assert SECRET_VALUE not in text
        assert not re.search(r"org[-_][0-9a-f]{32}", text)
        assert "127.0.0.1" not in text


class Noting(httpx.BaseTransport):
    """Passes requests on to a simulator, and notes what a cassette would hold of each exchange."""

    def __init__(self, simulator: Simulator) -> None:
        self._inner = simulator.transport()
        self._org_id = simulator.world.org_id
        self.noted: list[Any] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = as_recorded(request, self._org_id)
        response = self._inner.handle_request(request)
        response.read()
        kept = {k: [v] for k, v in response.headers.items() if k in ("content-type", "server", "location")}
        kept |= {"location": [LINK]} if "location" in kept else {}
        status = {"code": response.status_code, "message": response.reason_phrase}
        body = {"string": scrubbed(response.text, self._org_id)}
        self.noted.append({"request": asked, "response": {"status": status, "headers": kept, "body": body}})
        return response


def sent_again(noting: Noting, case: Case, org_id: str) -> None:
    """Send what a cassette holds, as it is: its tool would start a program."""
    for exchange in cassette(case.tool, case.name):
        asked = exchange["request"]
        headers = {name: value for name, [value] in asked["headers"].items()} | {
            "authorization": "Bearer cog_x"
        }
        url, body = (asked[part].replace(ORG_ID, org_id) for part in ("uri", "body"))
        noting.handle_request(httpx.Request(asked["method"], url, headers=headers, content=body.encode()))


def answered(module: Any, folder: Path) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Run the cases of a resource in a fresh world: what the index and the cassette of each would hold."""
    simulator = Simulator(seed=20260101, sessions=7, catalog=built_in())
    org_id, noting = simulator.world.org_id, Noting(simulator)
    options = simulator.connection() | {"transport": noting, "file_root": str(folder)}
    cases, output = module.cases(), None
    with suppress(StopIteration), Client(**options, guards=()) as client:
        case = next(cases)
        while True:
            simulator.clock.step(case.after)
            noting.noted, output, outcome = [], None, "output"
            if starts_git(case.tool):
                sent_again(noting, case, org_id)
            else:
                try:
                    output = client.run(built_in().call(case.tool, case.arguments))
                except DevinToolsError as error:
                    outcome = error.kind
            arguments = json.loads(scrubbed(json.dumps(case.arguments), org_id))
            yield (
                {"tool": case.tool, "case": case.name, "arguments": arguments, "outcome": outcome},
                noting.noted,
            )
            case = cases.send(output)


def test_the_simulator_answers_as_when_the_cassettes_were_recorded(folder: Path) -> None:
    answers: list[tuple[dict[str, Any], list[Any]]] = []
    for module in MODULES:
        own = folder / module.__name__
        own.mkdir()
        answers += answered(module, with_note(own))
    assert [entry for entry, _ in answers] == index()
    for entry, noted in answers:
        exchanges = cassette(entry["tool"], entry["case"])
        recorded = [each | {"request": without_length(each["request"])} for each in exchanges]
        assert noted == recorded, f"{entry['tool']}/{entry['case']} is no longer what is recorded"
