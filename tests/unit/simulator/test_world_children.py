"""Sessions that sessions spawn: how they live, and how they are listed."""

from __future__ import annotations

import pytest

from devin_tools import CreateSession, GetSession, ListChildSessions, ListSessions
from devin_tools.errors import BadRequest


@pytest.fixture
def parent(simulator, client):
    """Return the id of a session that has spawned two others."""
    client.run(CreateSession(prompt="Something else.", max_acu_limit=9))
    session = client.run(CreateSession(prompt="Move the shop. #simulate:delegates", repos=["acme/cart"]))
    simulator.clock.step(30)
    return session.session_id


def test_a_session_and_its_children_name_each_other(client, parent):
    children = client.run(ListChildSessions(session_id=parent)).sessions
    assert [child.parent_session_id for child in children] == [parent, parent]
    known = client.run(GetSession(session_id=parent)).child_session_ids
    assert [child.session_id for child in reversed(children)] == known


def test_children_live_from_the_moment_they_were_spawned(simulator, client, parent):
    simulator.clock.step(3600)
    spawned = client.run(GetSession(session_id=parent)).created_at + 13
    for child in client.run(ListChildSessions(session_id=parent)).sessions:
        assert (child.created_at, child.status, child.status_detail) == (spawned, "suspended", "inactivity")
        assert child.pull_requests[0].pr_url.startswith("https://github.com/acme/cart/pull/")
        assert child.updated_at == spawned + 1 + 2 + 58 + 1800


def test_children_are_listed_page_by_page(client, parent):
    pages = list(client.pages(ListChildSessions(session_id=parent, limit=1)))
    assert [len(page.sessions) for page in pages] == [1, 1]
    assert len({page.sessions[0].session_id for page in pages}) == 2
    with pytest.raises(BadRequest, match="cursor"):
        client.run(ListChildSessions(session_id=parent, after="nonsense"))


def test_archived_children_are_asked_for(client, parent):
    assert client.run(ListChildSessions(session_id=parent, is_archived=True)).sessions == []
    assert len(client.run(ListChildSessions(session_id=parent, is_archived=False)).sessions) == 2


def test_a_session_without_children_has_an_empty_list(client, parent):
    loner = client.run(ListSessions()).sessions[-1]
    assert client.run(ListChildSessions(session_id=loner.session_id)).sessions == []


def test_only_what_was_said_is_asked_of_the_api(simulator, client, parent):
    del simulator.requests[:]
    client.run(ListChildSessions(session_id=parent))
    assert [path.partition("?")[0].rpartition("/")[2] for _, path in simulator.requests] == ["sessions"]
