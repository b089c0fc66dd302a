"""Connections to code hosts, and what of them an organisation may use."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Client, CreateGitPermissions, CreateOrganization
from devin_tools.simulator.principals import OTHER_ORG_ID

CONNECTION: dict[str, Any] = {
    "git_connection_id": "connection-1",
    "git_provider_type": "perforce",
    "name": "Acme",
    "host": "perforce.example.com",
    "created_at": 1767225600,
    "perforce_depot_paths": ["//depot/main"],
    "web_viewer_url": "https://swarm.example.com",
}
BARE = CONNECTION | {"name": None, "perforce_depot_paths": None, "web_viewer_url": None}
REPOSITORY: dict[str, Any] = {
    "provider_repository_id": "R_1",
    "git_connection_id": "connection-1",
    "git_connection_host": "github.com",
    "repo_name": "shop",
    "repo_path": "acme/shop",
    "repo_description": "What the shop is made of",
    "repo_language": "Python",
    "last_updated_at": 1767225600,
}
PERMISSION: dict[str, Any] = {
    "git_permission_id": "git-permission-1",
    "git_connection_id": "connection-1",
    "repo_path": None,
    "group_prefix": "acme/",
    "prefix_path": None,
    "depot_path": None,
    "read_only": True,
    "created_at": 1767225600,
}
OTHERS = (
    PERMISSION | {"git_permission_id": "git-permission-2", "group_prefix": None, "prefix_path": "acme/sh"},
    PERMISSION | {"git_permission_id": "git-permission-3", "group_prefix": None, "depot_path": "//depot"},
)
SMALL = {"git_permission_id": "git-permission-1", "git_connection_id": "connection-1"}
LARGEST: dict[str, Any] = {
    "GitConnectionPage": page(CONNECTION, BARE | {"git_connection_id": "connection-2"}),
    "GitConnectionRepositoryPage": page(REPOSITORY, REPOSITORY | {"repo_path": "acme/billing"}),
    "GitPermission": PERMISSION,
    "GitPermissionPage": page(PERMISSION, *OTHERS),
    "GitPermissions": [PERMISSION, *OTHERS],
}
SMALLEST: dict[str, Any] = {
    "GitConnectionPage": {"items": [{"git_connection_id": "connection-1"}]},
    "GitConnectionRepositoryPage": {"items": [{"repo_path": "acme/shop"}]},
    "GitPermission": SMALL,
    "GitPermissionPage": {"items": [SMALL]},
    "GitPermissions": [],
}
UNTRUSTED = {
    "GitConnection": {"name", "perforce_depot_paths", "web_viewer_url"},
    "GitConnectionRepository": {"repo_path", "repo_name", "repo_description"},
    "GitPermission": {"repo_path", "group_prefix", "prefix_path", "depot_path"},
}


def furnish(client: Client) -> dict[str, Any]:
    org_id = client.run(CreateOrganization(name="With code")).org_id
    wanted = [{"git_connection_id": "connection-1", "repo_path": f"acme/{name}"} for name in ("a", "b")]
    kept, gone = client.run(CreateGitPermissions(org_id=org_id, permissions=wanted)).permissions
    ids = {"update": kept.git_permission_id, "delete": gone.git_permission_id}
    whole = {f"devin_{verb}_git_permissions.org_id": org_id for verb in ("create", "replace", "clear")}
    return whole | {
        f"devin_{verb}_git_permission.{name}": value
        for verb, permission_id in ids.items()
        for name, value in (("org_id", org_id), ("git_permission_id", permission_id))
    }


def cases() -> Cases:
    yield Case("devin_list_git_connections", "first_page", {"limit": 1}, live=False)
    of = {"connection_id": "connection-1", "filter_name": "shop"}
    yield Case("devin_list_git_connection_repositories", "filtered", of, live=False)
    unknown = {"connection_id": "connection|0"}
    yield Case("devin_list_git_connection_repositories", "not_found", unknown, live=False)
    on, connection = {"org_id": OTHER_ORG_ID}, {"git_connection_id": "connection-2"}
    one, group = (
        connection | {"repo_path": "legacy/ledger"},
        connection | {"group_prefix": "legacy/mainframe"},
    )
    made = yield Case("devin_create_git_permissions", "two", on | {"permissions": [one, group]}, live=False)
    if made is None:
        return
    wrong = [{"git_connection_id": "connection-0", "repo_path": "acme/shop"}]
    yield Case("devin_create_git_permissions", "unknown", on | {"permissions": wrong}, live=False)
    first = on | {"git_permission_id": made.permissions[0].git_permission_id}
    yield Case("devin_update_git_permission", "read_only", first | {"read_only": True}, live=False)
    yield Case("devin_list_git_permissions", "first_page", on | {"limit": 2}, live=False)
    yield Case("devin_delete_git_permission", "deleted", first, live=False)
    yield Case("devin_delete_git_permission", "twice", first, live=False)
    yield Case("devin_update_git_permission", "not_found", first | {"read_only": False}, live=False)
    depot = {"git_connection_id": "connection-3", "depot_path": "//depot/main", "read_only": True}
    yield Case("devin_replace_git_permissions", "replaced", on | {"permissions": [depot]}, live=False)
    yield Case("devin_clear_git_permissions", "cleared", on, live=False)
