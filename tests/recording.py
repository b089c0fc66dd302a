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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vcr

from devin_tools import Client, DevinToolsError, Simulator, load_catalog
from devin_tools.settings import DEFAULT_BASE_URL
from devin_tools.wire import Draw, Step

FOLDER = Path(__file__).parent.parent / "cassettes"
INDEX = FOLDER / "index.json"
ORG_ID = "org-cassette"
KEPT_HEADERS = {"content-type", "server"}
SECRET_VALUE = "cassette-secret-value"

SCHEMA = {
    "type": "object",
    "properties": {"root_cause": {"type": "string"}, "tests_added": {"type": "integer"}},
    "required": ["root_cause"],
}
EVERYTHING = {
    "prompt": "Fix the flaky checkout test.",
    "title": "Flaky checkout test",
    "tags": ["cassette", "team:payments"],
    "knowledge_ids": [],
    "secret_ids": [],
    "session_secrets": [{"key": "STAGING_TOKEN", "value": SECRET_VALUE}],
    "repos": ["acme/shop"],
    "max_acu_limit": 1,
    "structured_output_schema": SCHEMA,
    "structured_output_required": False,
    "devin_mode": "normal",
    "resumable": True,
}
TASK = {
    "prompt": "Say hello in the README.",
    "max_acu_limit": 1,
    "idempotency_key": "cassette",
    "structured_output_schema": SCHEMA,
}


class SteadyClient(Client):
    """A client that draws no random numbers, so that recording again gives the same requests."""

    def _answer(self, step: Step, confirm: bool) -> Any:
        return 0 if isinstance(step, Draw) else super()._answer(step, confirm)


@dataclass(frozen=True)
class Case:
    """One exchange to record."""

    tool: str
    name: str
    arguments: dict[str, Any]
    live: bool = True

    @property
    def path(self) -> Path:
        return FOLDER / self.tool / f"{self.name}.yaml"


def recorder() -> vcr.VCR:
    """Give a vcr that keeps no key, no organisation, no host and no volatile header."""
    return vcr.VCR(
        filter_headers=["authorization", "user-agent", "accept-encoding", "connection", "host"],
        before_record_request=_scrub_request,
        before_record_response=_scrub_response,
        match_on=["method", "scheme", "host", "path", "query", "body"],
        decode_compressed_response=True,
    )


def _scrub_request(request: Any) -> Any:
    path = "/" + request.uri.split("/", 3)[3]
    request.uri = DEFAULT_BASE_URL + _scrub(path)
    if request.body:
        request.body = _scrub(request.body.decode()).encode()
    return request


def _scrub_response(response: dict[str, Any]) -> dict[str, Any]:
    kept = {k.lower(): v for k, v in response["headers"].items() if k.lower() in KEPT_HEADERS}
    body = response["body"]["string"]
    text = body.decode() if isinstance(body, bytes) else body
    return {**response, "headers": kept, "body": {"string": _scrub(text).encode()}}


def _scrub(text: str) -> str:
    return re.sub(r"org[-_][0-9a-f]{32}", ORG_ID, text).replace(SECRET_VALUE, "scrubbed")


