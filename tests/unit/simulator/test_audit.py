"""The audit log has a line for each call that changed something."""

from __future__ import annotations

import pytest

from devin_tools import Client, Simulator
from devin_tools.api import ArchiveSession, CreateSession, GetSession, TerminateSession
from devin_tools.errors import Conflict


def test_what_took_effect_is_in_the_log_and_nothing_else(simulator: Simulator) -> None:
    with Client(**simulator.connection()) as client:
        session_id = client.run(CreateSession(prompt="A secret plan.")).session_id
        client.run(GetSession(session_id=session_id))
        client.run(TerminateSession(session_id=session_id))
        with pytest.raises(Conflict):
            client.run(TerminateSession(session_id=session_id))
        client.run(ArchiveSession(session_id=session_id))
    log = simulator.world.audit_log
    assert [line["action"] for line in log] == ["create_session", "terminate_session", "archive_session"]
    assert {line["service_user_id"] for line in log} == {"service-user-simulator"}
    assert {line["org_id"] for line in log} == {simulator.world.org_id}
    assert log[1]["data"] == {"session_id": f"devin-{session_id}"}
    assert "secret plan" not in str(log)
