"""The audit log holds what other calls did, in the order and within the bounds that are asked for."""

from __future__ import annotations

import pytest
from support.simulated_api import Api, simulated

from devin_tools import Client
from devin_tools.api import (
    AppendEnterpriseSessionTags,
    CreateEnterpriseNote,
    CreateKnowledgeNote,
    CreateSecret,
    CreateSession,
    DeleteEnterpriseNote,
    GetSession,
    ListAuditLogs,
    ListOrganizationAuditLogs,
    SendEnterpriseMessage,
    TerminateSession,
)
from devin_tools.errors import NotFound
from devin_tools.simulator.principals import ENTERPRISE_KEY, ORG_ID, OTHER_ORG_ID


def test_what_calls_changed_is_listed_and_reads_and_refusals_are_not() -> None:
    simulator = simulated()
    with Client(**simulator.connection(), guards=()) as client:
        made = client.run(CreateSession(prompt="x")).session_id
        client.run(GetSession(session_id=made))
        with pytest.raises(NotFound):
            client.run(TerminateSession(session_id="devin-nothing"))
        client.run(CreateSecret(key="K", value="a-value-to-hide", secret_type="key-value"))
        simulator.clock.step(60)
        client.run(TerminateSession(session_id=made))
        listed = client.run(ListAuditLogs()).audit_logs
        assert [one.action for one in listed] == ["terminate_session", "create_secret", "create_session"]
        assert "a-value-to-hide" not in str(listed)
        assert {(one.org_id, one.service_user_id) for one in listed} == {(ORG_ID, "service-user-simulator")}
        oldest = list(client.items(ListAuditLogs(order="asc", limit=1)))
        assert [one.audit_log_id for one in oldest] == [one.audit_log_id for one in listed[::-1]]
        later = client.run(ListAuditLogs(time_after=int(simulator.clock.now()) - 1)).audit_logs
        assert [one.action for one in later] == ["terminate_session"]
        assert [one.action for one in client.items(ListAuditLogs(action="create_secret"))] == [
            "create_secret"
        ]


def test_an_organisation_is_told_of_itself_alone() -> None:
    simulator = simulated()
    with Client(**simulator.connection() | {"org_id": OTHER_ORG_ID}, guards=()) as client:
        client.run(CreateSession(prompt="x"))
        assert client.run(ListOrganizationAuditLogs(org_id=ORG_ID)).audit_logs == []
        (entry,) = client.run(ListOrganizationAuditLogs(org_id=OTHER_ORG_ID)).audit_logs
        assert (entry.action, entry.org_id) == ("create_session", OTHER_ORG_ID)


def test_what_the_enterprise_does_in_an_organisation_is_told_there_whatever_the_hint_says() -> None:
    simulator = simulated()
    with Client(**simulator.connection() | {"org_id": OTHER_ORG_ID}, guards=()) as client:
        made = client.run(CreateSession(prompt="x")).session_id
        note_id = client.run(CreateKnowledgeNote(name="n", body="b", trigger="t")).note_id
        client.run(AppendEnterpriseSessionTags(session_id=made, org_id=ORG_ID, tags=["a"]))
        client.run(SendEnterpriseMessage(session_id=made, message="Go on."))
        client.run(DeleteEnterpriseNote(note_id=note_id))
        client.run(CreateEnterpriseNote(name="n", body="b", trigger="t"))
        there = client.run(ListOrganizationAuditLogs(org_id=OTHER_ORG_ID)).audit_logs
        assert [one.action for one in there][:3] == ["delete_note", "send_message", "append_session_tags"]
        assert client.run(ListOrganizationAuditLogs(org_id=ORG_ID)).audit_logs == []
        last = client.run(ListAuditLogs(limit=1)).audit_logs[0]
        assert (last.action, last.org_id) == ("create_note", None)


def test_samples_were_created_by_somebody() -> None:
    simulator = simulated(sessions=7)
    with Client(**simulator.connection(), guards=()) as client:
        entries = list(client.items(ListAuditLogs(order="asc", limit=3)))
    assert [one.data["session_id"] for one in entries if one.data] == list(simulator.world.sessions)
    assert {one.user_email for one in entries} == {None, "ada@example.com"}
    assert all((one.user_id is None) != (one.service_user_id is None) for one in entries)


def test_the_api_refuses_the_bounds_that_we_never_send() -> None:
    api = Api(simulated(), f"Bearer {ENTERPRISE_KEY}")
    path = "/v3/enterprise/audit-logs"
    assert api("GET", path, time_before=1767225600)[0] == 400
    assert api("GET", path, time_after=1767225600, time_before=1767225600 + 101 * 86_400)[0] == 400
    assert api("GET", path, order="sideways")[0] == 422
    assert api("GET", "/v3beta1/enterprise/guardrail-violations", time_before=1)[0] == 400
