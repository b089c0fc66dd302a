"""Every operation that the `devinai` package has, with few arguments, each word, and all arguments.

The operations are found by looking at the package, so those of a new version are called too. What the API
does not take stands in `devinai.toml` with the reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import httpx
import pytest

devin_sdk = pytest.importorskip("devin_sdk", reason="needs devinai: pip install devinai==0.1.0")

from external.clients.devinai_operations import Operation, operations, single_values  # noqa: E402

from devin_tools import Simulator  # noqa: E402 - the package above may be missing
from devin_tools.simulator.people import MEMBERS  # noqa: E402
from devin_tools.simulator.world import SERVICE_USER_ID  # noqa: E402

FAULTS = tomllib.loads(Path(__file__).with_name("devinai.toml").read_text(encoding="utf-8"))["fault"]

OPERATIONS = list(operations(devin_sdk.DevinSDK(api_key="cog_x", base_url="http://127.0.0.1")))


def client_of(simulator: Simulator) -> Any:
    """Return a client of the package; what it sends over a socket is tried in test_devinai.py."""
    http = httpx.Client(transport=simulator.transport(), follow_redirects=True)
    return devin_sdk.DevinSDK(api_key="cog_x", base_url="http://simulator", max_retries=0, http_client=http)


def values_in(simulator: Simulator, client: Any) -> dict[str, Any]:
    """Return a value for each argument that the package knows, about what the simulator has."""
    org_id, organizations = simulator.world.org_id, client.organizations
    session = organizations.sessions.create(org_id, prompt="p", tags=["a"], repos=["acme/shop"])
    note = organizations.knowledge.notes.create(org_id, name="n", body="b", trigger="t")
    playbook = organizations.playbooks.create(org_id, title="t", body="b")
    schedule = organizations.schedules.create(org_id, name="n", prompt="p", frequency="0 9 * * 1")
    secret = organizations.secrets.create(
        org_id, key=f"TOKEN_{len(simulator.requests)}", type="key-value", value="v"
    )
    sent = organizations.attachments.upload(org_id, file=("a.txt", b"content"))
    uuid, name = sent.url.rsplit("/", 2)[1:]
    now = int(simulator.clock.now())
    member = MEMBERS[0]["user_id"]
    simulator.clock.step(120)
    return {
        "org_id": org_id, "devin_id": session.session_id, "session_id": session.session_id,
        "session_ids": [session.session_id], "note_id": note.note_id, "secret_id": secret.secret_id,
        "playbook_id": playbook.playbook_id, "child_playbook_id": playbook.playbook_id,
        "schedule_id": schedule.scheduled_session_id, "user_id": member, "user_ids": [member],
        "service_user_id": SERVICE_USER_ID, "service_user_ids": [SERVICE_USER_ID],
        "create_as_user_id": member, "message_as_user_id": member, "run_as_user_id": member,
        "knowledge_ids": [note.note_id], "secret_ids": [secret.secret_id], "uuid": uuid,
        "session_links": [f"https://app.devin.ai/sessions/{session.session_id}"],
        "attachment_urls": [sent.url], "file": ("b.txt", b"content"),
        "name": "n", "body": "b", "trigger": "t", "title": "t", "prompt": "p", "message": "m",
        "key": "OTHER", "value": "v", "note": "n", "macro": "!m", "pinned_repo": "acme/shop",
        "repos": ["acme/shop", "acme/api"], "tags": ["a", "b"], "search": "n", "folder_path": "/",
        "query": "q", "event_ids": ["e"], "event_types": ["t"], "frequency": "0 9 * * 1", "interval_count": 2,
        "structured_output_schema": {"type": "object"}, "session_secrets": [{"key": "K", "value": "v"}],
        "max_acu_limit": 5, "max_content_length": 10, "first": 1, "limit": 200, "offset": 0,
        "min_searches": 1, "min_sessions": 1, "bypass_approval": True, "enabled": False, "archive": True,
        "is_sensitive": True, "slack_channel_id": "C1", "slack_team_id": "T1",
        "created_after": now - 86400, "updated_after": now - 86400, "time_after": now - 86400,
        "created_before": now + 86400, "updated_before": now + 86400, "time_before": now + 86400,
        "scheduled_at": datetime(2030, 1, 31, 9, tzinfo=UTC), "target_devin_id": session.session_id,
        "download": name,
    }  # fmt: skip


def arguments_of(operation: Operation, names: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of some names; a new name of a new version has to be given a value above."""
    own = dict(values)
    if operation.path[-1] == "download":
        own["name"] = values["download"]
    return {name: own[name] if name in own else single_values(kind)[0] for name, kind in names.items()}


