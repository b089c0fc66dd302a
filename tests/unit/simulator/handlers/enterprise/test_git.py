"""What an organisation may use of the code hosts, and the repositories that it sees by that."""

from __future__ import annotations

from typing import Any

import pytest

from devin_tools import Client
from devin_tools.api import (
    ClearGitPermissions,
    CreateGitPermissions,
    DeleteGitPermission,
    ListGitConnectionRepositories,
    ListGitConnections,
    ListGitPermissions,
    ListRepositories,
    ReplaceGitPermissions,
    UpdateGitPermission,
)
from devin_tools.errors import BadRequest, NotFound
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID

ON = {"org_id": ORG_ID}
SHOP = {"git_connection_id": "connection-1", "repo_path": "acme/shop"}


def given(client: Client, org_id: str = ORG_ID) -> list[Any]:
    return [one.group_prefix or one.repo_path for one in client.items(ListGitPermissions(org_id=org_id))]


def seen(client: Client) -> list[str]:
    return [one.repo_path for one in client.items(ListRepositories())]


def test_connections_reach_repositories(client: Client) -> None:
    for connection in client.items(ListGitConnections(limit=1)):
        call = ListGitConnectionRepositories(connection_id=connection.git_connection_id, limit=1)
        for found in client.items(call):
            assert (found.git_connection_id, found.git_connection_host) == (
                connection.git_connection_id, connection.host,
            )  # fmt: skip
    call = ListGitConnectionRepositories(connection_id="connection-1", filter_name="Shop")
    assert [found.repo_path for found in client.items(call)] == ["acme/shop"]
    with pytest.raises(NotFound):
        client.run(ListGitConnectionRepositories(connection_id="connection-0"))


def test_an_organisation_sees_what_it_may_use(client: Client) -> None:
    assert len(seen(client)) == 4 and given(client) == ["acme/"]
    gone = client.run(ClearGitPermissions(**ON)).permissions
    assert [one.group_prefix for one in gone] == ["acme/"]
    assert seen(client) == given(client) == []
    client.run(CreateGitPermissions(**ON, permissions=[SHOP]))
    assert seen(client) == ["acme/shop"]
    prefix = {"git_connection_id": "connection-1", "prefix_path": "acme/b"}
    client.run(CreateGitPermissions(**ON, permissions=[prefix]))
    assert seen(client) == ["acme/billing", "acme/shop"]
    group = {"git_connection_id": "connection-1", "group_prefix": "acme"}
    client.run(ReplaceGitPermissions(**ON, permissions=[group]))
    assert len(seen(client)) == 4 and given(client) == ["acme/"]
    elsewhere = {"git_connection_id": "connection-2", "group_prefix": "acme"}
    client.run(ReplaceGitPermissions(**ON, permissions=[elsewhere]))
    assert seen(client) == []
    assert given(client, OTHER_ORG_ID) == ["acme/"]


def test_a_permission_is_changed_and_deleted_in_its_own_organisation_alone(client: Client) -> None:
    [made] = client.run(CreateGitPermissions(**ON, permissions=[SHOP])).permissions
    assert made.read_only is False
    one = {"git_permission_id": made.git_permission_id}
    assert client.run(UpdateGitPermission(**ON, **one, read_only=True)).read_only is True
    with pytest.raises(NotFound):
        client.run(UpdateGitPermission(org_id=OTHER_ORG_ID, **one, read_only=False))
    assert client.run(DeleteGitPermission(**ON, **one)).read_only is True
    with pytest.raises(NotFound):
        client.run(DeleteGitPermission(**ON, **one))


def test_an_unknown_connection_is_refused_and_changes_nothing(client: Client) -> None:
    wrong = [SHOP, SHOP | {"git_connection_id": "connection-0"}]
    for call in (
        CreateGitPermissions(**ON, permissions=wrong),
        ReplaceGitPermissions(**ON, permissions=wrong),
    ):
        with pytest.raises(BadRequest, match="Unknown git connection"):
            client.run(call)
    assert given(client) == ["acme/"]
