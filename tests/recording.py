"""Record the cassettes: `python tests/recording.py`, or `--live --yes` against the real API.

Both go through a real socket. By default the other end is the simulator, and every cassette says
so in its `server` header. With `--live` the key and organisation come from the environment, the
cases that need the simulator's help are left as they are, and a session with a ceiling of one ACU
is paid for.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import vcr
from resources import MODULES
from support.cases import SECRET_VALUE, Case, Cases
from support.sample_repository import sample_repository

from devin_tools import Client, DevinToolsError, Simulator, load_catalog
from devin_tools.security.keys import DEVIN
from devin_tools.settings import DEFAULT_BASE_URL

FOLDER = Path(__file__).parent.parent / "cassettes"
INDEX = FOLDER / "index.json"
ORG_ID = "org-cassette"
NOTE = "note.txt"
"""A file to send, in the folder that files are sent from and saved into."""
BOUNDARY = b"boundary-of-the-form"
KEPT_HEADERS = {"content-type", "server", "location"}
LINK = f"{DEFAULT_BASE_URL}/_files/a-signed-link"


class SteadyClient(Client):
    """A client that draws no random numbers, so that recording again gives the same requests."""

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.state.draw = lambda: 0


@contextmanager
def workspace() -> Iterator[str]:
    """Yield a folder with a file to send and a repository, for files to be saved into."""
    with TemporaryDirectory() as folder:
        own = Path(folder) / "files"  # secrets are kept beside it
        own.mkdir()
        (own / NOTE).write_text("A note for the cassettes.\n", encoding="utf-8")
        sample_repository(own / "shop")
        yield str(own)


def path_of(case: Case) -> Path:
    return FOLDER / case.tool / f"{case.name}.yaml"


def recorder() -> vcr.VCR:
    """Return a vcr that keeps no key, no organisation, no host and no volatile header."""
    return vcr.VCR(
        filter_headers=["authorization", "user-agent", "accept-encoding", "connection", "host"],
        before_record_request=_scrub_request,
        before_record_response=_scrub_response,
        match_on=["method", "scheme", "host", "path", "query", "body"],
        decode_compressed_response=True,
    )


def _scrub_request(request: Any) -> Any:
    path = "/" + request.uri.split("/", 3)[3]
    request.uri = DEFAULT_BASE_URL + _scrub(path) if path.startswith(("/v3", "/opbeta")) else LINK
    form = re.match(r"multipart/form-data; boundary=(\S+)", request.headers.get("content-type", ""))
    if form:  # the library draws another boundary each time
        request.body = request.body.replace(form[1].encode(), BOUNDARY)
        request.headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY.decode()}"
    if request.body:
        request.body = _scrub(request.body.decode()).encode()
    return request


def _scrub_response(response: dict[str, Any]) -> dict[str, Any]:
    kept = {k.lower(): v for k, v in response["headers"].items() if k.lower() in KEPT_HEADERS}
    kept |= {"location": [LINK]} if "location" in kept else {}  # the signature in it is a key
    body = response["body"]["string"]
    text = body.decode() if isinstance(body, bytes) else body
    return {**response, "headers": kept, "body": {"string": _scrub(text).encode()}}


def _scrub(text: str) -> str:
    text = re.sub(r"https?://[^\s\"]+/_files/[0-9a-f]+", LINK, text)
    text = re.sub(r"org[-_][0-9a-f]{32}", ORG_ID, text)
    return re.sub(rf"{SECRET_VALUE}|{DEVIN}[A-Za-z0-9_-]+", "scrubbed", text)


class Recorder:
    """Runs cases through a client, each into its own cassette, and keeps the index of them."""

    def __init__(self, client: Client):
        self._client = client
        self._catalog = load_catalog(plugins=())
        self._vcr = recorder()
        self.index: list[dict[str, Any]] = []

    def record(self, case: Case) -> Any:
        """Record one exchange; a refusal of the API is an exchange too."""
        path_of(case).unlink(missing_ok=True)
        call = self._catalog.call(case.tool, case.arguments)
        with self._vcr.use_cassette(str(path_of(case)), record_mode="all"):
            try:
                output: Any = self._client.run(call)
                outcome = "output"
            except DevinToolsError as error:
                output, outcome = None, error.kind
        arguments = json.loads(_scrub(json.dumps(case.arguments)))
        self.index.append({"tool": case.tool, "case": case.name, "arguments": arguments, "outcome": outcome})
        return output


def record_all(recorder: Recorder, cases: Cases, simulator: Simulator | None) -> None:
    """Record the cases of a resource in order, giving each its output back."""
    output: Any = None
    with suppress(StopIteration):
        case = next(cases)
        while True:
            if simulator is not None:
                simulator.clock.step(case.after)
            output = recorder.record(case) if case.live or simulator is not None else None
            case = cases.send(output)


def record_from_simulator() -> list[dict[str, Any]]:
    """Record from a simulator server on loopback: a fresh world for each resource."""
    index: list[dict[str, Any]] = []
    for module in MODULES:
        simulator = Simulator(seed=20260101, sessions=7)
        with simulator.serve() as server, workspace() as folder:
            settings = {"api_key": "cog_cassette", "org_id": simulator.world.org_id, "base_url": server.url}
            settings["file_root"] = folder
            with SteadyClient(**settings, clock=simulator.clock, guards=()) as client:
                record_all(recorder := Recorder(client), module.cases(), simulator)
                index += recorder.index
    return index


def record_live() -> list[dict[str, Any]]:
    """Record from the API that the environment names."""
    with workspace() as folder, SteadyClient(guards=(), file_root=folder) as client:
        recorder = Recorder(client)
        for module in MODULES:
            record_all(recorder, module.cases(), None)
        return recorder.index


def main() -> None:
    """Record, then write the index."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--live", action="store_true", help="record from the real API")
    parser.add_argument("--yes", action="store_true", help="agree that a live recording spends ACUs")
    options = parser.parse_args()
    if not options.live:
        index = record_from_simulator()
    elif options.yes and os.environ.get("DEVIN_API_KEY"):
        index = record_live()
    else:
        sys.exit("A live recording needs DEVIN_API_KEY, and --yes because it spends up to one ACU.")
    INDEX.write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")
    print(f"{len(index)} cassettes recorded")


if __name__ == "__main__":
    main()
