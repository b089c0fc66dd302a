"""Workers take sessions out of the queues of outposts, hold them, and lose them when they are silent."""

from __future__ import annotations

import json

import httpx
import pytest
from support.simulated_api import simulated

from devin_tools import Client, CreateSession, GetSession, Simulator, TerminateSession
from devin_tools.api import (
    ClaimOutpostSession,
    ListOutposts,
    ListOutpostSessions,
    ReleaseOutpostSession,
)
from devin_tools.api.outposts import OutpostSession
from devin_tools.errors import BadRequest, Conflict, Forbidden, NotFound

FIRST, SECOND = (f"outpost-{number:032x}" for number in (1, 2))


def queued(client: Client) -> str:
    return client.run(CreateSession(prompt="Build it.", platform="acme-linux")).session_id


def in_queue(client: Client, **filters: str) -> list[OutpostSession]:
    return client.run(ListOutpostSessions(outpost_id=FIRST, **filters)).sessions


def statuses(client: Client) -> list[tuple[int | None, int | None]]:
    found = [outpost.status for outpost in client.items(ListOutposts())]
    return [(status.queue_depth, status.active_claims) for status in found if status]


def test_a_session_on_an_outpost_waits_until_a_worker_claims_it(client: Client, simulator: Simulator) -> None:
    session_id = queued(client)
    simulator.clock.step(3600)
    assert client.run(GetSession(session_id=session_id)).status == "new"
    assert statuses(client) == [(1, 0), (0, 0)]
    claim = ClaimOutpostSession(session_id=session_id, acceptor_id="worker-1")
    got = client.run(claim)
    assert got.status and got.status.phase == "claimed" and got.status.connect_token
    assert got.status.connect_token not in repr(got)
    simulator.clock.step(10)
    assert client.run(GetSession(session_id=session_id)).status == "running"
    assert statuses(client) == [(0, 1), (0, 0)]
    (row,) = in_queue(client, phase="claimed", acceptor_id="worker-1")
    assert row.status and row.status.connect_token is None and row.status.session_status == "running"
    assert in_queue(client, phase="pending") == []


def test_only_its_holder_renews_and_releases_it(client: Client) -> None:
    session_id = queued(client)
    on = {"session_id": session_id}
    client.run(ClaimOutpostSession(**on, acceptor_id="worker-1"))
    client.run(ClaimOutpostSession(**on, acceptor_id="worker-1"))
    for call in (
        ClaimOutpostSession(**on, acceptor_id="worker-2"),
        ReleaseOutpostSession(**on, acceptor_id="worker-2"),
    ):
        with pytest.raises(Conflict):
            client.run(call)  # type: ignore[arg-type]
    assert client.run(ReleaseOutpostSession(**on, acceptor_id="worker-1")).done
    assert statuses(client)[0] == (1, 0)
    with pytest.raises(Conflict):
        client.run(ReleaseOutpostSession(**on, acceptor_id="worker-1"))


def test_a_claim_that_is_not_renewed_is_lost(client: Client, simulator: Simulator) -> None:
    session_id = queued(client)
    client.run(ClaimOutpostSession(session_id=session_id, acceptor_id="worker-1"))
    simulator.clock.step(200)
    client.run(ClaimOutpostSession(session_id=session_id, acceptor_id="worker-1"))
    simulator.clock.step(200)
    assert in_queue(client, phase="claimed")
    simulator.clock.step(200)
    (row,) = in_queue(client)
    assert row.status and row.status.phase == "pending" and row.spec and row.spec.kind == "resume"


def test_one_that_has_ended_is_gone(client: Client) -> None:
    session_id = queued(client)
    client.run(TerminateSession(session_id=session_id), confirm=True)
    assert in_queue(client) == []
    for name in (session_id, "a|b"):
        with pytest.raises(NotFound):
            client.run(ClaimOutpostSession(session_id=name, acceptor_id="worker-1"))


def test_a_list_goes_on_from_its_cursor_with_its_edge_again(client: Client) -> None:
    first, second = queued(client), queued(client)
    cursor = client.run(ListOutpostSessions(outpost_id=FIRST)).cursor
    assert [row.metadata.session_id for row in in_queue(client, cursor=str(cursor))] == [second]
    client.run(ClaimOutpostSession(session_id=first, acceptor_id="worker-1"))
    assert [row.metadata.session_id for row in in_queue(client, cursor=str(cursor))] == [second, first]
    with pytest.raises(BadRequest):
        in_queue(client, cursor="nonsense")
    with pytest.raises(NotFound):
        client.run(ListOutpostSessions(outpost_id="outpost-none"))
    assert client.run(ListOutpostSessions(outpost_id=SECOND)).sessions == []


def test_it_wants_a_permission_of_its_own() -> None:
    simulator = simulated(keys={"cog_plain": {"ViewOrgSessions"}})
    with Client(**simulator.connection(), guards=()) as client, pytest.raises(Forbidden):
        client.run(ListOutposts())


def test_a_stream_says_what_changes_and_is_ended_by_the_server(client: Client, simulator: Simulator) -> None:
    session_id = queued(client)
    began = simulator.clock.now()
    with httpx.Client(transport=simulator.transport(), base_url="http://simulator") as http:
        answer = http.get(
            "/opbeta/outposts/devins",
            params={"outpost": FIRST, "watch": "true"},
            headers={"authorization": "Bearer cog_any"},
        )
    assert answer.headers["content-type"] == "text/event-stream"
    assert "content-length" not in answer.headers and ": still there" in answer.text
    (event,) = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert (event["type"], event["cursor"]) == ("MODIFIED", "1")
    assert event["object"]["metadata"]["session_id"] == session_id
    assert simulator.clock.now() - began >= 300
