"""Connections to code hosts, which are there already, and what of them each organisation may use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....api.enterprise import git as api
from ...clock import EPOCH
from ...git_access import CONNECTIONS, PERMISSIONS, REPOSITORIES
from ...paging import page_of_rows
from ...refusal import Refusal
from ...store import ResourceStore
from ...world import World


def list_git_connections(world: World, call: api.ListGitConnections) -> dict[str, Any]:
    """List the connections."""
    return page_of_rows(world.cut_page, enumerate(CONNECTIONS), call)


def list_git_connection_repositories(world: World, call: api.ListGitConnectionRepositories) -> dict[str, Any]:
    """List the repositories that a connection reaches."""
    hosts = {connection["git_connection_id"]: connection["host"] for connection in CONNECTIONS}
    if call.connection_id not in hosts:
        raise Refusal(404, "Git connection not found")
    rows = [
        {
            "provider_repository_id": f"R_{number}",
            "git_connection_id": call.connection_id,
            "git_connection_host": hosts[call.connection_id],
            "repo_name": path.rpartition("/")[2],
            "repo_path": path,
            "repo_description": f"What {path.rpartition('/')[2]} is made of",
            "repo_language": "Python",
            "last_updated_at": int(EPOCH),
        }
        for number, path in enumerate(REPOSITORIES[call.connection_id])
        if (call.filter_name or "").lower() in path
    ]
    return page_of_rows(world.cut_page, enumerate(rows), call)


def list_git_permissions(world: World, call: api.ListGitPermissions) -> dict[str, Any]:
    """List what an organisation may use."""
    return _permissions(world, call).page(world.cut_page, call)


def create_git_permissions(world: World, call: api.CreateGitPermissions) -> list[dict[str, Any]]:
    """Let an organisation use more."""
    return _give(world, call, call.permissions)


def replace_git_permissions(world: World, call: api.ReplaceGitPermissions) -> list[dict[str, Any]]:
    """Let an organisation use this and nothing else."""
    _check(call.permissions)
    _take_all(world, call)
    return _give(world, call, call.permissions)


def clear_git_permissions(world: World, call: api.ClearGitPermissions) -> list[dict[str, Any]]:
    """Take everything from an organisation; return what it was."""
    return _take_all(world, call)


def update_git_permission(world: World, call: api.UpdateGitPermission) -> dict[str, Any]:
    """Change whether it may write; null changes nothing."""
    permission = _permissions(world, call).find(call.git_permission_id)
    if "read_only" in call.model_fields_set:
        permission["read_only"] = call.read_only
    return permission


def delete_git_permission(world: World, call: api.DeleteGitPermission) -> dict[str, Any]:
    """Take one permission from an organisation; return what it was."""
    return _permissions(world, call).remove(call.git_permission_id)


def _permissions(world: World, call: Any) -> ResourceStore:
    world.organizations.find(call.org_id)
    return world.store(PERMISSIONS, call.org_id)


def _check(wanted: Iterable[api.GitPermissionToGive]) -> None:
    known = {connection["git_connection_id"] for connection in CONNECTIONS}
    if any(one.git_connection_id not in known for one in wanted):
        raise Refusal(400, "Unknown git connection")


def _give(world: World, call: Any, wanted: list[api.GitPermissionToGive]) -> list[dict[str, Any]]:
    _check(wanted)
    store = _permissions(world, call)
    return [_add(world, store, one) for one in wanted]


def _add(world: World, store: ResourceStore, wanted: api.GitPermissionToGive) -> dict[str, Any]:
    permission_id = f"git-permission-{world.new_id()[:16]}"
    targets = {name: getattr(wanted, name) for name in api.TARGETS}
    if targets["group_prefix"] is not None:
        targets["group_prefix"] += "/"
    own = {
        "git_permission_id": permission_id,
        "git_connection_id": wanted.git_connection_id,
        "read_only": wanted.read_only,
        "created_at": int(world.now),
    }
    return store.add(permission_id, own | targets)


def _take_all(world: World, call: Any) -> list[dict[str, Any]]:
    store = _permissions(world, call)
    return [store.remove(permission["git_permission_id"]) for permission in store.all()]
