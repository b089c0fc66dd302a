"""The code hosts of the enterprise, and what of them each organisation may use."""

from __future__ import annotations

from typing import Any

from .clock import EPOCH
from .world import World

PATHS = ("acme/billing", "acme/reports", "acme/search", "acme/shop")
"""The repositories that sessions and indexes are about, all of the first connection."""

OTHER_PATHS = ("legacy/ledger", "legacy/mainframe/jobs")
PERMISSIONS = "GitPermission"
"""The store of what each organisation may use."""


def _connection(number: int, provider: str, host: str, **more: Any) -> dict[str, Any]:
    return {
        "git_connection_id": f"connection-{number}",
        "git_provider_type": provider,
        "name": f"Acme on {host}",
        "host": host,
        "created_at": int(EPOCH),
        "perforce_depot_paths": None,
        "web_viewer_url": None,
    } | more


CONNECTIONS = (
    _connection(1, "github_app", "github.com"),
    _connection(2, "gitlab_oauth", "gitlab.example.com"),
    _connection(
        3,
        "perforce",
        "perforce.example.com",
        perforce_depot_paths=["//depot/main"],
        web_viewer_url="https://swarm.example.com",
    ),
)
REPOSITORIES = {"connection-1": PATHS, "connection-2": OTHER_PATHS, "connection-3": ()}
"""The paths of the repositories that each connection reaches."""


def may_use(world: World, path: str) -> bool:
    """Return whether the organisation of the request may use a repository of the first connection."""
    given = world.store(PERMISSIONS).all()
    return any(_covers(one, path) for one in given if one["git_connection_id"] == "connection-1")


def _covers(permission: dict[str, Any], path: str) -> bool:
    begins = permission["group_prefix"] or permission["prefix_path"]
    return path == permission["repo_path"] or (begins is not None and path.startswith(begins))
