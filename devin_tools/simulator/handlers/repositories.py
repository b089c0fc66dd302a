"""Repositories: the same few in every world, each with or without an index."""

from __future__ import annotations

from typing import Any

from ...api import repositories as api
from ..clock import EPOCH
from ..git_access import PATHS as PATHS
from ..git_access import may_use
from ..paging import page_of_rows
from ..refusal import Refusal
from ..world import World

INDEX = "Index"
MAIN = "main"
INDEXING_SECONDS = 60.0
"""How many seconds an index takes."""


def _check(path: str) -> str:
    if path not in PATHS:
        raise Refusal(404, "Repository not found")
    return path


def _index(world: World, path: str) -> dict[str, Any] | None:
    return next((index for index in world.store(INDEX).all() if index["path"] == path), None)


def _status(world: World, index: dict[str, Any] | None) -> dict[str, Any]:
    jobs = [_job(world, job) for job in index["jobs"].values()] if index else []
    done = next((job for job in jobs if job["status"] == "completed"), None)
    return {
        "indexing_enabled": index is not None,
        "latest_indexes": jobs,
        "latest_completed_search_index_job": done,
        "latest_completed_wiki_index_job": done,
    }


def _job(world: World, job: dict[str, Any]) -> dict[str, Any]:
    is_done = world.now - job["began"] >= INDEXING_SECONDS
    shown = {name: value for name, value in job.items() if name != "began"}
    return shown | {"status": "completed" if is_done else "in_progress", "created_at": int(job["began"])}


def _to_wire(world: World, path: str) -> dict[str, Any]:
    index = _index(world, path)
    return {
        "repository_path": path,
        "indexing_enabled": index is not None,
        "branches": list(index["jobs"]) if index else [],
        "indexing_status": _status(world, index),
    }


def list_repositories(world: World, call: api.ListRepositories) -> dict[str, Any]:
    """List repositories."""
    paths = [
        path
        for path in PATHS
        if may_use(world, path)
        and (call.filter_name or "").lower() in path
        and (call.only_repo_paths is None or path in call.only_repo_paths)
        and path not in (call.exclude_repo_paths or ())
    ]
    rows = [
        {
            "provider_repository_id": f"R_{number}",
            "git_connection_id": "connection-1",
            "git_connection_host": "github.com",
            "repo_name": path.rpartition("/")[2],
            "repo_path": path,
            "repo_description": f"What {path.rpartition('/')[2]} is made of",
            "repo_language": "Python",
            "last_updated_at": int(EPOCH),
            "indexing_status": _status(world, _index(world, path)) if call.load_indexing_status else None,
        }
        for number, path in enumerate(paths)
    ]
    return page_of_rows(world.cut_page, enumerate(rows), call)


def list_indexed(world: World, call: api.ListIndexedRepositories) -> dict[str, Any]:
    """List repositories with an index."""
    indexed = [_to_wire(world, path) for path in PATHS if _index(world, path)]
    return page_of_rows(world.cut_page, enumerate(indexed), call)


def index_repository(world: World, call: api.IndexRepository) -> dict[str, Any]:
    """Index some branches of a repository, or its main one."""
    return _add_index(world, call.repository_path, call.branch_names)


def _add_index(world: World, path: str, branches: list[str] | None) -> dict[str, Any]:
    index = _index(world, _check(path)) or world.store(INDEX).add(path, {"path": path, "jobs": {}})
    for branch in branches or [MAIN]:
        commit = world.new_id() + "0" * 8
        job = {"job_id": f"job-{world.new_id()[:12]}", "commit": commit, "branch_name": branch}
        index["jobs"][branch] = job | {"began": world.now}
    return _to_wire(world, path)


def unindex_repository(world: World, call: api.UnindexRepository) -> dict[str, Any]:
    """Remove an index, if there is one."""
    return _remove_index(world, call.repository_path)


def _remove_index(world: World, path: str) -> dict[str, Any]:
    if _index(world, _check(path)) is not None:
        world.store(INDEX).remove(path)
    return _to_wire(world, path)


def index_many(world: World, call: api.IndexRepositories) -> list[Any]:
    """Index several repositories, or none when one of them is unknown."""
    for item in call.repositories:
        _check(item.repository_path)
    return [_add_index(world, item.repository_path, item.branch_names) for item in call.repositories]


def remove_many(world: World, call: api.UnindexRepositories) -> list[Any]:
    """Remove several indexes."""
    for path in call.repository_paths:
        _check(path)
    return [_remove_index(world, path) for path in call.repository_paths]


def get_status(world: World, call: api.GetRepositoryIndexing) -> dict[str, Any]:
    """Return the state of an index."""
    return _status(world, _index(world, _check(call.repository_path)))


def remove_branch(world: World, call: api.UnindexRepositoryBranch) -> dict[str, Any]:
    """Remove one branch of an index."""
    index = _index(world, _check(call.repository_path))
    if index is None or call.branch_name not in index["jobs"]:
        raise Refusal(404, "Branch not found")
    del index["jobs"][call.branch_name]
    return _to_wire(world, call.repository_path)
