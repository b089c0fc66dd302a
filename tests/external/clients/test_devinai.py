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
from devin_tools.simulator.people import MEMBERS  # noqa: E402
from devin_tools.simulator.world import SERVICE_USER_ID  # noqa: E402


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
    """Return the id that paths want: answers come without `devin-`, and the package adds nothing."""
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


def test_words_of_its_older_schema_are_taken(organizations: Any, org_id: str, session: str) -> None:
    assert len(organizations.sessions.list(org_id, origins=["api", "scheduled"]).items) == 1
    assert len(organizations.sessions.insights.list(org_id, origins=["api", "cli"]).items) == 1
    fields = {"name": "n", "prompt": "p", "frequency": "0 9 * * 1"}
    assert organizations.schedules.create(org_id, **fields, agent="advanced").agent == "devin"
    assert len(organizations.schedules.list(org_id, limit=200).items) == 1


def test_an_id_is_used_as_it_was_answered(organizations: Any, org_id: str, session: str) -> None:
    bare = session.removeprefix("devin-")
    sessions = organizations.sessions
    assert sessions.retrieve(bare, org_id=org_id).session_id == bare
    sessions.messages.send(bare, org_id=org_id, message="Go on.")
    assert len(sessions.messages.list(bare, org_id=org_id).items) > 1
    assert len(sessions.list(org_id, session_ids=[bare]).items) == 1


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


def test_schedules(organizations: Any, org_id: str) -> None:
    schedules = organizations.schedules
    made = schedules.create(org_id, name="n", prompt="p", frequency="0 9 * * 1")
    schedule_id = made.scheduled_session_id
    assert schedules.retrieve(schedule_id, org_id=org_id).frequency == "0 9 * * 1"
    assert schedules.update(schedule_id, org_id=org_id, enabled=False).enabled is False
    assert [item.scheduled_session_id for item in schedules.list(org_id, limit=1).items] == [schedule_id]
    assert schedules.delete(schedule_id, org_id=org_id).scheduled_session_id == schedule_id
    with pytest.raises(devin_sdk.NotFoundError):
        schedules.retrieve(schedule_id, org_id=org_id)


def test_secrets(organizations: Any, org_id: str) -> None:
    secrets = organizations.secrets
    made = secrets.create(org_id, key="TOKEN", type="key-value", value="kept to itself", note="n")
    assert (made.secret_type, made.is_sensitive) == ("key-value", True)
    (listed,) = secrets.list(org_id, first=1).items
    assert listed.secret_id == made.secret_id and "kept to itself" not in listed.to_json()
    assert secrets.delete(made.secret_id, org_id=org_id).secret_id == made.secret_id
    assert secrets.list(org_id).items == []


def test_consumption(organizations: Any, simulator: Simulator, org_id: str, session: str) -> None:
    daily, now = organizations.consumption.daily, int(simulator.clock.now())
    whole = daily.get(org_id, time_after=now - 2 * 86400, time_before=now + 86400)
    assert whole.total_acus == pytest.approx(sum(day.acus for day in whole.consumption_by_date))
    assert daily.get_session(session, org_id=org_id).total_acus > 0
    user = MEMBERS[0]["user_id"]
    assert daily.get_user(user, org_id=org_id).total_acus >= 0
    assert daily.get_service_user(SERVICE_USER_ID, org_id=org_id).total_acus == whole.total_acus


def test_metrics(organizations: Any, simulator: Simulator, org_id: str, session: str) -> None:
    metrics, now = organizations.metrics, int(simulator.clock.now())
    when = {"time_after": now - 86400, "time_before": now + 86400}
    assert metrics.get_session_metrics(org_id, **when).sessions_created_count == 1
    assert metrics.get_pr_metrics(org_id, **when).prs_created_count == 1
    assert metrics.get_search_metrics(org_id, **when).searches_created_count == 0
    assert metrics.get_usage_metrics(org_id).sessions_count == 1
    assert metrics.get_active_users(org_id, **when).active_users >= 0
    for get in ("daily", "weekly", "monthly"):
        assert getattr(metrics, f"get_{get}_active_users")(org_id, **when)
