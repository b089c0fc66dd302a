"""What Sim's own tools send, as it was learned, is answered about the id that create answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from support.sim_table import BARE, CALLS

from devin_tools import Simulator

OURS = {"bounds", "hostile-id", "unknown-parameter"}
"""Rows of what Sim sends and no API takes: sizes beyond the bounds, paths within ids."""

SENT = {call["name"]: call for call in CALLS if "request" in call and call.get("differs") not in OURS}


class SimExecutor:
    """Sends what Sim sent, about the session that its own create answered."""

    def __init__(self, simulator: Simulator):
        self._simulator = simulator
        self._client = httpx.Client(transport=simulator.transport())
        self._session_id = BARE

    def run(self, name: str) -> httpx.Response:
        sent = SENT[name]["request"]
        path = sent["path"].replace("org-example", self._simulator.world.org_id)
        url = sent["origin"] + path.replace(BARE, self._session_id)
        body: Mapping[str, Any] | None = sent["body"]
        return self._client.request(
            sent["method"], url, params=sent["query"], headers=sent["headers"], json=body
        )

    def create(self) -> str:
        self._session_id = self.run("devin_create_session: plain").raise_for_status().json()["session_id"]
        return self._session_id


@pytest.fixture
def sim(simulator: Simulator) -> SimExecutor:
    return SimExecutor(simulator)


@pytest.mark.parametrize("form", ["plain", "bare id"])
def test_the_chain_goes_on_with_the_id_as_it_was_answered(
    sim: SimExecutor, simulator: Simulator, form: str
) -> None:
    session_id = sim.create()
    assert session_id.isalnum(), "an answer has the id without `devin-`"
    simulator.clock.step(120)
    seen = sim.run(f"devin_get_session: {form}").json()
    assert (seen["session_id"], seen["status_detail"]) == (session_id, "finished")
    assert sim.run(f"devin_send_message: {form}").json()["session_id"] == session_id
    messages = sim.run("devin_list_session_messages: plain").json()["items"]
    assert [item["message"] for item in messages if item["source"] == "user"] == ["Fix it.", "Go on."]
    listed = sim.run("devin_list_sessions: plain").json()["items"]
    assert [item["session_id"] for item in listed] == [session_id]
    assert sim.run("devin_append_session_tags: bare id").json()["tags"] == ["bug"]
    assert sim.run(f"devin_get_session_tags: {form}").json()["tags"] == ["bug"]
    assert sim.run(f"devin_terminate_session: {form}").json()["status"] == "exit"


def test_all_else_that_it_sends_is_answered_too(simulator: Simulator) -> None:
    refused = {}
    for name, call in SENT.items():
        sim = SimExecutor(simulator)
        sim.create()
        if (answer := sim.run(name)).is_error:
            refused[name] = (answer.status_code, call.get("differs"))
    cursors = {name for name in refused if "after" in dict(SENT[name]["request"]["query"])}
    assert {refused.pop(name) for name in cursors} == {(400, None)}, "cursors that were made up"
    assert set(refused.values()) == {(422, "number-text"), (404, "session-prefix")}
    urls = [name for name, why in refused.items() if why[1] == "session-prefix"]
    assert all(name.endswith("session URL") for name in urls)
