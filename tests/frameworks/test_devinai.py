"""The `devinai` client from PyPI, as it is, against the simulator: it and we speak of one API.

Where that package itself is wrong, the test says how.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

devin_sdk = pytest.importorskip("devin_sdk", reason="needs devinai: pip install devinai==0.1.0")

from devin_tools import Simulator  # noqa: E402 - the package above may be missing

pytestmark = pytest.mark.frameworks


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(seed=1)


@pytest.fixture
def organizations(simulator: Simulator) -> Iterator[Any]:
    with simulator.serve() as server, devin_sdk.DevinSDK(api_key="cog_x", base_url=server.url) as client:
        yield client.organizations


@pytest.fixture
def org_id(simulator: Simulator) -> str:
    return simulator.world.org_id


@pytest.fixture
def session(organizations: Any, simulator: Simulator, org_id: str) -> str:
    """Give the id that paths want: answers come without `devin-`, and the package adds nothing."""
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    made = organizations.sessions.create(
        org_id, prompt="Fix it.", tags=["a"], max_acu_limit=5, structured_output_schema=schema
    )
    simulator.clock.step(120)
    return f"devin-{made.session_id}"


def test_sessions(organizations: Any, org_id: str, session: str) -> None:
    sessions = organizations.sessions
    seen = sessions.retrieve(session, org_id=org_id)
    assert (seen.status, seen.status_detail, seen.structured_output) == ("running", "finished", {"n": 0})
    assert seen.pull_requests[0].pr_state == "open"
    listed = sessions.list(org_id, first=1, tags=["a"])
    assert [item.session_id for item in listed.items] == [seen.session_id]
    assert [item.name for item in sessions.list_attachments(session, org_id=org_id)] == ["test-report.txt"]
    assert sessions.archive(session, org_id=org_id).is_archived
    assert sessions.terminate(session, org_id=org_id, archive=True).status == "exit"


def test_messages_and_tags(organizations: Any, org_id: str, session: str) -> None:
    sessions = organizations.sessions
    sessions.messages.send(session, org_id=org_id, message="Go on.")
    page = sessions.messages.list(session, org_id=org_id, first=200)
    assert [item.message for item in page.items if item.source == "user"] == ["Fix it.", "Go on."]
    assert sessions.tags.append(session, org_id=org_id, tags=["b"]).tags == ["a", "b"]
    assert sessions.tags.replace(session, org_id=org_id, tags=["c"]).tags == ["c"]
    assert sessions.tags.retrieve(session, org_id=org_id).tags == ["c"]


def test_a_list_in_a_query_is_sent_as_one_value(organizations: Any, org_id: str, session: str) -> None:
    """The package joins lists with commas; the API reads repeated keys, so it finds nothing for two tags."""
    assert len(organizations.sessions.list(org_id, tags=["a"]).items) == 1
    assert organizations.sessions.list(org_id, tags=["a", "b"]).items == []


def test_insights(organizations: Any, simulator: Simulator, org_id: str, session: str) -> None:
    insights = organizations.sessions.insights
    assert insights.retrieve(session, org_id=org_id).session_size in ("xs", "s", "m", "l", "xl")
    assert insights.generate(session, org_id=org_id).status
    simulator.clock.step(600)
    assert insights.retrieve(session, org_id=org_id).analysis is not None
    assert len(insights.list(org_id).items) == 1


def test_attachments(organizations: Any, org_id: str) -> None:
    sent = organizations.attachments.upload(org_id, file=("a b.txt", b"content"))
    assert sent.name == "a b.txt"
    uuid, name = sent.url.rsplit("/", 2)[1:]
    got = organizations.attachments.with_raw_response.download(
        name.replace("%20", " "), org_id=org_id, uuid=uuid
    )
    assert got.http_response.content == b"content"
    (redirect,) = got.http_response.history
    assert redirect.status_code == 307


def test_notes(organizations: Any, org_id: str) -> None:
    notes, fields = organizations.knowledge.notes, {"name": "n", "body": "b", "trigger": "t"}
    note = notes.create(org_id, **fields)
    assert notes.retrieve(note.note_id, org_id=org_id).body == "b"
    assert notes.update(note.note_id, org_id=org_id, **fields | {"body": "c"}).body == "c"
    assert [item.note_id for item in notes.list(org_id, first=1).items] == [note.note_id]
    assert notes.delete(note.note_id, org_id=org_id).note_id == note.note_id
    with pytest.raises(devin_sdk.NotFoundError):
        notes.retrieve(note.note_id, org_id=org_id)
    assert organizations.knowledge.get_folders(org_id).folders


def test_playbooks(organizations: Any, org_id: str) -> None:
    playbooks = organizations.playbooks
    playbook = playbooks.create(org_id, title="t", body="b", macro="!m")
    assert playbooks.retrieve(playbook.playbook_id, org_id=org_id).macro == "!m"
    assert playbooks.update(playbook.playbook_id, org_id=org_id, title="u", body="b").title == "u"
    assert [item.playbook_id for item in playbooks.list(org_id).items] == [playbook.playbook_id]
    assert playbooks.delete(playbook.playbook_id, org_id=org_id).playbook_id == playbook.playbook_id


def test_a_refusal_is_one_it_knows(organizations: Any, org_id: str) -> None:
    with pytest.raises(devin_sdk.NotFoundError) as caught:
        organizations.sessions.retrieve("devin-0", org_id=org_id)
    assert json.loads(caught.value.response.text)["status"] == 404
