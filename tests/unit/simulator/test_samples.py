"""Samples are there from the beginning, whenever they are first asked for."""

from __future__ import annotations

import pytest

from devin_tools import Client, ListKnowledgeNotes, ListPlaybooks, ListSessions, Simulator, Tool


@pytest.mark.parametrize("call", [ListKnowledgeNotes(), ListPlaybooks()])
def test_notes_and_playbooks_are_as_old_as_the_world(call: Tool[object]) -> None:
    simulator = Simulator(sessions=3)
    begun = simulator.world.now
    simulator.clock.step(1000)
    with Client(**simulator.connection()) as client:
        ages = {row.created_at for row in client.items(call)}
    assert ages == {int(begun)}


def test_they_are_added_once_and_stay_deleted() -> None:
    simulator = Simulator(sessions=1)
    store = simulator.world.store("Playbook")
    own = next(row for row in store.all() if row["access_type"] == "org")
    store.remove(own["playbook_id"])
    assert own not in simulator.world.store("Playbook").all()


def test_a_world_without_sample_sessions_has_no_samples() -> None:
    world = Simulator().world
    assert not (world.sessions or world.store("Note").all() or world.store("Playbook").all())


def test_sample_sessions_are_as_a_call_makes_them() -> None:
    simulator = Simulator(sessions=2)
    with Client(**simulator.connection()) as client:
        sessions = client.run(ListSessions(tags=["sample"])).sessions
    assert [session.tags for session in sessions] == [["upgrade", "sample"], ["bug", "sample"]]
    assert all(session.title and session.devin_mode == "normal" for session in sessions)
