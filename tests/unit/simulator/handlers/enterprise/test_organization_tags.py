"""The tags that an organisation allows, its default one, and what sessions get of them."""

from __future__ import annotations

from typing import Any

import pytest

from devin_tools import Client, CreateSession, Simulator
from devin_tools.api import (
    AppendAllowedTags,
    ClearAllowedTags,
    ClearDefaultTag,
    GetAllowedTags,
    GetDefaultTag,
    RemoveAllowedTag,
    ReplaceAllowedTags,
    SetDefaultTag,
)
from devin_tools.errors import BadRequest, NotFound
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID

ON = {"org_id": ORG_ID}


@pytest.fixture
def plain(simulator: Simulator) -> Any:
    """Return a client that adds no tag of its own."""
    with Client(**simulator.connection(), tag_creates=False) as client:
        yield client


def allowed(client: Client, **on: str) -> list[str]:
    return client.run(GetAllowedTags(**ON | on)).tags


def test_tags_are_added_once_replaced_removed_and_cleared(client: Client) -> None:
    assert allowed(client) == []
    client.run(AppendAllowedTags(**ON, tags=["bug", "a / b", "bug"]))
    assert client.run(AppendAllowedTags(**ON, tags=["docs", "bug"])).tags == ["bug", "a / b", "docs"]
    assert client.run(RemoveAllowedTag(**ON, tag="a / b")).tags == ["bug", "docs"]
    with pytest.raises(NotFound):
        client.run(RemoveAllowedTag(**ON, tag="a / b"))
    assert client.run(ReplaceAllowedTags(**ON, tags=["tests"])).tags == ["tests"]
    assert allowed(client, org_id=OTHER_ORG_ID) == []
    assert client.run(ClearAllowedTags(**ON)).tags == allowed(client) == []


def test_the_default_tag_is_an_allowed_one_and_goes_when_it_is_not_any_more(client: Client) -> None:
    with pytest.raises(BadRequest, match="one of the allowed"):
        client.run(SetDefaultTag(**ON, tag="bug"))
    client.run(AppendAllowedTags(**ON, tags=["bug", "docs"]))
    assert client.run(SetDefaultTag(**ON, tag="bug")).default_tag == "bug"
    client.run(RemoveAllowedTag(**ON, tag="docs"))
    assert client.run(GetDefaultTag(**ON)).default_tag == "bug"
    client.run(RemoveAllowedTag(**ON, tag="bug"))
    assert client.run(GetDefaultTag(**ON)).default_tag is None


def test_a_session_gets_the_default_tag_and_no_other_is_taken(client: Client, plain: Client) -> None:
    client.run(AppendAllowedTags(**ON, tags=["bug", "docs"]))
    assert plain.run(CreateSession(prompt="Look.")).tags == []
    client.run(SetDefaultTag(**ON, tag="docs"))
    assert plain.run(CreateSession(prompt="Look.")).tags == ["docs"]
    assert plain.run(CreateSession(prompt="Look.", tags=["bug"])).tags == ["bug"]
    with pytest.raises(BadRequest, match="does not allow the tags tests"):
        plain.run(CreateSession(prompt="Look.", tags=["bug", "tests"]))
    assert client.run(ClearDefaultTag(**ON)).default_tag is None
    assert plain.run(CreateSession(prompt="Look.")).tags == []


def test_a_client_that_tags_its_sessions_is_told_how_not_to(simulator: Simulator, client: Client) -> None:
    client.run(AppendAllowedTags(**ON, tags=["bug"]))
    with pytest.raises(BadRequest) as refused:
        client.run(CreateSession(prompt="Look.", tags=["bug"]))
    assert "tag_creates" in str(refused.value.hint)
    assert simulator.world.sessions == {}


def test_a_refusal_that_is_not_about_tags_says_nothing_of_them(client: Client) -> None:
    with pytest.raises(BadRequest) as refused:
        client.run(CreateSession(prompt="Look.", max_acu_limit=5_000))
    assert "tag_creates" not in str(refused.value.hint)