def calls_of(operation: Operation, values: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the calls that are made of an operation, each with a text that tells which it is."""
    least = arguments_of(operation, operation.required, values)
    yield "least", least
    optional = {name: kind for name, kind in operation.optional.items() if name != "after"}
    for name, kind in optional.items():
        words = single_values(kind) or [values[name]]
        for word in words:
            yield f"{name}={word}", least | {name: word} | companions(operation, name, word, values)
    for name, kind in operation.required.items():
        for word in single_values(kind):
            yield f"{name}={word}", least | {name: word}
    once = {"scheduled_at", "target_devin_id", "schedule_type"}  # of schedules that do not recur
    every = {name: kind for name, kind in optional.items() if name not in once}
    yield "every", least | arguments_of(operation, every, values)


def companions(operation: Operation, name: str, word: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a schedule needs beside an argument: a time where it runs once, else a rhythm."""
    if operation.path[1:] not in {("schedules", "create"), ("schedules", "update")}:
        return {}
    if name in ("scheduled_at", "target_devin_id") or word == "one_time":
        return {"schedule_type": "one_time", "scheduled_at": values["scheduled_at"]}
    return {"frequency": values["frequency"]}


def fault_of(operation: Operation, call: str) -> dict[str, Any] | None:
    """Return the row of the table for a call."""
    for row in FAULTS:
        if fnmatchcase(operation.name, row["operation"]) and fnmatchcase(call, row["arguments"]):
            return dict(row)
    return None


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_an_operation_is_answered_as_the_package_expects(operation: Operation) -> None:
    wrong = {}
    for name in names_of_calls(operation):
        simulator = Simulator(seed=1)
        with client_of(simulator) as client:
            arguments = dict(calls_of(operation, values_in(simulator, client)))[name]
            try:
                operation.call(client, arguments)
            except devin_sdk.APIStatusError as error:
                row = fault_of(operation, name)
                if row is None or row["status"] != error.status_code:
                    wrong[name] = f"{error.status_code}: {error.response.text}"
            except ValueError as error:
                wrong[name] = str(error)
            else:
                if row := fault_of(operation, name):
                    wrong[name] = f"is right, take it out of the table: {row['reason']}"
    assert not wrong


def names_of_calls(operation: Operation) -> list[str]:
    simulator = Simulator(seed=1)
    with client_of(simulator) as client:
        return [name for name, _ in calls_of(operation, values_in(simulator, client))]


def test_no_row_of_the_table_is_of_nothing() -> None:
    for row in FAULTS:
        assert any(fnmatchcase(operation.name, row["operation"]) for operation in OPERATIONS), row


def test_only_events_are_not_there() -> None:
    """Of the 50 operations of version 0.1.0 three do not exist."""
    faults = {operation.name: fault_of(operation, "every") for operation in OPERATIONS}
    faulty = {name.rpartition(".")[0] for name, fault in faults.items() if fault}
    assert faulty == {"organizations.sessions.events"}
    assert len(OPERATIONS) >= 50 and sum(fault is not None for fault in faults.values()) == 3


PAGED = [
    operation
    for operation in OPERATIONS
    if {"after", "first"} <= operation.optional.keys() and not fault_of(operation, "every")
]


@pytest.mark.parametrize("operation", PAGED, ids=lambda operation: operation.name)
def test_a_list_is_walked_by_the_cursor_that_it_gave(operation: Operation) -> None:
    simulator = Simulator(seed=1)
    with client_of(simulator) as client:
        values = [values_in(simulator, client) for _ in range(2)][-1]
        least = arguments_of(operation, operation.required, values)
        first = operation.call(client, least | {"first": 1})
        assert (first.has_next_page, len(first.items)) == (True, 1)
        second = operation.call(client, least | {"first": 1, "after": first.end_cursor})
        assert second.items and second.items != first.items