def scenes(session_id: str) -> Iterator[tuple[Case, float]]:
    """List the cases about one session, each with the seconds to let pass before it."""
    on = {"session_id": session_id}
    unknown = {"session_id": "devin-" + "0" * 32}
    yield Case("devin_get_session", "new", on), 0
    yield Case("devin_wait_session", "a_slice", on | {"max_seconds": 6}), 0
    yield Case("devin_get_session", "not_found", unknown), 0
    yield Case("devin_list_session_messages", "first_page", on | {"limit": 1}), 90
    yield Case("devin_list_session_attachments", "files", on), 0
    yield Case("devin_get_session", "finished", on), 0
    yield Case("devin_wait_session", "finished", on), 0
    yield Case("devin_wait_sessions", "finished", {"session_ids": [session_id]}), 0
    yield Case("devin_get_session_tags", "tags", on), 0
    yield Case("devin_append_session_tags", "tags", on | {"tags": ["cassette", "reviewed"]}), 0
    yield Case("devin_replace_session_tags", "tags", on | {"tags": ["cassette"]}), 0
    yield Case("devin_replace_session_tags", "none", on | {"tags": []}), 0
    yield Case("devin_send_message", "more_work", on | {"message": "Thank you."}), 0
    yield Case("devin_send_message", "resumes", on | {"message": "Go on."}, live=False), 4000
    yield Case("devin_archive_session", "archived", on), 0
    yield Case("devin_append_session_tags", "archived", on | {"tags": ["late"]}, live=False), 0
    yield Case("devin_unarchive_session", "back", on), 0
    yield Case("devin_terminate_session", "archived_too", on | {"archive": True}), 0
    yield Case("devin_send_message", "ended", on | {"message": "Hello?"}, live=False), 0
    yield Case("devin_run_task", "finished", TASK), 0
    yield Case("devin_run_task", "adopted", TASK), 0


STILL = (
    Case("devin_get_self", "self", {}),
    Case("devin_list_sessions", "first_page", {"limit": 2}),
    Case("devin_list_sessions", "filtered", {"tags": ["cassette"], "is_archived": False, "limit": 5}),
    Case("devin_create_session", "unknown_platform", {"prompt": "x", "platform": "amiga"}),
    Case("devin_create_session", "everything", EVERYTHING),
)


class Recorder:
    """Runs cases through a client, each into its own cassette, and keeps the index of them."""

    def __init__(self, client: Client):
        self._client = client
        self._catalog = load_catalog(plugins=())
        self._vcr = recorder()
        self.index: list[dict[str, Any]] = []

    def record(self, case: Case) -> Any:
        """Record one exchange; a refusal of the API is an exchange too."""
        case.path.unlink(missing_ok=True)
        call = self._catalog.call(case.tool, case.arguments)
        with self._vcr.use_cassette(str(case.path), record_mode="all"):
            try:
                output: Any = self._client.run(call)
                outcome = "output"
            except DevinToolsError as error:
                output, outcome = None, error.kind
        arguments = json.loads(_scrub(json.dumps(case.arguments)))
        self.index.append({"tool": case.tool, "case": case.name, "arguments": arguments, "outcome": outcome})
        return output


def record_all(client: Client, simulator: Simulator | None) -> list[dict[str, Any]]:
    """Record every case in order; return the index."""
    recorder = Recorder(client)
    outputs = {case.name: recorder.record(case) for case in STILL}
    page = outputs["first_page"]
    recorder.record(Case("devin_list_sessions", "second_page", {"limit": 2, "after": page.end_cursor}))
    session_id = "devin-" + outputs["everything"].session_id.removeprefix("devin-")
    for case, seconds in scenes(session_id):
        if simulator is not None:
            simulator.clock.step(seconds)
        elif not case.live:
            continue
        recorder.record(case)
    return recorder.index


def record_from_simulator() -> list[dict[str, Any]]:
    """Record from a simulator server on loopback."""
    simulator = Simulator(seed=20260101, sessions=7)
    with simulator.serve() as server:
        settings = {"api_key": "cog_cassette", "org_id": simulator.world.org_id, "base_url": server.url}
        with SteadyClient(**settings, clock=simulator.clock, guards=()) as client:
            return record_all(client, simulator)


def main() -> None:
    """Record, then write the index."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--live", action="store_true", help="record from the real API")
    parser.add_argument("--yes", action="store_true", help="agree that a live recording spends ACUs")
    options = parser.parse_args()
    if not options.live:
        index = record_from_simulator()
    elif options.yes and os.environ.get("DEVIN_API_KEY"):
        with SteadyClient(guards=()) as client:
            index = record_all(client, None)
    else:
        sys.exit("A live recording needs DEVIN_API_KEY, and --yes because it spends up to one ACU.")
    INDEX.write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")
    print(f"{len(index)} cassettes recorded")


if __name__ == "__main__":
    main()
