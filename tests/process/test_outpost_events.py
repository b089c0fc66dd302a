"""A queue is followed over a real socket, beyond the end of a stream; an event fires over HTTP too."""

from __future__ import annotations

import threading
from contextlib import closing
from itertools import islice

import httpx
from support.tools import built_in

from devin_tools import Client, CreateAutomation, CreateSession, Simulator
from devin_tools.api import ClaimOutpostSession

FIRST = f"outpost-{1:032x}"


def test_a_queue_is_followed_over_a_socket_beyond_the_end_of_a_stream() -> None:
    simulator = Simulator(speed=600, catalog=built_in())  # a stream of five minutes lasts half a second
    with (
        simulator.serve() as server,
        Client(api_key="cog_any", base_url=server.url, org_id=simulator.world.org_id, guards=()) as client,
        closing(client.outpost_events(FIRST)) as events,
    ):
        made = client.run(CreateSession(prompt="Build it.", platform="acme-linux"))
        assert next(events).object.metadata.session_id == made.session_id
        claim = ClaimOutpostSession(session_id=made.session_id, acceptor_id="worker-1")
        client.run(claim)
        found = [one.object.status for one in islice(events, 4)]
        phases = [(status.phase, status.session_status) for status in found if status]
        assert phases[:2] == [("claimed", "pending"), ("claimed", "running")]
        assert phases[-1] == ("pending", "suspended")
        assert simulator.count("GET", "/devins") > 1


def test_a_server_that_is_closed_ends_its_streams() -> None:
    simulator = Simulator(speed=1, catalog=built_in())
    seen = threading.Event()

    def watch(url: str) -> None:
        headers = {"authorization": "Bearer cog_any"}
        with (
            httpx.Client(base_url=url, headers=headers) as http,
            http.stream("GET", "/opbeta/outposts/devins", params={"outpost": FIRST, "watch": "true"}) as got,
        ):
            seen.set()
            got.read()

    with simulator.serve() as server:
        watching = threading.Thread(target=watch, args=(server.url,))
        watching.start()
        assert seen.wait(60)
    watching.join(60)
    assert not watching.is_alive()


def test_an_event_fires_over_http() -> None:
    simulator = Simulator(catalog=built_in())
    with simulator.serve() as server, Client(**simulator.connection(), guards=()) as client:
        client.run(
            CreateAutomation.model_validate(
                {
                    "name": "Pushes",
                    "triggers": [{"event_type": "github:push"}],
                    "actions": [{"type": "start_session", "prompt": "Look."}],
                    "run_as": {"type": "organization"},
                }
            )
        )
        fire = f"{server.url}/_simulator/fire"
        answer = httpx.post(fire, json={"event_type": "github:push", "fields": {"repo": "acme/shop"}})
        assert list(simulator.world.sessions) == answer.json()["session_ids"]
        assert httpx.post(fire, json={"fields": {}}).status_code == 422
